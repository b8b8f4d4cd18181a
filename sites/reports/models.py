from django.db import models

from sites.places.models import SiteRow


class DailyReport(SiteRow):
    """One version of the inside report of one service day. Insert-only."""

    service_date = models.DateField()
    version = models.PositiveSmallIntegerField()
    closed_at = models.DateTimeField()
    data_cutoff = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    indicators = models.JSONField()
    changed = models.JSONField(default=list)
    incomplete = models.JSONField(default=list)

    GRANTS = {"scs_app": "SELECT, INSERT"}
    PRIVACY = {
        "open": ["id", "site", "service_date", "version", "closed_at", "data_cutoff", "sha256"],
        "never": ["indicators", "changed", "incomplete"],
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "service_date", "version"], name="one_report_a_version")
        ]
