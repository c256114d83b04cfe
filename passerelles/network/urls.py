"""Addresses of the sign-in and of the administration of one's organisation."""

from django.urls import path

from passerelles.network.views import organisation, sign_in

app_name = "network"
urlpatterns = [
    path("connexion", sign_in.login, name="login"),
    path("code", sign_in.token, name="token"),
    path("second-facteur", sign_in.enrol, name="enrol"),
    path("deconnexion", sign_in.logout, name="logout"),
    path("habilitation", sign_in.switch, name="switch"),
    path("mot-de-passe", sign_in.password, name="password"),
    path("bienvenue/<str:uid>/<str:key>", sign_in.welcome, name="welcome"),
    path("organisme", organisation.organisation, name="organisation"),
    path("organisme/agents/nouveau", organisation.invite, name="invite"),
    path("organisme/agents/<uuid:pk>", organisation.membership, name="membership"),
    path("organisme/agents/<uuid:pk>/fin", organisation.end_membership, name="membership-end"),
    path("organisme/agents/<uuid:pk>/lien", organisation.new_link, name="membership-link"),
    path("organisme/agents/<uuid:pk>/second-facteur", organisation.forget_factor, name="membership-factor"),
    path("organisme/coordonnees", organisation.contact, name="contact"),
    path("organisme/referents/nouveau", organisation.referent, name="referent"),
    path("organisme/referents/<uuid:pk>/fin", organisation.end_referent, name="referent-end"),
]
