from django.apps import AppConfig


class PathwayConfig(AppConfig):
    name = "passerelles.pathway"
    label = "pathway"
    verbose_name = "Parcours"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from passerelles.pathway import policy  # noqa: F401  (declares how scopes narrow this room's tables)
