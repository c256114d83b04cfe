from django.urls import path

from passerelles.web.views import home, pages

app_name = "web"
urlpatterns = [
    path("", home.home, name="home"),
    path("sante", pages.health, name="health"),
    path("accessibilite", pages.accessibility, name="accessibility"),
    path("donnees-personnelles", pages.privacy, name="privacy"),
    path("mentions-legales", pages.legal, name="legal"),
    path("aide", pages.documentation, name="help"),
]
