from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "passerelles.reception"
    label = "reception"
    verbose_name = "Accueil"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Declare how scopes narrow this room's tables, what depends on a person here, and what the journal says of it.
        from passerelles.reception import agreement, linked, policy  # noqa: F401
