from django.db import models
from django.utils import timezone

from sites.places.models import SiteRow


class KeyCheck(SiteRow):
    """Tells that a key is the one used before, without saying what it is."""

    name = models.CharField(max_length=80, unique=True)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    destroyed_at = models.DateTimeField(null=True)

    GRANTS = {
        "scs_app": "SELECT, INSERT, UPDATE (destroyed_at)",
        "scs_seal": "SELECT, INSERT, UPDATE (destroyed_at)",
    }
    PRIVACY = {"open": ["id", "site", "name", "digest", "made_at", "destroyed_at"]}
