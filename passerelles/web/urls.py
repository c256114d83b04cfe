"""Addresses of the home page, the persons, the parameters and the pages that only inform."""

from django.urls import path

from passerelles.web.views import figures, home, pages, parameters, persons

app_name = "web"
urlpatterns = [
    path("", home.home, name="home"),
    path("personnes/", persons.persons, name="persons"),
    path("personnes/<uuid:pk>/", persons.person, name="person"),
    path("personnes/<uuid:pk>/corriger/", persons.edit, name="person-edit"),
    path("personnes/<uuid:pk>/chiffres/", figures.of_person, name="person-figures"),
    path("chiffres/<str:code>/personnes/", figures.people, name="figure-people"),
    path("parametres/", parameters.parameters, name="parameters"),
    path("sante", pages.health, name="health"),
    path("accessibilite", pages.accessibility, name="accessibility"),
    path("donnees-personnelles", pages.privacy, name="privacy"),
    path("mentions-legales", pages.legal, name="legal"),
    path("aide", pages.documentation, name="help"),
]
