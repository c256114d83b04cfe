"""Addresses of the returns."""

from django.urls import path

from passerelles.reports import board, views

app_name = "reports"
urlpatterns = [
    path("", views.returns, name="returns"),
    path("mois/", views.live, name="live"),
    path("mois/personnes/", views.live_people, name="live-people"),
    path("tableau-de-bord/", board.dashboard, name="dashboard"),
    path("tableau-de-bord/dossier.pdf", board.pack, name="pack"),
    path("calendrier/", views.calendar, name="calendar"),
    path("preparer/", views.prepare, name="prepare"),
    path("etablir/", views.draft, name="draft"),
    path("<uuid:pk>/", views.return_page, name="return"),
    path("<uuid:pk>/personnes/", views.people, name="people"),
    path("<uuid:pk>/valider/", views.validate, name="validate"),
    path("<uuid:pk>/envoyer/", views.send, name="send"),
    path("<uuid:pk>/deposer/", views.deposit, name="deposit"),
    path("<uuid:pk>/accuser-reception/", views.acknowledge, name="acknowledge"),
    path("<uuid:pk>/remontee.<slug:format>", views.export, name="export"),
]
