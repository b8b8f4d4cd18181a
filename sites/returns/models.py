from django.db import models

from sites.places.models import SiteRow


class StatutoryReturn(SiteRow):
    """One version of a month's return to the authorities, as a named person counted it. Insert-only.

    `rows`: [{"section", "code", "label_fr", "label_en", "value"}], the value None where it cannot be told.
    """

    month = models.DateField()
    version = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    rows = models.JSONField()
    sha256 = models.CharField(max_length=64)
    public_key = models.CharField(max_length=64)
    signature = models.CharField(max_length=88)

    GRANTS = {"scs_app": "SELECT, INSERT"}
    PRIVACY = {
        "open": ["id", "site", "month", "version", "made_at", "sha256", "public_key", "signature"],
        "never": ["made_by", "name", "rows"],
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "month", "version"], name="one_return_a_version")
        ]
