"""Addresses of one parameter and of the decisions on it; the list of all of them is in `web`."""

from django.urls import path

from passerelles.parameters import views

app_name = "parameters"
urlpatterns = [
    path("<slug:key>/", views.parameter, name="parameter"),
    path("<slug:key>/decider", views.decide, name="decide"),
    path("decisions/<uuid:pk>/retirer", views.withdraw, name="withdraw"),
]
