"""Addresses of the checks."""

from django.urls import path

from passerelles.linkage import views

app_name = "linkage"
urlpatterns = [
    path("", views.review, name="review"),
    path("listes", views.lists, name="lists"),
    path("verifier", views.recheck, name="recheck"),
    path("<uuid:pk>", views.check, name="check"),
    path("<uuid:pk>/annuler", views.undo, name="undo"),
]
