from django.db import models

from sites.keyring.fields import SealedText
from sites.places.models import SiteRow

DERIVED = {"scs_app": "SELECT, INSERT, UPDATE, DELETE"}


class Remark(SiteRow):
    """What one shift tells the next; it stays on the page until someone says that it is settled."""

    ref = models.UUIDField()
    at = models.DateTimeField()
    by = models.CharField(max_length=40, blank=True)
    text = SealedText()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=40, blank=True)

    GRANTS = DERIVED
    PRIVACY = {"open": ["id", "site"], "never": ["ref", "at", "by", "text", "settled_at", "settled_by"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "ref"], name="one_remark")]


class HandOver(SiteRow):
    """Who gave the shift to whom, when, and how much was open then."""

    record_id = models.UUIDField()
    at = models.DateTimeField()
    given_by = models.CharField(max_length=40, blank=True)
    taken_by = models.CharField(max_length=40)
    counts = models.JSONField(default=dict)

    GRANTS = DERIVED
    PRIVACY = {"open": ["id", "site"], "never": ["record_id", "at", "given_by", "taken_by", "counts"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "record_id"], name="one_hand_over_a_record")]
        indexes = [models.Index(fields=["site", "-at"], name="hand_overs")]
