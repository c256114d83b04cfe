from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "passerelles.network"
    label = "network"
    verbose_name = "Réseau"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from passerelles.core import lookups  # noqa: F401  (registers `__any`)
        from passerelles.network import scope  # noqa: F401  (declares how scopes narrow this room's tables)
