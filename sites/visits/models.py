from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from sites.clients.models import Client
from sites.places.models import Booth, BusySiteRow, SiteRow
from sites.visits.terms import ENDED, VisitState

DERIVED = {"scs_app": "SELECT, INSERT, UPDATE, DELETE"}


class Visit(BusySiteRow):
    """Where a visit stands, folded from its records. Never edited by hand."""

    ref = models.UUIDField()
    arrived_at = models.DateTimeField()
    service_date = models.DateField()
    state = models.CharField(max_length=10, choices=VisitState.choices)
    gender = models.CharField(max_length=40, blank=True)
    age_band = models.CharField(max_length=40, blank=True)
    handle_given = models.BooleanField(default=False)
    handle_code = models.BinaryField(max_length=32, null=True)
    client = models.ForeignKey(Client, on_delete=models.SET_NULL, null=True, related_name="visits")
    substances = ArrayField(models.CharField(max_length=40), default=list)
    route = models.CharField(max_length=40, blank=True)
    assessed_at = models.DateTimeField(null=True)
    seated_at = models.DateTimeField(null=True)
    consumed = models.BooleanField(default=False)
    booth = models.ForeignKey(Booth, on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    aftercare_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    discharge_to = models.CharField(max_length=40, blank=True)
    left_reason = models.CharField(max_length=40, blank=True)

    GRANTS = DERIVED
    PRIVACY = {
        "open": ["id", "site", "state"],
        "coarsened": ["service_date", "substances", "route", "age_band"],
        "never": [
            "ref", "arrived_at", "gender", "handle_given", "handle_code", "client",
            "assessed_at", "seated_at", "consumed", "booth", "since", "checked_at", "aftercare_at",
            "ended_at", "discharge_to", "left_reason",
        ],
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "ref"], name="one_visit_a_ref"),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_at__isnull=False)
                | ~Q(state__in=ENDED) & Q(ended_at__isnull=True),
                name="ended_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ENDED) | Q(handle_code__isnull=True),
                name="handle_code_dies_with_the_visit",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "service_date"], name="visit_day"),
            models.Index(
                fields=["site", "arrived_at"], name="visit_open", condition=Q(ended_at__isnull=True)
            ),
            models.Index(
                fields=["site", "-ended_at"], name="visit_left", condition=Q(ended_at__isnull=False)
            ),
        ]


class BoothStay(SiteRow):
    """Who had which booth when: one seat holds one visit, and the database says so."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="stays")
    booth = models.ForeignKey(Booth, on_delete=models.PROTECT, related_name="stays")
    during = DateTimeRangeField()

    GRANTS = DERIVED
    PRIVACY = {"open": ["id", "site"], "never": ["visit", "booth", "during"]}

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_visit_a_seat",
                expressions=[("booth", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            )
        ]


class Consumption(SiteRow):
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="consumptions")
    record_id = models.UUIDField()
    at = models.DateTimeField()
    service_date = models.DateField()
    substances = ArrayField(models.CharField(max_length=40))
    route = models.CharField(max_length=40)
    split_shared = models.BooleanField(default=False, db_default=False)
    peer_assisted = models.BooleanField(default=False, db_default=False)

    GRANTS = DERIVED
    PRIVACY = {
        "open": ["id", "site"],
        "coarsened": ["service_date", "substances", "route"],
        "never": ["visit", "record_id", "at", "split_shared", "peer_assisted"],
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "record_id"], name="one_consumption_a_record")]
        indexes = [models.Index(fields=["site", "service_date"], name="consumption_day")]


class TurnAway(SiteRow):
    record_id = models.UUIDField()
    at = models.DateTimeField()
    service_date = models.DateField()
    reason = models.CharField(max_length=40)
    count = models.PositiveSmallIntegerField()

    GRANTS = DERIVED
    PRIVACY = {
        "open": ["id", "site", "reason", "count"],
        "coarsened": ["service_date"],
        "never": ["record_id", "at"],
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "record_id"], name="one_turn_away_a_record")]
        indexes = [models.Index(fields=["site", "service_date"], name="turn_away_day")]
