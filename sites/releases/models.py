from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sites.places.models import SiteRow
from sites.releases.terms import Basis, Clock, Grain, release_id

OUTSIDE = {"scs_seal": "SELECT, INSERT", "scs_release": "SELECT"}


class PlanLine(SiteRow):
    """One line of a publication plan: how an indicator of a site is cut into base cells (R1).

    `parts`: [{"code", "of", "mean"}], disjoint and exhaustive, each with the categories of the series that
    it adds up and its planned mean in a period of the grain. `lag_days`: from a period's last day to the day
    whose morning seals it.
    """

    plan_version = models.CharField(max_length=20)
    in_force_from = models.DateField()
    indicator = models.CharField(max_length=60)
    grain = models.CharField(max_length=8, choices=Grain.choices)
    base = models.PositiveSmallIntegerField()
    cap = models.PositiveSmallIntegerField(default=1)
    lag_days = models.PositiveSmallIntegerField()
    parts = models.JSONField()
    basis = models.CharField(max_length=10, choices=Basis.choices)
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField()

    GRANTS = {"scs_app": "SELECT, INSERT", "scs_seal": "SELECT, INSERT", "scs_release": "SELECT"}
    PRIVACY = {
        "open": [
            "id", "site", "plan_version", "in_force_from", "indicator", "grain", "base", "cap", "lag_days",
            "parts", "basis", "made_by", "made_at",
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


class Stop(SiteRow):
    """The gate refused both neighbours: this indicator of the site is not sealed until the next plan (R9)."""

    plan_version = models.CharField(max_length=20)
    indicator = models.CharField(max_length=60)
    at = models.DateTimeField()

    GRANTS = {"scs_app": "SELECT", "scs_seal": "SELECT, INSERT", "scs_release": "SELECT"}
    PRIVACY = {"open": ["id", "site", "plan_version", "indicator", "at"]}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "plan_version", "indicator"], name="one_stop_a_plan")
        ]


class GateLog(SiteRow):
    """What the gate did for one site in one seal (R12).

    That the other neighbour of a cell was taken says that its count lies strictly between two multiples: how
    many were, and the programs that it took, stay inside; which ones is written nowhere.
    """

    at = models.DateTimeField()
    release_date = models.DateField()
    part = models.PositiveSmallIntegerField(default=1)
    cells = models.PositiveIntegerField()
    relations = models.PositiveIntegerField()
    programs = models.PositiveIntegerField()
    narrowest = models.PositiveIntegerField()
    other_neighbour = models.PositiveIntegerField()

    GRANTS = {
        "scs_app": "SELECT",
        "scs_seal": "SELECT, INSERT",
        "scs_release": "SELECT (id, site_id, at, release_date, part, cells, relations, narrowest)",
    }
    PRIVACY = {
        "open": ["id", "site", "at", "release_date", "part", "cells", "relations", "narrowest"],
        "never": ["programs", "other_neighbour"],
    }

    class Meta:
        indexes = [models.Index(fields=["release_date", "part"], name="gate_release")]


class ExternalFigure(models.Model):
    """A figure about the same events that someone else publishes, or that we returned to an authority.

    The gate counts with it (R9, R11): a reader may know it exactly (`lower` = `upper`) or within bounds.
    Of one site, of all sites of a region, or of all. `clock`: whose days the period counts.
    """

    publisher = models.CharField(_("qui publie"), max_length=120)
    source = models.CharField(_("où"), max_length=200, blank=True)
    site = models.ForeignKey(
        "scs.Site", on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("site")
    )
    region = models.ForeignKey(
        "scs.Region", on_delete=models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("région"),
    )  # fmt: skip
    indicator = models.CharField(_("indicateur"), max_length=60)
    period_start = models.DateField(_("du"))
    period_end = models.DateField(_("au"))
    clock = models.CharField(_("jours"), max_length=12, choices=Clock.choices, default=Clock.CALENDAR)
    lower = models.PositiveIntegerField(_("au moins"))
    upper = models.PositiveIntegerField(_("au plus"))
    registered_by = models.CharField(max_length=60)
    registered_at = models.DateTimeField()

    GRANTS = {"scs_app": "SELECT, INSERT", "scs_seal": "SELECT"}
    SITE_ROWS = "{mine} or site_id is null"
    PRIVACY = {
        "open": ["id", "publisher", "source", "site", "region", "indicator", "period_start", "period_end",
                 "clock", "registered_by", "registered_at"],
        "never": ["lower", "upper"],
    }  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(lower__lte=F("upper")), name="lower_below_upper"),
            models.CheckConstraint(
                condition=Q(period_start__lte=F("period_end")), name="period_in_its_order"
            ),
            models.CheckConstraint(
                condition=Q(site__isnull=True) | Q(region__isnull=True), name="of_a_site_or_of_a_region"
            ),
        ]
        indexes = [models.Index(fields=["indicator", "period_end"], name="external_series")]


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
