"""The totals of a release: its cells, and every sum that they complete (design §8, privacy.md R6).

Which totals exist, and in which release, follows from the plan and from what was sealed when: never
from a count. Every site whose plan covers a period takes part in its totals.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sites.indicators.periods import Period, containing
from sites.releases.draw import lower, upper
from sites.releases.formats.figures import Figure
from sites.releases.ledger import Key, Ledger, Name, Sealed, is_late, release_key
from sites.releases.released import PLAN_ORDER, adds_up, part_order
from sites.releases.terms import ALL, DERIVED, ORDER, ROUNDED, Grain

NAME = ("site", "region", "indicator", "category", "grain", "period_start")
WEEKLY = "visits"


@dataclass(frozen=True)
class Scope:
    """Whose numbers are summed: (site code or ALL, region code or ALL)."""

    site: str
    region: str
    members: tuple[int, ...]


@dataclass(frozen=True)
class Total:
    scope: Scope
    indicator: str
    grain: str
    period: Period
    parts: tuple[Sealed, ...]
    category: str = ALL

    @property
    def value(self) -> int:
        return sum(cell.value for cell in self.parts)

    @property
    def lower(self) -> int:
        return sum(lower(cell.value, cell.base) for cell in self.parts)

    @property
    def upper(self) -> int:
        return sum(upper(cell.value, cell.base) for cell in self.parts)

    @property
    def status(self) -> str:
        alone = self.scope.site != ALL and len(self.parts) == 1
        return ROUNDED if alone and self.parts[0].grain == self.grain else DERIVED

    @property
    def name(self) -> Name:
        return (
            self.scope.site, self.scope.region, self.indicator, self.category, self.grain,
            self.period[0].isoformat(),
        )  # fmt: skip

    @property
    def order(self) -> tuple:
        level = (self.scope.site == ALL) + (self.scope.region == ALL)
        return (
            PLAN_ORDER[self.indicator], ORDER[self.grain], self.period, level,
            self.scope.region, self.scope.site, part_order(self.indicator, self.category),
        )  # fmt: skip

    def figure(self, planned_minutes: int) -> Figure:
        return Figure(
            site=self.scope.site,
            region=self.scope.region,
            indicator=self.indicator,
            category=self.category,
            grain=self.grain,
            period_start=self.period[0],
            period_end=self.period[1],
            value=self.value,
            lower=self.lower,
            upper=self.upper,
            base=max(cell.base for cell in self.parts),
            status=self.status,
            plan_version="+".join(sorted({cell.plan_version for cell in self.parts})),
            planned_minutes=planned_minutes,
        )


def totals(ledger: Ledger, release: Key) -> list[Total]:
    """What one release holds, in its fixed order. `ledger` must hold the periods it finishes."""
    sealed = [cell for its in ledger.cells.values() for cell in its.values() if release_key(cell) == release]
    held = [_cell(ledger, cell) for cell in sealed]
    on_time = {(cell.indicator, cell.category) for cell in sealed if not is_late(cell.indicator)}
    for series in sorted(on_time):
        mine = [cell for cell in sealed if (cell.indicator, cell.category) == series]
        held += _completed(ledger, release, series, mine)
    return sorted(held, key=lambda total: total.order)


def _cell(ledger: Ledger, cell: Sealed) -> Total:
    period = (cell.period_start, cell.period_end)
    return Total(_of_site(ledger, cell.site_id), cell.indicator, cell.grain, period, (cell,), cell.category)


def _completed(
    ledger: Ledger, release: Key, series: tuple[str, str], sealed: list[Sealed]
) -> Iterator[Total]:
    its_scopes = scopes(ledger, series[0])
    for grain, period in sorted(finished(series[0], sealed)):
        for scope in its_scopes:
            total = completed(ledger, release, scope, series, grain, period)
            if total and total.status == DERIVED:
                yield total


def finished(indicator: str, sealed: list[Sealed]) -> set[tuple[str, Period]]:
    """(grain, period) of the totals that cells sealed together may complete: no later day is missing."""
    latest = max(cell.period_end for cell in sealed)
    touched = {
        (grain, containing(grain, cell.period_start))
        for cell in sealed
        for grain in Grain.values
        if (grain == cell.grain or adds_up(indicator))
        and ORDER[grain] >= ORDER[cell.grain]
        and (grain != Grain.WEEK or indicator == WEEKLY)
    }
    return {(grain, period) for grain, period in touched if period[1] <= latest}


def completed(
    ledger: Ledger, release: Key, scope: Scope, series: tuple[str, str], grain: str, period: Period
) -> Total | None:
    """The total of a scope and period, if this release brings the last of its parts."""
    indicator, category = series
    parts = gathered(ledger, scope.members, indicator, period, category)
    if not parts or all(release_key(cell) != release for cell in parts):
        return None
    total = Total(scope, indicator, grain, period, tuple(parts), category)
    return None if total.name in ledger.told else total


def gathered(
    ledger: Ledger, members: Iterable[int], indicator: str, period: Period, category: str = ALL
) -> list[Sealed] | None:
    """The parts of all members together, or None when one of them lacks any."""
    parts = []
    for site in members:
        its = ledger.parts(site, indicator, period, category)
        if its is None:
            return None
        parts += its
    return parts


def scopes(ledger: Ledger, indicator: str) -> list[Scope]:
    """Each site, each region and all together, of the sites that plan this indicator."""
    present = [site for site in ledger.begins if indicator in ledger.plan.get(site, {})]
    regions: dict[str, list[int]] = {}
    for site in present:
        regions.setdefault(ledger.sites[site].region.code, []).append(site)
    return [
        *(_of_site(ledger, site) for site in present),
        *(Scope(ALL, region, tuple(members)) for region, members in regions.items()),
        Scope(ALL, ALL, tuple(present)),
    ]


def _of_site(ledger: Ledger, site: int) -> Scope:
    place = ledger.sites[site]
    return Scope(place.code, place.region.code, (site,))


def published(held: list[Total], release: Key) -> datetime:
    """When the first cell of the release was sealed."""
    cells = (cell for total in held for cell in total.parts)
    return min(cell.sealed_at for cell in cells if release_key(cell) == release)
