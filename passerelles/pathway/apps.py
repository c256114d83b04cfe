from django.apps import AppConfig


class PathwayConfig(AppConfig):
    name = "passerelles.pathway"
    label = "pathway"
    verbose_name = "Parcours"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from passerelles.pathway import facts, policy  # noqa: F401  (what this room tells the rules; how scopes narrow it)
