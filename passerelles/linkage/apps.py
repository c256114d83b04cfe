from django.apps import AppConfig


class LinkageConfig(AppConfig):
    name = "passerelles.linkage"
    label = "linkage"
    verbose_name = "Rapprochement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Declare how scopes narrow this room's tables, and what depends on a person.
        from passerelles.linkage import depending, policy  # noqa: F401
