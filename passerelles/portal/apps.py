from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "passerelles.portal"
    label = "portal"
    verbose_name = "Pages sans compte"
