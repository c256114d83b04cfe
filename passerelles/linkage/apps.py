from django.apps import AppConfig


class LinkageConfig(AppConfig):
    name = "passerelles.linkage"
    label = "linkage"
    verbose_name = "Rapprochement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from passerelles.linkage import policy  # noqa: F401  (declares how scopes narrow this room's tables)
