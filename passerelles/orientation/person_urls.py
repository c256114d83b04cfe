"""Addresses of the diagnosis and of the recommendation of a person."""

from django.urls import path

from passerelles.orientation.views import changes, diagnosis, persons

app_name = "orientation-person"
urlpatterns = [
    path("a-reexaminer/", changes.changes, name="changes"),
    path("a-reexaminer/maintenant", changes.review_now, name="review"),
    path("metiers", diagnosis.occupations, name="occupations"),
    path("<uuid:pk>/", persons.orientation, name="orientation"),
    path("<uuid:pk>/repondre", persons.answer, name="answer"),
    path("<uuid:pk>/decider", persons.decide, name="decide"),
    path("<uuid:pk>/diagnostic", diagnosis.diagnosis, name="diagnosis"),
    path("<uuid:pk>/diagnostic/accord", diagnosis.health_consent, name="health-consent"),
]
