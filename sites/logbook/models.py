from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from sites.clients.models import Client
from sites.keyring.fields import SealedText
from sites.logbook.terms import SUSPENDED
from sites.places.models import SiteRow

DERIVED = {"scs_app": "SELECT, INSERT, UPDATE, DELETE"}


def codes() -> ArrayField:
    return ArrayField(models.CharField(max_length=40), default=list)


class ServiceGiven(SiteRow):
    """A service given here, or a referral: `placement` says which. Folded from its record."""

    record_id = models.UUIDField()
    at = models.DateTimeField()
    service_date = models.DateField()
    kind = models.CharField(max_length=40)
    placement = models.CharField(max_length=20)
    details = codes()
    accepted = models.BooleanField(null=True)
    completed = models.BooleanField(null=True)
    count = models.PositiveSmallIntegerField(default=1)
    visit_ref = models.UUIDField(null=True)

    GRANTS = DERIVED
    PRIVACY = {
        "open": ["id", "site"],
        "coarsened": ["service_date", "kind", "placement", "count"],
        "never": ["record_id", "at", "details", "accepted", "completed", "visit_ref"],
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "record_id"], name="one_service_a_record")]
        indexes = [
            models.Index(fields=["site", "service_date"], name="service_day"),
            models.Index(fields=["site", "visit_ref"], name="service_visit"),
        ]


class DrugCheck(SiteRow):
    """One sample by one method: what was expected, what was found. Neither declared nor believed."""

    record_id = models.UUIDField()
    at = models.DateTimeField()
    service_date = models.DateField()
    sample_id = models.CharField(max_length=40, blank=True)
    method = models.CharField(max_length=40)
    expected = codes()
    detected = codes()
    also_detected = codes()
    unexpected = models.BooleanField(null=True)
    sample = models.CharField(max_length=40, blank=True)
    turnaround_min = models.PositiveIntegerField(null=True)
    visit_ref = models.UUIDField(null=True)
    event_ref = models.UUIDField(null=True)

    GRANTS = DERIVED
    PRIVACY = {
        "open": ["id", "site"],
        "coarsened": ["service_date", "method", "unexpected"],
        "never": [
            "record_id", "at", "sample_id", "expected", "detected", "also_detected", "sample",
            "turnaround_min", "visit_ref", "event_ref",
        ],
    }  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "record_id"], name="one_check_a_record")]
        indexes = [
            models.Index(fields=["site", "service_date"], name="check_day"),
            models.Index(fields=["site", "visit_ref"], name="check_visit"),
        ]


class Breach(SiteRow):
    """A rule that was not kept and what was decided. `until` is the last service day it holds.

    `client` is there only while it keeps someone away who agreed to be known again.
    """

    record_id = models.UUIDField()
    at = models.DateTimeField()
    service_date = models.DateField()
    code = models.CharField(max_length=40)
    action = models.CharField(max_length=40)
    until = models.DateField(null=True)
    review_at = models.DateField(null=True)
    appeal = models.BooleanField(null=True)
    visit_ref = models.UUIDField(null=True)
    client = models.ForeignKey(Client, on_delete=models.SET_NULL, null=True, related_name="breaches")

    GRANTS = DERIVED
    PRIVACY = {
        "open": ["id", "site"],
        "coarsened": ["service_date", "code", "action"],
        "never": ["record_id", "at", "until", "review_at", "appeal", "visit_ref", "client"],
    }

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "record_id"], name="one_breach_a_record"),
            models.CheckConstraint(
                condition=~Q(action=SUSPENDED) | Q(until__isnull=False), name="a_suspension_ends"
            ),
        ]
        indexes = [
            models.Index(fields=["site", "service_date"], name="breach_day"),
            models.Index(fields=["site", "until"], name="breach_until", condition=Q(until__isnull=False)),
        ]


class ClientAlert(SiteRow):
    """What helps to care for someone who agreed to be known again: one code, until a last service day.

    `client` is there only until then.
    """

    record_id = models.UUIDField()
    service_date = models.DateField()
    alert = models.CharField(max_length=40)
    until = models.DateField()
    client = models.ForeignKey(Client, on_delete=models.SET_NULL, null=True, related_name="alerts")

    GRANTS = DERIVED
    PRIVACY = {
        "open": ["id", "site"],
        "never": ["record_id", "service_date", "alert", "until", "client"],
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "record_id"], name="one_alert_a_record")]
        indexes = [
            models.Index(fields=["site", "until"], name="alert_until", condition=Q(client__isnull=False))
        ]


class Incident(SiteRow):
    """What went wrong at the site; folded from its report, the notices given of it and its closing."""

    ref = models.UUIDField()
    at = models.DateTimeField()
    service_date = models.DateField()
    kind = models.CharField(max_length=40)
    location = models.CharField(max_length=40, blank=True)
    notified_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    GRANTS = DERIVED
    PRIVACY = {
        "open": ["id", "site"],
        "coarsened": ["service_date", "kind"],
        "never": ["ref", "at", "location", "notified_at", "closed_at"],
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "ref"], name="one_incident_a_ref")]
        indexes = [
            models.Index(fields=["site", "service_date"], name="incident_day"),
            models.Index(fields=["site", "at"], name="incident_open", condition=Q(closed_at__isnull=True)),
        ]


class IncidentDeadline(SiteRow):
    """How soon the site's authorisation wants the authority told of this kind; none without a row.

    That of a death is `Site.death_notice_hours`.
    """

    kind = models.CharField(max_length=40)
    hours = models.PositiveSmallIntegerField()

    GRANTS = DERIVED
    PRIVACY = {"open": ["id", "site", "kind", "hours"]}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "kind"], name="one_deadline_a_kind")]


class LeftBehind(SiteRow):
    """A substance someone left: where it stands, and whether each step bears two names."""

    ref = models.UUIDField()
    found_at = models.DateTimeField()
    service_date = models.DateField()
    place = SealedText()
    seal_no = models.CharField(max_length=40, blank=True)
    storage = SealedText(blank=True)
    step = models.CharField(max_length=20)
    since = models.DateTimeField()
    signed = models.BooleanField()

    GRANTS = DERIVED
    PRIVACY = {
        "open": ["id", "site"],
        "coarsened": ["service_date"],
        "never": ["ref", "found_at", "place", "seal_no", "storage", "step", "since", "signed"],
    }

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "ref"], name="one_left_a_ref")]
        indexes = [models.Index(fields=["site", "found_at"], name="left_found")]
