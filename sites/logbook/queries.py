"""What the logbook's pages show: a day, and what is still to follow."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from harmreduction.pg.at_once import read
from sites.clockwork.services import now
from sites.codes.queries import label
from sites.logbook.models import Breach, DrugCheck, Incident, IncidentDeadline, LeftBehind, ServiceGiven
from sites.logbook.services import STEP, signatures
from sites.logbook.suspensions import in_force
from sites.logbook.terms import DEATH, GONE, STRIP_TARGETS
from sites.overdoses.models import OverdoseEvent
from sites.people.models import Staff
from sites.places.models import Site
from sites.records.stories import Telling, story_of
from sites.visits.queries import Named, numbered

RECENT = timedelta(days=30)


# --- Incidents --------------------------------------------------------------------------
@dataclass(frozen=True)
class OpenIncident:
    """An incident to follow, and until when the authority is to be told; None when done or not asked."""

    incident: Incident
    due_at: datetime | None

    @property
    def late(self) -> bool:
        return self.due_at is not None and now() > self.due_at


def deadlines(site: Site) -> dict[str, int]:
    """Kind of incident → hours within which the authority is to be told."""
    return _deadlines(site, told_deadlines(site))


def told_deadlines(site: Site) -> QuerySet:
    return IncidentDeadline.objects.at(site).values_list("kind", "hours")


def _deadlines(site: Site, told: Iterable[tuple[str, int]]) -> dict[str, int]:
    return dict(told) | ({DEATH: site.death_notice_hours} if site.death_notice_hours else {})


def due_at(incident: Incident, hours: dict[str, int]) -> datetime | None:
    if incident.notified_at or incident.kind not in hours:
        return None
    return incident.at + timedelta(hours=hours[incident.kind])


def to_follow(site: Site) -> list[OpenIncident]:
    """Incidents nobody closed, and those to be told of still; the most pressing first."""
    return followed(site, *read(*what_to_follow(site)))


def what_to_follow(site: Site) -> tuple[QuerySet, QuerySet[Incident]]:
    """What `followed` is made of."""
    unclosed = Incident.objects.at(site).filter(closed_at__isnull=True)
    return told_deadlines(site), (unclosed | untold_rows(site)).order_by("at")


def followed(site: Site, told: list[tuple[str, int]], rows: list[Incident]) -> list[OpenIncident]:
    """`to_follow` from what was read."""
    hours = _deadlines(site, told)
    found = [OpenIncident(row, due_at(row, hours)) for row in rows]
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or one.incident.at))


def untold_rows(site: Site) -> QuerySet[Incident]:
    """Those with a deadline that nobody has met yet."""
    told = Q(kind__in=IncidentDeadline.objects.at(site).values("kind"))
    if site.death_notice_hours:
        told |= Q(kind=DEATH)
    return Incident.objects.at(site).filter(told, notified_at__isnull=True)


# --- Substances left behind -------------------------------------------------------------
@dataclass(frozen=True)
class Step:
    """One step of a substance left behind, with the two names under it."""

    telling: Telling
    first: str
    second: str


def still_here(site: Site):
    """What is kept, or lacks a signature; the oldest first."""
    return LeftBehind.objects.at(site).filter(~Q(step__in=GONE) | Q(signed=False)).order_by("found_at")


def steps_of(site: Site, item: uuid.UUID) -> list[Step]:
    told = story_of(site, item)
    second = signatures(told)
    names = dict(Staff.objects.filter(code__in={t.by for t in told}).values_list("code", "display_name"))
    return [
        Step(t, names.get(t.by, t.by), names.get(second.get(t.record_id, ""), second.get(t.record_id, "")))
        for t in told
        if t.kind == STEP
    ]


# --- A day ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Day:
    """What was written of one service day."""

    services: list[ServiceGiven]
    checks: list[DrugCheck]
    breaches: list[Breach]
    incidents: list[Incident]
    left: list[LeftBehind]

    @property
    def empty(self) -> bool:
        return not (self.services or self.checks or self.breaches or self.incidents or self.left)


def day_of(site: Site, day: date) -> Day:
    def of(model, order: str) -> QuerySet:
        return model.objects.at(site).filter(service_date=day).order_by(order, "id")

    rows = [of(model, "at") for model in (ServiceGiven, DrugCheck, Breach, Incident)]
    return Day(*read(*rows, of(LeftBehind, "found_at")))


@dataclass(frozen=True)
class OfVisit:
    """What is tied to one visit. `believed`: what the team took an overdose in it for, in words."""

    services: list[ServiceGiven]
    checks: list[DrugCheck]
    believed: list[str]

    @property
    def has_strip(self) -> bool:
        return any(check.method in STRIP_TARGETS for check in self.checks)


def of_visit(site: Site, ref: uuid.UUID) -> OfVisit:
    """Checks of an overdose in the visit are of the visit too."""
    in_it = OverdoseEvent.objects.at(site).filter(visit_ref=ref)
    checked = Q(visit_ref=ref) | Q(event_ref__in=in_it.values("ref"))
    services, checks, events = read(
        ServiceGiven.objects.at(site).filter(visit_ref=ref).order_by("at", "id"),
        DrugCheck.objects.at(site).filter(checked).order_by("at", "id"),
        in_it.order_by("opened_at"),
    )
    return OfVisit(services, checks, [_believed(event) for event in events if event.presentation])


def _believed(event: OverdoseEvent) -> str:
    words = label("presentation", event.presentation)
    named = ", ".join(label("substances", code) for code in event.believed)
    return f"{words} ({named})" if named else words


def kept_away(site: Site) -> list[Breach]:
    return list(in_force(site))


def named(site: Site, ref: uuid.UUID | None) -> Named | None:
    """A visit of this site by its id, with its word."""
    visit = numbered(site).filter(ref=ref).first() if ref else None
    return Named(visit, visit.number) if visit else None
