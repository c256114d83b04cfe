"""Addresses: each room brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("passerelles.web.urls")),
    path("", include("passerelles.portal.urls")),
    path("compte/", include("passerelles.network.urls")),
    path("parametres/", include("passerelles.parameters.urls")),
    path("rapprochement/", include("passerelles.linkage.urls")),
    path("regles/", include("passerelles.orientation.urls")),
    path("orientations/", include("passerelles.referrals.urls")),
    path("orientation/", include("passerelles.orientation.person_urls")),
    path("accueil/", include("passerelles.reception.urls")),
    path("parcours/", include("passerelles.pathway.urls")),
    path("fichiers/", include("passerelles.exchange.urls")),
    path("remontees/", include("passerelles.reports.urls")),
    path("chiffres/", include("passerelles.indicators.urls")),
]
handler403 = "passerelles.core.middleware.forbidden"
handler404 = "passerelles.core.middleware.not_found"
handler500 = "passerelles.web.errors.server_error"
