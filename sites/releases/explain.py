"""One figure, exact and released, side by side: why they differ, and how the error evens out over a year.

Inside only: reads as scs_seal, of the one site of who asks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt

from django.utils.translation import get_language

from harmreduction.pg.scope import SEAL, acting
from sites.indicators.periods import Period, containing
from sites.places.models import Site
from sites.releases import holding
from sites.releases.due import Cell
from sites.releases.models import LedgerCell, PlanLine, SealedCount
from sites.releases.plan import in_force
from sites.releases.planning import rounding_error
from sites.releases.released import BY_CODE, PART_ORDER, PARTS, PLAN_ORDER, adds_up
from sites.releases.terms import ALL, LATE, Grain

A_YEAR = timedelta(days=366)
OF = ":"


@dataclass(frozen=True)
class Series:
    """An indicator of a site, or one of its parts."""

    indicator: str
    category: str

    @property
    def code(self) -> str:
        return self.indicator if self.category == ALL else f"{self.indicator}{OF}{self.category}"

    @property
    def words(self) -> str:
        language = "en" if (get_language() or "fr").startswith("en") else "fr"
        name = getattr(BY_CODE[self.indicator].told, f"label_{language}")
        if self.category == ALL:
            return name
        return f"{name} · {getattr(PARTS[self.indicator, self.category], f'label_{language}')}"


@dataclass(frozen=True)
class Pair:
    """What some cells held when they were sealed, and what was published of them."""

    period: Period
    exact: int
    released: int
    cells: int
    base: int

    @property
    def error(self) -> int:
        return self.released - self.exact

    @property
    def most(self) -> int:
        """The error is never larger."""
        return self.cells * (self.base - 1)

    @property
    def usual(self) -> int:
        """It is almost always smaller: twice its RMSE."""
        mean = self.exact / self.cells
        return min(self.most, ceil(2 * rounding_error(self.base, mean) * sqrt(self.cells)))

    @property
    def percent(self) -> float | None:
        return 100 * abs(self.error) / self.exact if self.exact else None


@dataclass(frozen=True)
class Explained:
    """One base cell. `now`: what its days count today, where that can be counted."""

    cell: LedgerCell
    exact: int
    now: int | None

    @property
    def below(self) -> int:
        return self.exact // self.cell.base * self.cell.base

    @property
    def above(self) -> int:
        return self.below + self.cell.base

    @property
    def rest(self) -> int:
        """Chances out of `base` that it became `above`."""
        return self.exact - self.below

    @property
    def other_chances(self) -> int:
        return self.cell.base - self.rest

    @property
    def later(self) -> int:
        return 0 if self.now is None else self.now - self.exact


def series_of(site: Site) -> list[Series]:
    """What the site has sealed, in plan order; late parts apart."""
    with acting(role=SEAL, sites=[site.pk]):
        sealed = LedgerCell.objects.at(site).order_by().values_list("indicator", "category").distinct()
        named = {Series(*row) for row in sealed if not row[0].endswith(LATE)}
    return sorted(
        named, key=lambda s: (PLAN_ORDER[s.indicator], PART_ORDER.get((s.indicator, s.category), 0))
    )


def cells_of(site: Site, series: Series) -> list[LedgerCell]:
    """Its cells of the year before the newest one, the newest first."""
    with acting(role=SEAL, sites=[site.pk]):
        its = LedgerCell.objects.at(site).filter(indicator=series.indicator, category=series.category)
        newest = its.order_by("-period_start").first()
        if newest is None:
            return []
        return list(its.filter(period_start__gt=newest.period_start - A_YEAR).order_by("-period_start"))


def explained(site: Site, cell: LedgerCell) -> Explained:
    with acting(role=SEAL, sites=[site.pk]):
        held = SealedCount.objects.at(site).get(cell_id=cell.cell_id)
        return Explained(cell, held.value, _now(site, cell))


def _now(site: Site, cell: LedgerCell) -> int | None:
    """What the cell’s days hold today; people are no longer counted once their tokens are gone."""
    if not adds_up(cell.indicator):
        return None
    lines = PlanLine.objects.at(site).filter(plan_version=cell.plan_version, indicator=cell.indicator)
    for held in in_force(lines).get(cell.indicator, []):
        position = held.categories.index(cell.category)
        return holding.on_time([Cell(site, held, cell.period_start, cell.period_end, position)])[0]
    return None


def over_a_year(site: Site, cells: Iterable[LedgerCell]) -> list[Pair]:
    """By month, or by the cells’ own periods where these are longer; the oldest first."""
    cells = sorted(cells, key=lambda cell: cell.period_start)
    with acting(role=SEAL, sites=[site.pk]):
        kept = SealedCount.objects.at(site).filter(cell_id__in=[cell.cell_id for cell in cells])
        exact = dict(kept.values_list("cell_id", "value"))
    months: dict[date, list[LedgerCell]] = {}
    for cell in cells:
        grain = Grain.MONTH if cell.grain in (Grain.DAY, Grain.WEEK, Grain.MONTH) else cell.grain
        months.setdefault(containing(grain, cell.period_start)[0], []).append(cell)
    return [pair(its, exact) for its in months.values()]


def pair(cells: list[LedgerCell], exact: dict[str, int]) -> Pair:
    return Pair(
        period=(cells[0].period_start, cells[-1].period_end),
        exact=sum(exact[cell.cell_id] for cell in cells),
        released=sum(cell.value for cell in cells),
        cells=len(cells),
        base=cells[0].base,
    )


def whole(pairs: list[Pair]) -> Pair | None:
    """All of them together: the error of the year."""
    if not pairs:
        return None
    return Pair(
        period=(pairs[0].period[0], pairs[-1].period[1]),
        exact=sum(one.exact for one in pairs),
        released=sum(one.released for one in pairs),
        cells=sum(one.cells for one in pairs),
        base=pairs[0].base,
    )
