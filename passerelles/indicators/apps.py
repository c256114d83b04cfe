from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "passerelles.indicators"
    label = "indicators"
    verbose_name = "Chiffres"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from passerelles.indicators import policy  # noqa: F401  (declares how scopes narrow this room's tables)
