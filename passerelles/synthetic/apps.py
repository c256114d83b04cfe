from django.apps import AppConfig


class SyntheticConfig(AppConfig):
    name = "passerelles.synthetic"
    label = "synthetic"
    verbose_name = "Population fictive"
    default_auto_field = "django.db.models.BigAutoField"
