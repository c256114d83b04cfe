from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "passerelles.indicators"
    label = "indicators"
    verbose_name = "Chiffres"
    default_auto_field = "django.db.models.BigAutoField"
