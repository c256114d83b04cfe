from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "passerelles.reports"
    label = "reports"
    verbose_name = "Remontées"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from passerelles.reports import policy  # noqa: F401  (declares how scopes narrow this room's tables)
