from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "passerelles.messages"
    label = "outbox"
    verbose_name = "Messages"
    default_auto_field = "django.db.models.BigAutoField"
