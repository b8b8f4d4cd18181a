from django.apps import AppConfig


class SitesConfig(AppConfig):
    """The label is scs because `sites` belongs to django.contrib.sites."""

    name = "sites"
    label = "scs"

    def ready(self):
        from sites import kinds, models  # noqa: F401, PLC0415 - the registry fills when apps are ready
