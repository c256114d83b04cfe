"""Addresses of the files received."""

from django.urls import path

from passerelles.exchange import answer_views, views

app_name = "exchange"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("deposer/", views.upload, name="upload"),
    path("modele/<slug:kind>/", views.template, name="template"),
    path("<uuid:pk>/", views.detail, name="import"),
    path("<uuid:pk>/colonnes/", views.columns, name="columns"),
    path("<uuid:pk>/importer/", views.start, name="start"),
    path("<uuid:pk>/rejets/", views.rejects, name="rejects"),
    path("reponses/", answer_views.answers, name="answers"),
    path("reponses/tableau.<slug:form>", answer_views.sheet, name="answer-sheet"),
    path("reponses/<uuid:pk>/", answer_views.detail, name="answer-file"),
    path("reponses/<uuid:pk>/appliquer/", answer_views.start, name="answer-start"),
    path("reponses/<uuid:pk>/rejets/", answer_views.rejects, name="answer-rejects"),
]
