from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "passerelles.people"
    label = "people"
    verbose_name = "Personnes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from passerelles.people import agreement, policy  # noqa: F401  (what the journal says; how scopes narrow)
