"""Addresses of the checks."""

from django.urls import path

from passerelles.linkage import known_view, pair_views, views

app_name = "linkage"
urlpatterns = [
    path("", views.review, name="review"),
    path("deja-connue", known_view.already_known, name="already-known"),
    path("listes", views.lists, name="lists"),
    path("verifier", views.recheck, name="recheck"),
    path("bilan", views.worth, name="worth"),
    path("fiches", pair_views.pairs, name="pairs"),
    path("fiches/comparer", pair_views.compare, name="compare"),
    path("fiches/<uuid:pk>", pair_views.pair, name="pair"),
    path("fiches/<uuid:pk>/delier", pair_views.unlink, name="unlink"),
    path("fiches/<uuid:pk>/reprendre", pair_views.reopen, name="reopen"),
    path("<uuid:pk>", views.check, name="check"),
    path("<uuid:pk>/annuler", views.undo, name="undo"),
]
