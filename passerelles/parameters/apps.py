from django.apps import AppConfig


class ParametersConfig(AppConfig):
    name = "passerelles.parameters"
    label = "parameters"
    verbose_name = "Paramètres"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from passerelles.parameters import (
            policy,  # noqa: F401  (declares how scopes narrow this room's tables)
            snapshot,
        )
        from passerelles.reference.parameters import use_overrides

        use_overrides(snapshot.decided)
