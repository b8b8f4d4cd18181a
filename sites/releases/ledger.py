"""The ledger as the release builder reads it: sealed cells, the plan and the places. No fact."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Max, Min, Sum

from harmreduction.pg import at_once
from sites.indicators.periods import Period
from sites.places.models import Site
from sites.releases.models import GateLog, LedgerCell, PlanLine, ReleaseFile, Stop
from sites.releases.plan import InForce, Line, in_force, last_planned, plain
from sites.releases.terms import ALL, LATE, NARROWEST, release_id

Key = tuple[date, int]
Name = tuple[str, str, str, str, str, str]
Series = tuple[int, str, str]
LOCK = 0x5C5_1ED6E2
A_WEEK = timedelta(days=7)
FOREVER = (date.max, 0)


def hold_ledger() -> None:
    """Whoever seals or builds waits here until the other has committed."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])


class Sealed(NamedTuple):
    """A `LedgerCell` as it is read."""

    site_id: int
    indicator: str
    category: str
    grain: str
    period_start: date
    period_end: date
    value: int
    base: int
    plan_version: str
    sealed_at: datetime
    release_date: date
    part: int


@dataclass
class Ledger:
    """Every cell sealed up to one release, by site, indicator and part, and what the plan says of each.

    `begins` tells from which day a site is published: where nobody said when it opened, the end of its
    first cell. `told` holds the totals of earlier releases: none is written twice.
    """

    sites: dict[int, Site]
    plan: dict[int, dict[str, list[InForce]]]
    begins: dict[int, date]
    told: set[Name] = field(default_factory=set)
    cells: dict[Series, dict[date, Sealed]] = field(default_factory=dict)

    def add(self, cells: Iterable[Sealed]) -> None:
        for cell in cells:
            its = self.cells.setdefault((cell.site_id, cell.indicator, cell.category), {})
            its[cell.period_start] = cell

    def of(self, site: int, indicator: str, category: str = ALL) -> dict[date, Sealed]:
        return self.cells.get((site, indicator, category), {})

    def planned(self, site: int, indicator: str, period: Period) -> Iterator[Period]:
        """The site's periods with a day in a period, sealed or not."""
        first = max(period[0], self.begins[site])
        last = min(period[1], last_planned(self.sites[site]))
        for held in self.plan.get(site, {}).get(indicator, []):
            yield from held.periods(first, last)

    def parts(self, site: int, indicator: str, period: Period, category: str = ALL) -> list[Sealed] | None:
        """The sealed cells that make up a period exactly, or None when one is missing or reaches over."""
        sealed, parts = self.of(site, indicator, category), []
        for first, last in self.planned(site, indicator, period):
            if first < period[0] or last > period[1] or first not in sealed:
                return None
            parts.append(sealed[first])
        return parts


def release_key(row: Sealed | ReleaseFile) -> Key:
    return row.release_date, row.part


def read(since: date = date.min, until: Key = FOREVER, indicators: Collection[str] | None = None) -> Ledger:
    """Cells whose period reaches `since` or later, of releases up to `until`; of some indicators, or all."""
    lines, cells = PlanLine.objects.all(), LedgerCell.objects.all()
    if indicators is not None:
        lines, cells = lines.filter(indicator__in=indicators), cells.filter(indicator__in=indicators)
    if since == date.max:
        cells = cells.none()
    every, planned, told, ends = at_once.read(
        Site.objects.select_related("region"),
        PlanLine.objects.order_by().values_list("site", flat=True).distinct(),
        lines.values_list(*Line._fields),
        LedgerCell.objects.order_by().values_list("site").annotate(Min("period_end")),
    )
    sites = {site.pk: site for site in every}
    plan: dict[int, list[Line]] = {site: [] for site in planned}
    for line in map(Line._make, told):
        plan[line.site_id].append(line)
    opened = {site.pk: site.opened_on for site in every if site.opened_on}
    ledger = Ledger(sites, {site: in_force(its) for site, its in plan.items()}, dict(ends) | opened)
    cells = cells.filter(period_end__gte=since, release_date__lte=until[0])
    ledger.add(
        cell for cell in plain(cells.order_by("period_start", "pk"), Sealed) if release_key(cell) <= until
    )
    return ledger


def gate_found(release: Key) -> dict:
    """What the gate found of the cells of a release, for its manifest: all of it follows from what is
    published."""
    logs = GateLog.objects.filter(release_date=release[0], part=release[1])
    found = logs.aggregate(
        cells=Sum("cells"), relations=Sum("relations"), narrowest=Min("narrowest"), last=Max("at")
    )
    stops = Stop.objects.filter(at__lte=found["last"]).select_related("site") if found["last"] else []
    return {
        "result": "passed" if (found["narrowest"] or 0) >= NARROWEST else "not judged",
        "cells_judged": found["cells"] or 0,
        "relations_binding": found["relations"] or 0,
        "narrowest_width": found["narrowest"],
        "stopped": [
            {"site": stop.site.code, "indicator": stop.indicator, "plan_version": stop.plan_version}
            for stop in sorted(stops, key=lambda stop: (stop.site.code, stop.indicator, stop.plan_version))
        ],
    }


def unbuilt() -> list[Key]:
    """Releases with a sealed cell and no file, oldest first: built in that order, so none is much older
    than the last built one, whatever the history."""
    last = ReleaseFile.objects.aggregate(day=Max("release_date"))["day"]
    since = last - A_WEEK if last else date.min
    sealed = LedgerCell.objects.filter(release_date__gte=since).values_list("release_date", "part")
    files = ReleaseFile.objects.filter(release_date__gte=since).values_list("release_date", "part")
    return sorted(set(sealed.distinct()) - set(files.distinct()))


def is_built(release: Key) -> bool:
    return ReleaseFile.objects.filter(release_date=release[0], part=release[1]).exists()


def is_late(indicator: str) -> bool:
    return indicator.endswith(LATE)


def name_of(release: Key) -> str:
    return release_id(*release)
