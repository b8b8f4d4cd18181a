"""The list behind a number: the same rows that its definition counts, for who may open them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from sites.overdoses.models import OverdoseEvent
from sites.overdoses.terms import EventClass
from sites.places.models import Site
from sites.visits.models import Visit
from sites.visits.terms import VisitState

MOST = 500


@dataclass(frozen=True)
class Behind:
    """One row: when, its page, and a word on it."""

    at: datetime
    day: date
    page: str
    ref: Any
    code: str
    words: str


def _visits(only: Q) -> Callable[[Site, date, date], QuerySet]:
    def rows(site: Site, first: date, last: date) -> QuerySet:
        visits = Visit.objects.at(site).filter(service_date__range=(first, last))
        return visits.filter(only).order_by("-arrived_at")

    return rows


def _events(only: Q) -> Callable[[Site, date, date], QuerySet]:
    def rows(site: Site, first: date, last: date) -> QuerySet:
        events = OverdoseEvent.objects.at(site).filter(service_date__range=(first, last))
        return events.filter(only).order_by("-opened_at")

    return rows


OVERDOSE = Q(event_class=EventClass.OVERDOSE)
SERVED = Q(seated_at__isnull=False) | Q(consumed=True)
# What each number of the dashboard counts, or for a share or a mean, what it is made of.
LISTS: dict[str, Callable[[Site, date, date], QuerySet]] = {
    "visits": _visits(SERVED),
    "median_wait_min": _visits(Q(seated_at__isnull=False)),
    "booth_occupancy": _visits(Q(seated_at__isnull=False)),
    "pct_left_no_consume": _visits(Q(state=VisitState.LEFT)),
    "overdose_events": _events(OVERDOSE & Q(outside=False)),
    "reversals": _events(Q(reversal=True)),
    "naloxone_per_overdose": _events(OVERDOSE & Q(doses_staff__gt=0)),
    "pct_oxygen_only": _events(OVERDOSE & Q(oxygen=True, doses=0)),
    "pct_with_endpoint": _events(Q(closed_at__isnull=False)),
}


def behind(site: Site, code: str, first: date, last: date) -> tuple[list[Behind], int]:
    """The newest rows, at most MOST, and how many there are."""
    rows = LISTS[code](site, first, last)
    return [_told(row) for row in rows[:MOST]], rows.count()


def _told(row: Visit | OverdoseEvent) -> Behind:
    if isinstance(row, Visit):
        return Behind(row.arrived_at, row.service_date, "visit", row.ref, "route", row.route)
    return Behind(row.opened_at, row.service_date, "overdose", row.ref, "presentation", row.presentation)
