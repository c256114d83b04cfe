from django.apps import AppConfig


class OrientationConfig(AppConfig):
    name = "passerelles.orientation"
    label = "orientation"
    verbose_name = "Orientation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from passerelles.orientation import policy  # noqa: F401  (declares how scopes narrow this room's tables)
