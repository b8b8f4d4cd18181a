from django.db import models
from django.utils import timezone

from sites.places.models import SiteQuerySet


class KeyCheck(models.Model):
    """Tells that a key is the one used before, without saying what it is. Without a site: the house's own."""

    site = models.ForeignKey("scs.Site", null=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80, unique=True)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)
    destroyed_at = models.DateTimeField(null=True)

    objects = SiteQuerySet.as_manager()

    SITE_ROWS = "site_id is null or {mine}"
    GRANTS = {
        "scs_app": "SELECT, INSERT, UPDATE (destroyed_at)",
        "scs_seal": "SELECT, INSERT, UPDATE (destroyed_at)",
    }
    PRIVACY = {"open": ["id", "site", "name", "digest", "made_at", "destroyed_at"]}


class Restoration(models.Model):
    """The database came back from a backup.

    `sealing` is off where the keys did not come with it: what was published could be drawn otherwise.
    """

    made_at = models.DateTimeField()
    restored_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    sealing = models.BooleanField(default=False)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE", "scs_seal": "SELECT"}
    PRIVACY = {"open": ["id", "made_at", "restored_at", "finished_at", "sealing"]}
