"""Addresses of the files received."""

from django.urls import path

from passerelles.exchange import views

app_name = "exchange"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("deposer/", views.upload, name="upload"),
    path("modele/<slug:kind>/", views.template, name="template"),
    path("<uuid:pk>/", views.detail, name="import"),
    path("<uuid:pk>/colonnes/", views.columns, name="columns"),
    path("<uuid:pk>/importer/", views.start, name="start"),
    path("<uuid:pk>/rejets/", views.rejects, name="rejects"),
]
