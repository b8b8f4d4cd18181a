"""The public bulletin of a region: its sums, as the public is given them, and no other (ui.md §6).

Read as scs_release, like everything that leaves. The rows are those of the plan, whatever their values.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt

from sites.indicators.periods import ONE_DAY, containing
from sites.places.models import Region, Site
from sites.recipients.editions import public_sites
from sites.releases.bulletin import VISITS, last_day, latest, planned, planning, total_of
from sites.releases.cube import Scope, Total
from sites.releases.files import CSV, definitions
from sites.releases.ledger import Key, Ledger, read
from sites.releases.models import ReleaseFile
from sites.releases.planning import LARGE, rounding_error
from sites.releases.terms import ALL, Grain, release_id

REVERSALS, DOSES = "reversals", "naloxone_doses_staff"
FIGURES = (VISITS, REVERSALS, DOSES, "unique_clients")
IN_TABLE = (VISITS, REVERSALS, DOSES)
# A bulletin tells of months, or of what is coarser where a region is too small for months.
GRAINS = (Grain.MONTH, Grain.QUARTER, Grain.YEAR)
WEEKS, MONTHS = 26, 12
LOOK_BACK = timedelta(days=430)
FLAGS = "ABCDEFGHIJ"


@dataclass(frozen=True)
class Number:
    """One figure of the bulletin; `total` is None until its first period is sealed."""

    code: str
    label_fr: str
    label_en: str
    total: Total | None

    @property
    def usual(self) -> int | None:
        """The true count is almost always nearer than this: twice the RMSE, and told where it says more."""
        return usual_error(self.total) if self.total else None


@dataclass(frozen=True)
class Flag:
    """Something that changes what the lines mean: a service opened or closed."""

    letter: str
    day: date
    site: Site
    opened: bool


@dataclass(frozen=True)
class Bulletin:
    region: Region
    release: str
    published_on: date
    sha256: str
    services: int
    numbers: list[Number]
    trend: list[Total]
    events: list[Total]
    table: list[tuple[Site, list[Total | None]]]
    whole: list[Total | None]
    flags: list[Flag]
    plans: list[str]
    definitions: list[dict]

    @property
    def visits(self) -> Total | None:
        return self.numbers[0].total

    @property
    def reversals(self) -> Total | None:
        """Those of the period that the visits are told of."""
        its = next((one.total for one in self.numbers if one.code == REVERSALS), None)
        return its if its and self.visits and its.period == self.visits.period else None


def usual_error(total: Total) -> int | None:
    """None where it is hardly less than what is guaranteed."""
    error = ceil(2 * sqrt(sum(rounding_error(cell.base, LARGE + 1) ** 2 for cell in total.parts)))
    return error if error * 2 < total.upper - total.value else None


def bulletin(code: str, release: Key) -> Bulletin | None:
    """The bulletin of a region as of a release; None while it has nothing to tell."""
    file = ReleaseFile.objects.filter(release_date=release[0], part=release[1], name=CSV).first()
    day = last_day(code, release) if file and code != ALL else None
    if file is None or day is None:
        return None
    ledger = read(since=day - LOOK_BACK, until=release)
    sites = [site for site in planned(ledger) if site.region.code == code]
    scope = Scope(ALL, code, tuple(site.pk for site in sites))
    told = {told["code"]: told for told in definitions(FIGURES)}
    numbers = [
        Number(one, told[one]["label_fr"], told[one]["label_en"], latest(ledger, scope, one, day, GRAINS))
        for one in FIGURES
        if planning(ledger, scope, one)
    ]
    trend = _trend(ledger, scope, day)
    return Bulletin(
        region=sites[0].region,
        release=release_id(*release),
        published_on=file.release_date,
        sha256=file.sha256,
        services=sum(1 for site in sites if not site.closed_on or site.closed_on > day),
        numbers=numbers,
        trend=trend,
        events=_events(ledger, scope, day),
        table=_table(ledger, sites, release, numbers),
        whole=_row(numbers, {one.code: one.total for one in numbers}),
        flags=_flags(sites, trend),
        plans=_plans(numbers, trend),
        definitions=[told[one.code] for one in numbers],
    )


def series(ledger: Ledger, scope: Scope, indicator: str, grain: str, day: date, most: int) -> list[Total]:
    """The newest totals of a grain, at most so many and without a gap, the oldest first."""
    newest = latest(ledger, scope, indicator, day, [grain])
    members, totals = planning(ledger, scope, indicator), []
    while newest is not None and len(totals) < most:
        totals.append(newest)
        before = containing(grain, newest.period[0] - ONE_DAY)
        newest = total_of(ledger, scope, members, indicator, grain, before)
    return totals[::-1]


def _trend(ledger: Ledger, scope: Scope, day: date) -> list[Total]:
    """Visits by week, or by the finest grain that the region has."""
    weeks = series(ledger, scope, VISITS, Grain.WEEK, day, WEEKS)
    return weeks or series(ledger, scope, VISITS, Grain.MONTH, day, MONTHS)


def _events(ledger: Ledger, scope: Scope, day: date) -> list[Total]:
    """Suspected overdoses by month, or by what is coarser where the region has no months."""
    found = (series(ledger, scope, REVERSALS, grain, day, MONTHS) for grain in GRAINS)
    return next((totals for totals in found if totals), [])


def _table(
    ledger: Ledger, sites: Iterable[Site], release: Key, numbers: list[Number]
) -> list[tuple[Site, list[Total | None]]]:
    """The same figures of each service that says its own may be public."""
    public = public_sites(release[0])
    rows = []
    for site in sites:
        if site.code in public:
            alone = Scope(site.code, site.region.code, (site.pk,))
            its = {
                one.code: total_of(ledger, alone, [site.pk], one.code, one.total.grain, one.total.period)
                for one in numbers
                if one.total and planning(ledger, alone, one.code)
            }
            rows.append((site, _row(numbers, its)))
    return rows


def _row(numbers: list[Number], its: dict[str, Total | None]) -> list[Total | None]:
    return [its.get(one.code) for one in numbers if one.code in IN_TABLE]


def _flags(sites: Iterable[Site], trend: list[Total]) -> list[Flag]:
    if not trend:
        return []
    first, last = trend[0].period[0], trend[-1].period[1]
    told = [(day, site, opened) for site in sites
            for day, opened in ((site.opened_on, True), (site.closed_on, False))
            if day and first < day <= last]  # fmt: skip
    ordered = sorted(told, key=lambda flag: (flag[0], flag[1].code))
    return [Flag(letter, *flag) for letter, flag in zip(FLAGS, ordered, strict=False)]


def _plans(numbers: list[Number], trend: list[Total]) -> list[str]:
    totals = [*(one.total for one in numbers if one.total), *trend[-1:]]
    return sorted({cell.plan_version for total in totals for cell in total.parts})
