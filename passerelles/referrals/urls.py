"""Addresses of referrals."""

from django.urls import path

from passerelles.referrals.views import lists, page, places, referents, sending

app_name = "referrals"
urlpatterns = [
    path("", lists.home, name="home"),
    path("recues", lists.received, name="received"),
    path("envoyees", lists.sent, name="sent"),
    path("contradictions", lists.disputes, name="disputes"),
    path("contradictions/<uuid:pk>/trancher", page.settle, name="settle"),
    path("rendez-vous.ics", lists.calendar_feed, name="feed"),
    path("referents", referents.referents, name="referents"),
    path("places", places.places, name="places"),
    path("places/ouvrir", places.begin, name="places-begin"),
    path("places/<uuid:pk>/semaine", places.publish_week, name="places-week"),
    path("places/<uuid:pk>/creneaux", places.publish_slots, name="places-slots"),
    path("nouvelle/<uuid:person>", sending.new, name="new"),
    path("<uuid:pk>", page.referral, name="referral"),
    path("<uuid:pk>/reorienter", sending.redirect_to, name="redirect"),
    path("<uuid:pk>/confier", page.assign, name="assign"),
    path("<uuid:pk>/place", page.book, name="book"),
    path("<uuid:pk>/rendez-vous.ics", page.invitation, name="invitation"),
    path("<uuid:pk>/suite/<slug:event>", page.act, name="act"),
]
