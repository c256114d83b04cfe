from django.apps import AppConfig


class PathwayConfig(AppConfig):
    name = "passerelles.pathway"
    label = "pathway"
    verbose_name = "Parcours"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # What this room tells the rules, how scopes narrow it, what the journal says of it.
        from passerelles.pathway import agreement, facts, policy  # noqa: F401
