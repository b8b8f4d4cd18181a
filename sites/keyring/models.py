from django.db import models

from sites.places.models import SiteRow


class KeyCheck(SiteRow):
    """Tells that a key is the one used before, without saying what it is."""

    name = models.CharField(max_length=80, unique=True)
    digest = models.CharField(max_length=64)

    GRANTS = {"scs_app": "SELECT, INSERT", "scs_seal": "SELECT, INSERT"}
    PRIVACY = {"open": ["id", "site", "name", "digest"]}
