"""Addresses opened by a signed link, without account, and the agents' screen that makes these links."""

from django.urls import path

from passerelles.portal.views import agents, answers, partner, person

app_name = "portal"
urlpatterns = [
    path("m/<str:token>", person.page, name="person"),
    path("m/<str:token>/reponse", person.answer, name="person-answer"),
    path("m/<str:token>/coordonnees", person.contact, name="person-contact"),
    path("m/<str:token>/rendez-vous.ics", person.calendar, name="person-calendar"),
    path("m/<str:token>/plan.pdf", person.plan, name="person-plan"),
    path("r/<str:token>", partner.page, name="partner"),
    path("r/<str:token>/reponse", partner.answer, name="partner-answer"),
    path("r/<str:token>/tableau", answers.ask, name="answers-ask"),
    path("t/<str:token>", answers.page, name="answers"),
    path("t/<str:token>/tableau.<slug:form>", answers.sheet, name="answers-sheet"),
    path("t/<str:token>/<uuid:pk>", answers.file, name="answers-file"),
    path("t/<str:token>/<uuid:pk>/rejets", answers.rejects, name="answers-rejects"),
    path("personnes/<uuid:pk>/page/", agents.page_link, name="page-link"),
    path("personnes/<uuid:pk>/page/plan.pdf", agents.plan, name="agent-plan"),
]
