from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sites.places.models import SiteRow
from sites.releases.terms import Grain, release_id

OUTSIDE = {"scs_seal": "SELECT, INSERT", "scs_release": "SELECT"}


class PlanLine(SiteRow):
    """One line of a publication plan: an indicator of a site, its base grain and rounding base."""

    plan_version = models.CharField(max_length=20)
    in_force_from = models.DateField()
    indicator = models.CharField(max_length=40)
    grain = models.CharField(max_length=8, choices=Grain.choices)
    base = models.PositiveSmallIntegerField()
    cap = models.PositiveSmallIntegerField(default=1)
    expected_mean = models.DecimalField(max_digits=10, decimal_places=2)

    GRANTS = {"scs_app": "SELECT, INSERT", "scs_seal": "SELECT", "scs_release": "SELECT"}
    PRIVACY = {
        "open": [
            "id", "site", "plan_version", "in_force_from", "indicator", "grain", "base", "cap",
            "expected_mean",
        ]
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan_version", "site", "indicator"], name="one_line_a_plan"),
            models.CheckConstraint(condition=Q(base__in=[5, 10]), name="base_5_or_10"),
            models.CheckConstraint(condition=Q(cap__lt=F("base")), name="cap_below_base"),
        ]


class LedgerCell(SiteRow):
    """A published base cell: drawn once, never re-issued (privacy.md R5). No exact count is kept here."""

    plan_version = models.CharField(max_length=20)
    cell_id = models.CharField(max_length=120, unique=True)
    indicator = models.CharField(max_length=60)
    grain = models.CharField(max_length=8, choices=Grain.choices)
    period_start = models.DateField()
    period_end = models.DateField()
    category = models.CharField(max_length=40, default="ALL")
    value = models.PositiveIntegerField()
    base = models.PositiveSmallIntegerField()
    sealed_at = models.DateTimeField()
    release_date = models.DateField()
    # Cells sealed after the day's release was built go into a second one.
    part = models.PositiveSmallIntegerField(default=1)

    GRANTS = OUTSIDE
    PRIVACY = {
        "open": [
            "id", "site", "plan_version", "cell_id", "indicator", "grain", "period_start",
            "period_end", "category", "value", "base", "sealed_at", "release_date", "part",
        ]
    }  # fmt: skip

    class Meta:
        indexes = [
            models.Index(fields=["release_date", "part"], name="ledger_release"),
            models.Index(fields=["site", "indicator", "period_end"], name="ledger_series"),
        ]


class SealedCount(SiteRow):
    """Inside only: what a cell held when it was sealed, so that what came later is counted apart (R7)."""

    cell_id = models.CharField(max_length=120, unique=True)
    indicator = models.CharField(max_length=40)
    period_start = models.DateField()
    period_end = models.DateField()
    category = models.CharField(max_length=40, default="ALL")
    value = models.IntegerField()

    GRANTS = {"scs_seal": "SELECT, INSERT"}
    PRIVACY = {
        "open": ["id", "site", "cell_id", "indicator", "period_start", "period_end", "category"],
        "never": ["value"],
    }


class ReleaseFile(models.Model):
    """One file of a release, as it was built: pages, API and command all serve these bytes. Insert-only."""

    release_date = models.DateField()
    part = models.PositiveSmallIntegerField(default=1)
    published_at = models.DateTimeField()
    name = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()

    GRANTS = {"scs_app": "SELECT", "scs_seal": "SELECT", "scs_release": "SELECT, INSERT"}
    PRIVACY = {"open": ["id", "release_date", "part", "published_at", "name", "sha256", "body"]}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release_date", "part", "name"], name="one_file_a_release")
        ]

    @property
    def release_id(self) -> str:
        return release_id(self.release_date, self.part)


class Recipient(models.Model):
    """Who may pull releases, for what purpose. The token is kept only as a digest."""

    name = models.CharField(_("nom"), max_length=120)
    purpose = models.CharField(_("finalité"), max_length=200)
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    GRANTS = {"scs_app": "SELECT, INSERT, UPDATE", "scs_release": "SELECT"}
    PRIVACY = {
        "open": ["id", "name", "purpose", "created_at", "revoked_at"],
        "never": ["token_digest"],
    }


class Disclosure(models.Model):
    """One transmission: what left, to whom, when. Insert-only."""

    at = models.DateTimeField()
    recipient = models.CharField(max_length=120)
    what = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)

    GRANTS = {"scs_app": "SELECT, INSERT"}
    PRIVACY = {"open": ["id", "at", "recipient", "what", "sha256"]}
