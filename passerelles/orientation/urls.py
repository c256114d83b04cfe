"""Addresses of the public rule book."""

from django.urls import path

from passerelles.orientation import views

app_name = "orientation"
urlpatterns = [
    path("", views.rule_book, name="rule-book"),
    path("<str:code>/", views.rule, name="rule"),
]
