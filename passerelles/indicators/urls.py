"""Addresses of the catalogue of figures."""

from django.urls import path

from passerelles.indicators import views

app_name = "indicators"
urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("<str:code>/", views.figure, name="figure"),
    path("<str:code>/export.csv", views.export, name="export"),
]
