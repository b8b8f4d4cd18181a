from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class TrailEntry(models.Model):
    """Who did what and who looked at what. Text only: it follows no row and blocks no deletion."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    device = models.CharField(max_length=36, blank=True)
    site_id = models.IntegerField(null=True)
    action = models.CharField(max_length=60)
    about = models.CharField(max_length=60, blank=True)
    about_id = models.CharField(max_length=60, blank=True)
    why = models.CharField(max_length=200, blank=True)

    GRANTS = {
        "scs_app": "SELECT, INSERT",
        "scs_seal": "SELECT (id), INSERT",
        "scs_release": "SELECT (id), INSERT",
    }
    SITE_ROWS = "site_id is null or {mine}"
    PRIVACY = {
        "open": ["id"],
        "never": ["at", "actor", "device", "site_id", "action", "about", "about_id", "why"],
    }

    class Meta:
        indexes = [
            models.Index(fields=["site_id", "-at"], name="trail_by_site"),
            BrinIndex(fields=["at"], name="trail_by_time", pages_per_range=16),
        ]


class TrailLink(models.Model):
    """Where a trail row stands in the chain, and the keyed code of it and of all before it."""

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    code = models.BinaryField(max_length=32)

    GRANTS = {"scs_app": "SELECT, INSERT"}
    PRIVACY = {"open": ["position", "entry_id", "code"]}


class TrailHead(models.Model):
    """The signed end of the chain at one moment: whoever kept a copy knows that nothing before it changed."""

    at = models.DateTimeField()
    position = models.BigIntegerField()
    code = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)

    GRANTS = {"scs_app": "SELECT, INSERT"}
    PRIVACY = {"open": ["id", "at", "position", "code", "signature"]}


class TrailAnchor(models.Model):
    """Where the trail begins since its `rows` up to the end of `day` were destroyed: the code of the last.

    Signed, so that nobody else shortens the trail unseen.
    """

    at = models.DateTimeField()
    day = models.DateField()
    position = models.BigIntegerField(unique=True)
    rows = models.PositiveIntegerField()
    code = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)

    GRANTS = {"scs_app": "SELECT, INSERT"}
    PRIVACY = {"open": ["id", "at", "day", "position", "rows", "code", "signature"]}
