from datetime import date, datetime

from django.db import models

from sites.clockwork.services import now
from sites.indicators.terms import ALL
from sites.places.models import SiteRow
from sites.reports.terms import FINAL_AFTER, PeriodGrain, ReportStatus

VERSION = ["id", "site", "version", "closed_at", "data_cutoff", "sha256", "public_key", "signature"]
FIGURES = ["indicators", "changed", "incomplete"]


class ReportVersion(SiteRow):
    """One version of an inside report: what it says, its hash and its signature. Insert-only."""

    version = models.PositiveSmallIntegerField()
    closed_at = models.DateTimeField()
    data_cutoff = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    public_key = models.CharField(max_length=64, blank=True)
    signature = models.CharField(max_length=88, blank=True)
    indicators = models.JSONField()
    changed = models.JSONField(default=list)
    incomplete = models.JSONField(default=list)

    class Meta:
        abstract = True

    @property
    def final_at(self) -> datetime:
        return self.closed_at + FINAL_AFTER

    @property
    def status(self) -> ReportStatus:
        """As of now: an old version shows what has become of the period since."""
        if now() < self.final_at:
            return ReportStatus.PROVISIONAL
        late = self.version > 1 and self.data_cutoff >= self.final_at
        return ReportStatus.CORRECTED if late else ReportStatus.FINAL

    @property
    def totals(self) -> dict:
        """code → value, ALL alone."""
        return {row["code"]: row["value"] for row in self.indicators if row["category"] == ALL}


class DailyReport(ReportVersion):
    """The report of one service day."""

    service_date = models.DateField()

    GRANTS = {"scs_app": "SELECT, INSERT"}
    PRIVACY = {"open": [*VERSION, "service_date"], "never": FIGURES}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "service_date", "version"], name="one_report_a_version")
        ]

    @property
    def span(self) -> tuple[str, date, date]:
        return "day", self.service_date, self.service_date


class PeriodReport(ReportVersion):
    """The report of a week, a month or a quarter of service days, both ends included.

    `changed` has the shape of a daily report's; `incomplete` is [{"kind", "why", "count"}].
    """

    grain = models.CharField(max_length=8, choices=PeriodGrain.choices)
    first = models.DateField()
    last = models.DateField()
    days = models.PositiveSmallIntegerField()

    GRANTS = {"scs_app": "SELECT, INSERT"}
    PRIVACY = {"open": [*VERSION, "grain", "first", "last", "days"], "never": FIGURES}

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "grain", "first", "version"], name="one_period_report_a_version"
            )
        ]

    @property
    def span(self) -> tuple[str, date, date]:
        return self.grain, self.first, self.last


class PeriodToBuild(SiteRow):
    """A day of this period was reported anew: the period has a report to build once it has closed.

    The row is the claim: whoever builds the report takes it away in the same transaction.
    """

    grain = models.CharField(max_length=8, choices=PeriodGrain.choices)
    first = models.DateField()
    last = models.DateField()

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE, DELETE"}
    PRIVACY = {"open": ["id", "site", "grain", "first", "last"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "grain", "first"], name="one_period_to_build")]
        indexes = [models.Index(fields=["last"], name="period_due")]
