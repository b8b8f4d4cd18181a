"""The anonymized daily report of a region, or of all: figures of the ledger and their sums, no other."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sites.indicators.periods import ONE_DAY, Period, containing
from sites.places.models import Region, Site
from sites.places.queries import opening_calendar
from sites.releases.cube import Scope, Total, gathered
from sites.releases.files import CSV, definitions
from sites.releases.ledger import Key, Ledger, read, release_key
from sites.releases.models import ReleaseFile
from sites.releases.released import PLAN_ORDER
from sites.releases.terms import ALL, LATE, Grain, release_id

DAYS_BEFORE = 28
BACK = {"day": 10, "week": 4, "month": 4, "quarter": 3, "year": 2}
VISITS = "visits"
HEADLINES = (VISITS, "reversals", "naloxone_doses_staff")


@dataclass(frozen=True)
class Line:
    """One site, or the region, or all: each indicator's latest total and its year to date."""

    site: Site | None
    latest: dict[str, Total | None]
    year: dict[str, Total | None]
    hours: list[tuple[datetime, datetime]]


@dataclass(frozen=True)
class Bulletin:
    region: Region | None
    release: str
    published_on: date
    sha256: str
    day: date
    sites: list[Line]
    whole: Line
    columns: list[str]
    grain: str
    days: list[tuple[Period, list[Total | None]]]
    late: list[Total]
    plans: list[str]
    definitions: list[dict]

    @property
    def all_regions(self) -> bool:
        return self.region is None


def regions() -> list[Region]:
    """Regions with a planned site, by code."""
    return sorted({site.region for site in planned(read(since=date.max))}, key=lambda region: region.code)


def bulletin(region: str, release: Key) -> Bulletin | None:
    """The report of a region code, or ALL, as of a release; None when it has nothing to tell."""
    file = ReleaseFile.objects.filter(release_date=release[0], part=release[1], name=CSV).first()
    day = last_day(region, release) if file else None
    if file is None or day is None:
        return None
    ledger = read(since=min(date(day.year, 1, 1), day - timedelta(days=400)), until=release)
    sites = [site for site in planned(ledger) if region in (ALL, site.region.code)]
    whole = Scope(ALL, region, tuple(site.pk for site in sites))
    grain, days = _days(ledger, whole, day)
    shown = _shown(ledger, whole)
    return Bulletin(
        region=None if region == ALL else sites[0].region,
        release=release_id(*release),
        published_on=file.release_date,
        sha256=file.sha256,
        day=day,
        sites=[_line(ledger, Scope(s.code, s.region.code, (s.pk,)), day, s) for s in sites],
        whole=_line(ledger, whole, day, None),
        columns=[site.code for site in sites],
        grain=grain,
        days=days,
        late=_late(ledger, whole, release),
        plans=sorted({cell.plan_version for cell in shown if cell.period_start.year == day.year}),
        definitions=definitions(sorted({cell.indicator for cell in shown}, key=PLAN_ORDER.__getitem__)),
    )


def planned(ledger: Ledger) -> list[Site]:
    return [site for site in ledger.sites.values() if site.pk in ledger.begins and site.pk in ledger.plan]


def last_day(region: str, release: Key) -> date | None:
    """The last day of visits that any of its sites has sealed."""
    recent = read(since=release[0] - timedelta(days=100), until=release)
    ends = [
        cell.period_end
        for (site, indicator, _part), its in recent.cells.items()
        if indicator == VISITS and region in (ALL, recent.sites[site].region.code)
        for cell in its.values()
    ]
    return max(ends, default=None)


def _shown(ledger: Ledger, scope: Scope):
    return [
        cell
        for (site, _i, _part), its in ledger.cells.items()
        if site in scope.members
        for cell in its.values()
    ]


def _line(ledger: Ledger, scope: Scope, day: date, site: Site | None) -> Line:
    return Line(
        site=site,
        latest={code: latest(ledger, scope, code, day) for code in HEADLINES},
        year={code: year_to_date(ledger, scope, code, day) for code in HEADLINES},
        hours=opening_calendar(site, day, day)[day] if site else [],
    )


def planning(ledger: Ledger, scope: Scope, indicator: str) -> list[int]:
    """The members whose plan has an indicator."""
    return [site for site in scope.members if indicator in ledger.plan.get(site, {})]


def latest(
    ledger: Ledger, scope: Scope, indicator: str, day: date, grains: Iterable[str] = tuple(Grain.values)
) -> Total | None:
    """The newest whole total of the finest of these grains that all members have."""
    members = planning(ledger, scope, indicator)
    for grain in grains:
        period = containing(grain, day)
        for _ in range(BACK[grain]):
            if total := total_of(ledger, scope, members, indicator, grain, period):
                return total
            period = containing(grain, period[0] - ONE_DAY)
    return None


def total_of(
    ledger: Ledger, scope: Scope, members: Iterable[int], indicator: str, grain: str, period: Period
) -> Total | None:
    """What the members’ sealed cells add up to in a period, or None while one of them is missing."""
    parts = gathered(ledger, members, indicator, period)
    return Total(scope, indicator, grain, period, tuple(parts)) if parts else None


def year_to_date(ledger: Ledger, scope: Scope, indicator: str, day: date) -> Total | None:
    """The sum of the year's cells; its period ends with the last one."""
    first = date(day.year, 1, 1)
    parts = [
        cell
        for site in scope.members
        for cell in ledger.of(site, indicator).values()
        if first <= cell.period_start <= day
    ]
    if not parts:
        return None
    last = max(cell.period_end for cell in parts)
    return Total(scope, indicator, Grain.YEAR, (first, last), tuple(parts))


def _days(ledger: Ledger, scope: Scope, day: date) -> tuple[str, list[tuple[Period, list[Total | None]]]]:
    """The last day and the 28 before, by site and together; weeks or months where days are not published."""
    members = planning(ledger, scope, VISITS)
    newest = latest(ledger, scope, VISITS, day)
    if newest is None:
        return Grain.DAY, []
    count = {Grain.DAY: DAYS_BEFORE, Grain.WEEK: 8}.get(Grain(newest.grain), 5)
    period, rows = newest.period, []
    for _ in range(count + 1):
        whole = total_of(ledger, scope, members, VISITS, newest.grain, period)
        its = [total_of(ledger, scope, [site], VISITS, newest.grain, period) for site in scope.members]
        if whole is not None:
            rows.append((period, [*its, whole]))
        period = containing(newest.grain, period[0] - ONE_DAY)
    return newest.grain, rows[::-1]


def _late(ledger: Ledger, scope: Scope, release: Key) -> list[Total]:
    """Late parts sealed so far, by year and site, the newest first."""
    late = [
        Total(Scope(ledger.sites[site].code, "", (site,)), indicator, cell.grain,
              (cell.period_start, cell.period_end), (cell,))
        for (site, indicator, _part), its in ledger.cells.items()
        if indicator.endswith(LATE) and site in scope.members
        for cell in its.values()
        if release_key(cell) <= release
    ]  # fmt: skip
    return sorted(late, key=lambda total: (-total.period[0].year, total.indicator, total.scope.site))
