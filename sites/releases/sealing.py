"""Sealing: what is due is counted, drawn and written to the ledger, once (privacy.md R3–R8).

Runs as scs_seal, in one transaction and under one lock. The cells of an indicator are sealed in
the order of time, so the last one says where to go on: two cells never share a day, whatever
happens to the plan.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache

from django.db import connection, transaction
from django.db.models import Max, Min, OuterRef, Subquery, Sum

from harmreduction.pg.scope import SEAL, acting
from sites.clockwork.services import now
from sites.indicators.models import DailyCount
from sites.keyring.services import KeyMissing, destroy, key
from sites.places.models import Site
from sites.places.queries import local
from sites.releases.draw import cell_id, drawn
from sites.releases.models import LedgerCell, PlanLine, ReleaseFile, SealedCount
from sites.releases.periods import ONE_DAY
from sites.releases.plan import InForce, in_force, last_planned
from sites.releases.terms import ALL, BY_CODE, LATE, PLAN_ORDER, SEALING_HOUR, release_id
from sites.trail.models import TrailEntry
from sites.trail.services import entry

log = logging.getLogger("scs.releases")
LOCK = 0x5C5_1ED6E2


def hold_ledger() -> None:
    """Whoever seals or builds waits here until the other has committed."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])


def seal_due() -> int:
    """Seal every cell that is due at `now()`; how many. Days to recount must be counted before.

    A site whose key is missing is not sealed; the others are.
    """
    with transaction.atomic():
        sites = Site.objects.in_bulk()
    with transaction.atomic(), acting(role=SEAL, sites=sites):
        hold_ledger()
        cells = _with_key(sorted(_due(sites, now()), key=lambda cell: cell.order))
        _write([cell for cell in cells if not cell.held.is_late], _counts)
        _write([cell for cell in cells if cell.held.is_late], _late_counts)
        for site, year in {(cell.site, cell.first.year) for cell in cells if cell.held.is_late}:
            destroy(site, _key_name(year))
        return len(cells)


@dataclass(frozen=True)
class Cell:
    site: Site
    held: InForce
    first: date
    last: date

    @property
    def order(self) -> tuple:
        return self.held.due_on(self.last), PLAN_ORDER[self.indicator], self.first, self.site.code

    @property
    def indicator(self) -> str:
        return self.held.line.indicator

    @property
    def key_name(self) -> str:
        return _key_name(self.first.year)


def _key_name(year: int) -> str:
    return f"ledger-{year}"


def _with_key(cells: list[Cell]) -> list[Cell]:
    """Cells of the sites that hold each key they need; the others are told of, and left."""
    without = set()
    for site, name in sorted({(cell.site, cell.key_name) for cell in cells}, key=lambda pair: pair[0].code):
        try:
            key(site, name)
        except KeyMissing as missing:
            log.error("key %s is missing or changed: nothing is sealed for site %s", missing, site.code)
            without.add(site)
    return [cell for cell in cells if cell.site not in without]


# --- What is due -------------------------------------------------------------------------


def _due(sites: dict[int, Site], at: datetime) -> Iterator[Cell]:
    last_cell = LedgerCell.objects.filter(site=OuterRef("site"), indicator=OuterRef("indicator"))
    sealed_to = Subquery(last_cell.order_by("-period_end").values("period_end")[:1])
    lines: dict[int, list[PlanLine]] = {}
    ends: dict[int, dict[str, date]] = {site: {} for site in sites}
    for line in PlanLine.objects.annotate(sealed_to=sealed_to):
        lines.setdefault(line.site_id, []).append(line)
        if line.sealed_to:
            ends[line.site_id][line.indicator] = line.sealed_to
    for site, its in lines.items():
        yield from _due_at(sites[site], its, ends[site], at)


def _due_at(site: Site, lines: list[PlanLine], sealed_to: dict[str, date], at: datetime) -> Iterator[Cell]:
    """`sealed_to`: the last sealed day of each indicator. A year whose late part is sealed is closed."""
    morning = _latest_morning(site, at)
    last_day = min(morning, last_planned(site))
    first_count = cache(lambda: _first_count(site))
    closed_year = max((end for code, end in sealed_to.items() if code.endswith(LATE)), default=date.min)
    for indicator, versions in in_force(lines).items():
        after = max(sealed_to.get(indicator, date.min), closed_year)
        begins = site.opened_on or (after if indicator in sealed_to else first_count())
        if begins is None or indicator not in PLAN_ORDER:
            continue
        for held in versions:
            for first, last in held.periods(max(begins, after), last_day):
                if first > after and held.due_on(last) <= morning:
                    yield Cell(site, held, first, last)


