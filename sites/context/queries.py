from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from harmreduction.pg.at_once import read
from sites.context.models import ContextEvent
from sites.context.terms import SITE_CLOSED
from sites.places.models import OpeningException, Site

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Happened:
    """Something dated around a site: noted by a person (`event`), or a closure of the site itself."""

    first: date
    last: date
    kind: str
    words: str
    place: str = ""
    source: str = ""
    event: int | None = None


def context_between(site: Site, first: date, last: date) -> QuerySet[ContextEvent]:
    """What was noted of these days, the oldest first."""
    events = ContextEvent.objects.at(site).filter(removed_at=None, first__lte=last)
    ends = Coalesce(F("last"), F("first"))
    return events.annotate(ends=ends).filter(ends__gte=first).order_by("first", "id")


def happened_between(site: Site, first: date, last: date) -> list[Happened]:
    """What was noted, and when the site stayed closed out of its usual week; the oldest first."""
    return happened(*read(*what_happened(site, first, last)))


def what_happened(site: Site, first: date, last: date) -> tuple[QuerySet[ContextEvent], QuerySet]:
    """What `happened` is made of."""
    closed = OpeningException.objects.at(site).filter(opens=None, day__range=(first, last)).order_by("day")
    return context_between(site, first, last), closed.values_list("day", "reason")


def happened(noted: Iterable[ContextEvent], closed: Iterable[tuple[date, str]]) -> list[Happened]:
    """`happened_between` from what was read."""
    told = [
        Happened(one.first, one.until, str(one.get_kind_display()), one.words, one.place, one.source, one.pk)
        for one in noted
    ]
    return sorted([*told, *_closures(closed)], key=lambda one: one.first)


def _closures(closed: Iterable[tuple[date, str]]) -> list[Happened]:
    """Closed days in a row for the same reason are one closure."""
    found: list[Happened] = []
    for day, reason in closed:
        begun = day
        if found and found[-1].words == reason and found[-1].last == day - ONE_DAY:
            begun = found.pop().first
        found.append(Happened(begun, day, str(SITE_CLOSED), reason))
    return found
