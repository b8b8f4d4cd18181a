from django.db import models
from django.db.models import Q

from sites.keyring.fields import SealedText
from sites.places.models import INSIDE, SiteRow


class Finding(SiteRow):
    """Something odd that a look at a service day found: kept as it is, and read by a person.

    Written anew at every look, so that what was mended is gone. `rule` is what is odd about `ref`; `subject`
    the visit, event, lot or record whose story says so; `said` the values that a person confirms.
    """

    kind = models.CharField(max_length=20)
    rule = models.CharField(max_length=20, blank=True)
    ref = models.UUIDField()
    subject = models.UUIDField(null=True)
    at = models.DateTimeField()
    service_date = models.DateField()
    said = models.JSONField(default=dict)
    looked_at = models.DateTimeField()
    # Set while the last that a person said of these very values is that they are right.
    seen = models.BooleanField(default=False)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE, DELETE"}
    PRIVACY = {
        "open": ["id", "site", "kind", "rule", "looked_at", "seen"],
        "coarsened": ["service_date"],
        "never": ["ref", "subject", "at", "said"],
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "kind", "ref", "rule"], name="one_finding_a_thing")
        ]
        indexes = [
            models.Index(fields=["site", "kind", "at"], name="finding_open", condition=Q(seen=False)),
            models.Index(fields=["site", "service_date"], name="finding_day"),
        ]


class Seen(SiteRow):
    """A person says that what looked odd is right, and why. Only added; `taken_back_at` once they undo it.

    `batch` is one press of the button.
    """

    kind = models.CharField(max_length=20)
    rule = models.CharField(max_length=20, blank=True)
    ref = models.UUIDField()
    said = models.JSONField(default=dict)
    why = SealedText()
    by = models.CharField(max_length=40)
    at = models.DateTimeField()
    batch = models.UUIDField()
    taken_back_at = models.DateTimeField(null=True)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE"}
    PRIVACY = {
        "open": ["id", "site", "kind", "rule", "batch"],
        "never": ["ref", "said", "why", "by", "at", "taken_back_at"],
    }

    class Meta:
        indexes = [
            models.Index(fields=["site", "kind", "ref"], name="seen_of"),
            models.Index(fields=["site", "batch"], name="seen_batch"),
        ]


class ReviewLimit(SiteRow):
    """From which value on a site wants to look again, where it is not the usual one (`review.rules`)."""

    code = models.CharField(max_length=20)
    value = models.PositiveIntegerField()

    GRANTS = INSIDE
    PRIVACY = {"open": ["id", "site", "code", "value"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "code"], name="one_limit_a_code")]
