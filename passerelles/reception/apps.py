from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "passerelles.reception"
    label = "reception"
    verbose_name = "Accueil"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Declare how scopes narrow this room's tables, and what depends on a person here.
        from passerelles.reception import linked, policy  # noqa: F401
