from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "passerelles.exchange"
    label = "exchange"
    verbose_name = "Échanges"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from passerelles.exchange import policy  # noqa: F401  (declares how scopes narrow this room's tables)
        from passerelles.exchange.services import partner_appointments  # noqa: F401  (hears of appointments)
