from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "passerelles.web"
    label = "web"
    verbose_name = "Écrans"
    default_auto_field = "django.db.models.BigAutoField"
