from django.apps import AppConfig


class BackupsConfig(AppConfig):
    """Commands over the database as a whole. It has no table."""

    name = "harmreduction.backups"