def _latest_morning(site: Site, at: datetime) -> date:
    """The latest day whose 6 o'clock has passed on the site's clock."""
    clock = local(site, at)
    return clock.date() if clock.time() >= SEALING_HOUR else clock.date() - ONE_DAY


def _first_count(site: Site) -> date | None:
    counted = DailyCount.objects.at(site).filter(value__gt=0)
    return counted.aggregate(first=Min("service_date"))["first"]


# --- How much it holds -------------------------------------------------------------------


def _counts(cells: list[Cell]) -> list[int]:
    """What the exact daily counts of each cell add up to now."""
    span = (min(cell.first for cell in cells), max(cell.last for cell in cells))
    series = {BY_CODE[cell.indicator].series for cell in cells}
    rows = DailyCount.objects.filter(indicator__in=series, category=ALL, service_date__range=span)
    values = {
        (site, code, day): int(value or 0)
        for site, code, day, value in rows.values_list("site", "indicator", "service_date", "value")
    }
    return [
        sum(
            values.get((cell.site.pk, BY_CODE[cell.indicator].series, day), 0)
            for day in _between(cell.first, cell.last)
        )
        for cell in cells
    ]


def _between(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _late_counts(cells: list[Cell]) -> list[int]:
    return [_late_count(cell) for cell in cells]


def _late_count(cell: Cell) -> int:
    """What came after sealing, of this year and before, and is in no late part yet; never below zero.

    A net negative stays in the difference and is carried to the next year by itself.
    """
    indicator = cell.indicator.removesuffix(LATE)
    kept = SealedCount.objects.at(cell.site)
    sealed = list(kept.filter(indicator=indicator, period_start__lte=cell.last))
    if not sealed:
        return 0
    told = kept.filter(indicator=cell.indicator).aggregate(n=Sum("value"))["n"] or 0
    return max(0, _current(cell.site, indicator, sealed) - sum(row.value for row in sealed) - told)


def _current(site: Site, indicator: str, sealed: list[SealedCount]) -> int:
    span = (min(row.period_start for row in sealed), max(row.period_end for row in sealed))
    days = DailyCount.objects.at(site).filter(
        indicator=BY_CODE[indicator].series, category=ALL, service_date__range=span
    )
    values = dict(days.values_list("service_date", "value"))
    covered = (day for row in sealed for day in _between(row.period_start, row.period_end))
    return sum(int(values.get(day) or 0) for day in covered)


# --- Written once ------------------------------------------------------------------------


def _write(cells: list[Cell], counts: Callable[[list[Cell]], list[int]]) -> None:
    if not cells:
        return
    at, releases = now(), Releases(now())
    counted = list(zip(cells, counts(cells), strict=True))
    LedgerCell.objects.bulk_create(
        [_ledger_cell(cell, count, at, releases) for cell, count in counted], ignore_conflicts=True
    )
    SealedCount.objects.bulk_create(
        [SealedCount(**_named(cell), value=count) for cell, count in counted], ignore_conflicts=True
    )
    TrailEntry.objects.bulk_create(
        entry("cells sealed", actor="sealing", site_id=site.pk, about="release", about_id=releases.id(site))
        for site in sorted({cell.site for cell in cells}, key=lambda site: site.code)
    )


@dataclass
class Releases:
    """The release that a site's cells go to: the day's, or its next part once that is built."""

    at: datetime
    built: dict[date, int] = field(default_factory=dict)

    def of(self, site: Site) -> tuple[date, int]:
        day = local(site, self.at).date()
        if day not in self.built:
            files = ReleaseFile.objects.filter(release_date=day)
            self.built[day] = files.aggregate(last=Max("part"))["last"] or 0
        return day, self.built[day] + 1

    def id(self, site: Site) -> str:
        return release_id(*self.of(site))


def _named(cell: Cell) -> dict:
    first = cell.first.isoformat()
    return {
        "site": cell.site,
        "cell_id": cell_id(cell.site.code, cell.indicator, cell.held.line.grain, first, ALL),
        "indicator": cell.indicator,
        "period_start": cell.first,
        "period_end": cell.last,
        "category": ALL,
    }


def _ledger_cell(cell: Cell, count: int, at: datetime, releases: Releases) -> LedgerCell:
    line, named = cell.held.line, _named(cell)
    secret = key(cell.site, cell.key_name)
    day, part = releases.of(cell.site)
    return LedgerCell(
        **named, plan_version=line.plan_version, grain=line.grain, base=line.base,
        value=drawn(secret, line.plan_version, named["cell_id"], count, line.base),
        sealed_at=at, release_date=day, part=part,
    )  # fmt: skip
