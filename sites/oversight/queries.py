"""What stands out in the trail, of the sites in sight. Every list is of trail rows: no client, no handle."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from sites.oversight.terms import (
    AROUND_HOURS,
    ARRIVES_WITHIN,
    BURST,
    BURST_WITHIN,
    CHANGED,
    LEAVES,
    LOOKED,
    REFUSED,
)
from sites.places.models import Site
from sites.places.queries import opening_calendars
from sites.trail.models import TrailEntry
from sites.visits.look_ups import ARRIVED, Door

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Burst:
    """So many look-ups by one person within BURST_WITHIN, the last of them at `until`."""

    actor: str
    until: datetime
    count: int


def between(since: datetime, until: datetime) -> QuerySet[TrailEntry]:
    return TrailEntry.objects.filter(at__gte=since, at__lt=until)


def look_ups(since: datetime, until: datetime) -> QuerySet[TrailEntry]:
    return between(since, until).filter(action__in=Door)


def without_visit(since: datetime, until: datetime) -> QuerySet[TrailEntry]:
    """Look-ups that no arrival written by the same person followed; latest first."""
    arrivals = TrailEntry.objects.filter(
        action=ARRIVED,
        actor=OuterRef("actor"),
        site_id=OuterRef("site_id"),
        at__gte=OuterRef("at"),
        at__lt=OuterRef("at") + ARRIVES_WITHIN,
    )
    return look_ups(since, until).filter(~Exists(arrivals)).order_by("-at")


def bursts(since: datetime, until: datetime) -> list[Burst]:
    """The largest burst of each person in the period, largest first."""
    times: dict[str, list[datetime]] = defaultdict(list)
    for actor, at in look_ups(since, until).order_by("at").values_list("actor", "at"):
        times[actor].append(at)
    found = [burst for actor, its in times.items() if (burst := _largest(actor, its))]
    return sorted(found, key=lambda burst: (-burst.count, burst.actor))


def _largest(actor: str, times: list[datetime]) -> Burst | None:
    first, largest = 0, Burst(actor, times[0], 0)
    for last, at in enumerate(times):
        while at - times[first] >= BURST_WITHIN:
            first += 1
        if last - first + 1 > largest.count:
            largest = Burst(actor, at, last - first + 1)
    return largest if largest.count >= BURST else None


def what_left(since: datetime, until: datetime) -> QuerySet[TrailEntry]:
    return between(since, until).filter(action__iregex=LEAVES).order_by("-at")


def refusals(since: datetime, until: datetime) -> QuerySet[TrailEntry]:
    """Pages that someone asked for and may not open, by kind, each once an hour; latest first."""
    return between(since, until).filter(action=REFUSED).order_by("-at")


def out_of_hours(sites: Iterable[Site], since: datetime, until: datetime) -> list[TrailEntry]:
    """What a person looked at or took out while their site was closed; latest first."""
    by_pk = {site.pk: site for site in sites}
    calendars = opening_calendars(by_pk.values(), since.date() - ONE_DAY, until.date() + ONE_DAY)
    open_at = {pk: [span for spans in days.values() for span in spans] for pk, days in calendars.items()}
    read = Q(action__in=[*Door, LOOKED]) | Q(action__iregex=LEAVES)
    rows = between(since, until).filter(read, site_id__in=by_pk).order_by("-at")
    return [row for row in rows.iterator() if not _covered(row.at, open_at.get(row.site_id or 0, []))]


def _covered(at: datetime, spans: list[tuple[datetime, datetime]]) -> bool:
    return any(opens - AROUND_HOURS <= at < closes + AROUND_HOURS for opens, closes in spans)


def by_person(since: datetime, until: datetime) -> list[dict]:
    """{"actor", "looks", "alone", "opened", "changed", "left", "all", "last"} of each, most looks first."""
    alone = dict(
        without_visit(since, until)
        .order_by()
        .values_list("actor")
        .annotate(n=Count("pk"))
        .values_list("actor", "n")
    )
    told = (
        between(since, until)
        .values("actor")
        .annotate(
            looks=Count("pk", filter=Q(action__in=Door)),
            opened=Count("pk", filter=Q(action=LOOKED)),
            changed=Count("pk", filter=Q(action__in=CHANGED)),
            left=Count("pk", filter=Q(action__iregex=LEAVES)),
            all=Count("pk"),
            last=Max("at"),
        )
        .order_by(F("looks").desc(), "actor")
    )
    return [row | {"alone": alone.get(row["actor"], 0)} for row in told]


def trail(*, actor: str, action: str, first: date | None, last: date | None) -> QuerySet[TrailEntry]:
    """Rows of the trail, latest first. Days are UTC, the last one included."""
    rows = TrailEntry.objects.order_by("-pk")
    if actor:
        rows = rows.filter(actor=actor)
    if action:
        rows = rows.filter(action__icontains=action)
    if first:
        rows = rows.filter(at__date__gte=first)
    if last:
        rows = rows.filter(at__date__lte=last)
    return rows
