from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "passerelles.referrals"
    label = "referrals"
    verbose_name = "Orientations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from passerelles.network.services import watch_referents
        from passerelles.referrals import agreement, linked, policy  # noqa: F401  (declare what the others ask)
        from passerelles.referrals.services.referents import announce

        watch_referents(announce)
