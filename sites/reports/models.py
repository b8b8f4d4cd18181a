from datetime import datetime

from django.db import models

from sites.clockwork.services import now
from sites.indicators.terms import ALL
from sites.places.models import SiteRow
from sites.reports.terms import FINAL_AFTER, ReportStatus


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

    @property
    def final_at(self) -> datetime:
        return self.closed_at + FINAL_AFTER

    @property
    def status(self) -> ReportStatus:
        """As of now: an old version shows what has become of the day since."""
        if now() < self.final_at:
            return ReportStatus.PROVISIONAL
        late = self.version > 1 and self.data_cutoff >= self.final_at
        return ReportStatus.CORRECTED if late else ReportStatus.FINAL

    @property
    def totals(self) -> dict:
        """code → value, ALL alone."""
        return {row["code"]: row["value"] for row in self.indicators if row["category"] == ALL}
