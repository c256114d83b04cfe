from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "passerelles.reception"
    label = "reception"
    verbose_name = "Accueil"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from passerelles.reception import policy  # noqa: F401  (declares how scopes narrow this room's tables)
