"""Addresses of the public rule book."""

from django.urls import path

from passerelles.orientation.views import rule_book as views

app_name = "orientation"
urlpatterns = [
    path("", views.rule_book, name="rule-book"),
    path("simulations/", views.simulations, name="simulations"),
    path("simulations/<slug:name>/", views.simulation, name="simulation"),
    path("<str:code>/", views.rule, name="rule"),
]
