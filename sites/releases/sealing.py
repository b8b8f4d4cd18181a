"""Sealing: what is due is counted, drawn and written to the ledger, once (privacy.md R3–R8).

Runs as scs_seal, one transaction a site, one lock for all. The cells of an indicator are sealed in
the order of time, so the last one says where to go on: two cells never share a day, whatever
happens to the plan.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max, Min, Sum

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
from sites.trail.services import note

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
        sites = list(Site.objects.all())
    return sum(_seal_or_say(site) for site in sites)


def _seal_or_say(site: Site) -> int:
    try:
        with transaction.atomic(), acting(role=SEAL, sites=[site.pk]):
            return _seal(site, now())
    except KeyMissing as missing:
        log.error("key %s is missing or changed: nothing is sealed for site %s", missing, site.code)
        return 0


@dataclass(frozen=True)
class Cell:
    held: InForce
    first: date
    last: date

    @property
    def order(self) -> tuple:
        return self.held.due_on(self.last), PLAN_ORDER[self.indicator], self.first

    @property
    def indicator(self) -> str:
        return self.held.line.indicator


def _seal(site: Site, at: datetime) -> int:
    hold_ledger()
    cells = sorted(_due(site, at), key=lambda cell: cell.order)
    if not cells:
        return 0
    day, part = _release(site, at)
    on_time = [cell for cell in cells if not cell.held.is_late]
    _write(site, [(cell, count) for cell, count in _counted(site, on_time)], at, day, part)
    for cell in cells:
        if cell.held.is_late:
            _write(site, [(cell, _late_count(site, cell))], at, day, part)
    for year in {cell.first.year for cell in cells if cell.held.is_late}:
        destroy(site, _key_name(year))
    note("cells sealed", actor="sealing", site_id=site.pk, about="release", about_id=release_id(day, part))
    return len(cells)


def _release(site: Site, at: datetime) -> tuple[date, int]:
    """The release that these cells go to: the day's, or its next part once that is built."""
    day = local(site, at).date()
    built = ReleaseFile.objects.filter(release_date=day).aggregate(last=Max("part"))["last"]
    return day, (built or 0) + 1


def _key_name(year: int) -> str:
    return f"ledger-{year}"


# --- What is due -------------------------------------------------------------------------


def _due(site: Site, at: datetime) -> Iterator[Cell]:
    morning = _latest_morning(site, at)
    ledger = LedgerCell.objects.at(site)
    sealed_to = dict(ledger.values_list("indicator").annotate(Max("period_end")))
    closed_books = ledger.filter(indicator__endswith=LATE).aggregate(last=Max("period_end"))["last"]
    for indicator, lines in in_force(PlanLine.objects.at(site)).items():
        after = max(sealed_to.get(indicator, date.min), closed_books or date.min)
        begins = site.opened_on or (after if indicator in sealed_to else _first_count(site))
        if begins is None or indicator.removesuffix(LATE) not in BY_CODE:
            continue
        for held in lines:
            for first, last in held.periods(max(begins, after), min(morning, last_planned(site))):
                if first > after and held.due_on(last) <= morning:
                    yield Cell(held, first, last)


def _latest_morning(site: Site, at: datetime) -> date:
    """The latest day whose 6 o'clock has passed on the site's clock."""
    clock = local(site, at)
    return clock.date() if clock.time() >= SEALING_HOUR else clock.date() - ONE_DAY


def _first_count(site: Site) -> date | None:
    counted = DailyCount.objects.at(site).filter(value__gt=0)
    return counted.aggregate(first=Min("service_date"))["first"]


# --- How much it holds -------------------------------------------------------------------


def _counted(site: Site, cells: list[Cell]) -> Iterator[tuple[Cell, int]]:
    by_indicator: dict[str, list[Cell]] = {}
    for cell in cells:
        by_indicator.setdefault(cell.indicator, []).append(cell)
    counts: dict[Cell, int] = {}
    for indicator, its in by_indicator.items():
        periods = [(cell.first, cell.last) for cell in its]
        counts |= zip(its, _sums(site, indicator, periods), strict=True)
    for cell in cells:
        yield cell, counts[cell]


def _sums(site: Site, indicator: str, periods: list[tuple[date, date]]) -> list[int]:
    """What the exact daily counts of each period add up to now."""
    span = (min(first for first, _ in periods), max(last for _, last in periods))
    series = BY_CODE[indicator].series
    days = DailyCount.objects.at(site).filter(indicator=series, category=ALL, service_date__range=span)
    values = {day: int(value or 0) for day, value in days.values_list("service_date", "value")}
    return [_between(values, first, last) for first, last in periods]


def _between(values: dict[date, int], first: date, last: date) -> int:
    return sum(values.get(first + timedelta(days=n), 0) for n in range((last - first).days + 1))


def _late_count(site: Site, cell: Cell) -> int:
    """What came after sealing, of this year and before, and is in no late part yet; never below zero.

    A net negative stays in the difference and is carried to the next year by itself.
    """
    indicator = cell.indicator.removesuffix(LATE)
    sealed = SealedCount.objects.at(site).filter(indicator=indicator, period_start__lte=cell.last)
    rows = list(sealed.values_list("period_start", "period_end", "value"))
    if not rows:
        return 0
    current = sum(_sums(site, indicator, [(first, last) for first, last, _ in rows]))
    told = SealedCount.objects.at(site).filter(indicator=cell.indicator).aggregate(n=Sum("value"))["n"] or 0
    return max(0, current - sum(value for _, _, value in rows) - told)


# --- Written once ------------------------------------------------------------------------


def _write(site: Site, counted: list[tuple[Cell, int]], at: datetime, day: date, part: int) -> None:
    ledger, inside = [], []
    for cell, count in counted:
        line = cell.held.line
        name = cell_id(site.code, cell.indicator, line.grain, cell.first.isoformat(), ALL)
        what = {"site": site, "cell_id": name, "indicator": cell.indicator}
        what |= {"period_start": cell.first, "period_end": cell.last, "category": ALL}
        secret = key(site, _key_name(cell.first.year))
        value = drawn(secret, line.plan_version, name, count, line.base)
        inside.append(SealedCount(**what, value=count))
        ledger.append(
            LedgerCell(
                **what, plan_version=line.plan_version, grain=line.grain, value=value,
                base=line.base, sealed_at=at, release_date=day, part=part,
            )
        )  # fmt: skip
    LedgerCell.objects.bulk_create(ledger, ignore_conflicts=True)
    SealedCount.objects.bulk_create(inside, ignore_conflicts=True)
