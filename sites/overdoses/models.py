from django.db import models
from django.db.models import Q

from sites.overdoses.terms import EventClass, Severity
from sites.places.models import SiteRow

DERIVED = {"scs_app": "SELECT, INSERT, UPDATE, DELETE"}


class OverdoseEvent(SiteRow):
    """Where a suspected overdose stands, folded from its records. Never edited by hand."""

    ref = models.UUIDField()
    visit_ref = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    service_date = models.DateField()
    location = models.CharField(max_length=40)
    booth = models.CharField(max_length=8, blank=True)
    outside = models.BooleanField()
    person = models.CharField(max_length=40, blank=True)
    presentation = models.CharField(max_length=40, blank=True)
    event_class = models.CharField(max_length=20, choices=EventClass.choices, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    ems_called = models.CharField(max_length=10, blank=True)
    endpoint_rr = models.CharField(max_length=12, blank=True)
    endpoint_spo2 = models.CharField(max_length=12, blank=True)
    endpoint_awake = models.CharField(max_length=12, blank=True)
    ended_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    severity = models.PositiveSmallIntegerField(choices=Severity.choices, default=Severity.MONITORED)
    doses = models.PositiveSmallIntegerField(default=0)
    doses_staff = models.PositiveSmallIntegerField(default=0)
    mg_staff = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    oxygen = models.BooleanField(default=False)
    oxygen_after_s = models.IntegerField(null=True)
    naloxone_after_s = models.IntegerField(null=True)
    last_dose_at = models.DateTimeField(null=True)
    ems_calls = models.PositiveSmallIntegerField(default=0)
    reversal = models.BooleanField(default=False)

    GRANTS = DERIVED
    PRIVACY = {
        "open": ["id", "site"],
        "coarsened": [
            "service_date", "outside", "event_class", "severity", "doses", "doses_staff",
            "ems_calls", "reversal",
        ],
        "never": [
            "ref", "visit_ref", "opened_at", "location", "booth", "person", "presentation",
            "outcome", "ems_called", "endpoint_rr", "endpoint_spo2", "endpoint_awake", "ended_at",
            "closed_at",
            "mg_staff", "oxygen", "oxygen_after_s", "naloxone_after_s",
            "last_dose_at",
        ],
    }  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "ref"], name="one_event_a_ref"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, presentation="", outcome="")
                | Q(closed_at__isnull=False) & ~Q(presentation="") & ~Q(outcome=""),
                name="closed_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["site", "service_date"], name="event_day"),
            models.Index(fields=["site", "visit_ref"], name="event_visit"),
            models.Index(
                fields=["site", "opened_at"], name="event_open", condition=Q(closed_at__isnull=True)
            ),
        ]


class ResponseStep(SiteRow):
    event = models.ForeignKey(OverdoseEvent, on_delete=models.CASCADE, related_name="steps")
    record_id = models.UUIDField()
    step = models.CharField(max_length=40)
    at = models.DateTimeField()
    measure = models.CharField(max_length=12, blank=True)
    value = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    choice = models.CharField(max_length=40, blank=True)
    by = models.CharField(max_length=40, blank=True)

    GRANTS = DERIVED
    PRIVACY = {
        "open": ["id", "site"],
        "coarsened": ["step"],
        "never": ["event", "record_id", "at", "measure", "value", "choice", "by"],
    }

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["site", "record_id"], name="one_step_a_record")]


class NaloxoneDose(SiteRow):
    event = models.ForeignKey(OverdoseEvent, on_delete=models.CASCADE, related_name="dose_rows")
    record_id = models.UUIDField()
    at = models.DateTimeField()
    product = models.CharField(max_length=40)
    route = models.CharField(max_length=4)
    dose_mg = models.DecimalField(max_digits=5, decimal_places=2)
    given_by = models.CharField(max_length=40)
    lot_ref = models.UUIDField(null=True)
    by = models.CharField(max_length=40, blank=True)

    GRANTS = DERIVED
    PRIVACY = {
        "open": ["id", "site", "product", "route"],
        "coarsened": ["given_by"],
        "never": ["event", "record_id", "at", "dose_mg", "lot_ref", "by"],
    }

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["site", "record_id"], name="one_dose_a_record"),
            models.CheckConstraint(condition=Q(dose_mg__gt=0), name="dose_above_zero"),
        ]
