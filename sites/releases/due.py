"""Which cells are due: planned, their morning has come, not in the ledger yet (privacy.md R5, R7).

The cells of an indicator are sealed in the order of time, so the last one says where to go on: two cells
never share a day, whatever happens to the plan.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.db.models import Max, Min

from sites.indicators.models import DailyCount
from sites.indicators.periods import ONE_DAY
from sites.places.models import Site
from sites.places.queries import local
from sites.releases.draw import cell_id
from sites.releases.models import LedgerCell, PlanLine, Stop
from sites.releases.plan import InForce, Line, in_force, last_planned, plain
from sites.releases.released import PLAN_ORDER
from sites.releases.terms import LATE, SEALING_HOUR


@dataclass(frozen=True)
class Cell:
    """One part of an indicator of a site in one period."""

    site: Site
    held: InForce
    first: date
    last: date
    position: int

    @property
    def order(self) -> tuple:
        """Plan order: a later run seals what two earlier ones would have, in the same order."""
        due = self.held.due_on(self.last)
        return due, PLAN_ORDER[self.indicator], self.first, self.site.code, self.position

    @property
    def indicator(self) -> str:
        return self.held.line.indicator

    @property
    def category(self) -> str:
        return self.held.line.parts[self.position]["code"]

    @property
    def id(self) -> str:
        first = self.first.isoformat()
        return cell_id(self.site.code, self.indicator, self.held.line.grain, first, self.category)

    @property
    def key_name(self) -> str:
        return key_name(self.first.year)


def key_name(year: int) -> str:
    return f"ledger-{year}"


def due_cells(sites: dict[int, Site], at: datetime) -> list[Cell]:
    """Every cell that is due at an instant, in plan order. Reads as scs_seal."""
    # One pass over the ledger: a look-up for each line depends on statistics that a young table lacks.
    sealed = LedgerCell.objects.order_by().values_list("site", "indicator").annotate(Max("period_end"))
    ends: dict[int, dict[str, date]] = {site: {} for site in sites}
    for site, indicator, end in sealed:
        ends[site][indicator] = end
    lines: dict[int, list[Line]] = {}
    for line in plain(PlanLine.objects.all(), Line):
        lines.setdefault(line.site_id, []).append(line)
    stopped = set(Stop.objects.values_list("site", "plan_version", "indicator"))
    cells = [
        cell
        for site, its in lines.items()
        for cell in _due_at(sites[site], its, ends[site], at)
        if (site, cell.held.line.plan_version, cell.indicator.removesuffix(LATE)) not in stopped
    ]
    return sorted(cells, key=lambda cell: cell.order)


def _due_at(site: Site, lines: list[Line], sealed_to: dict[str, date], at: datetime) -> Iterator[Cell]:
    """`sealed_to`: the last sealed day of each indicator. A year whose late part is sealed is closed."""
    morning = latest_morning(site, at)
    last_day = min(morning, last_planned(site))
    first_month = cache(lambda: _first_month(site))
    closed_year = max((end for code, end in sealed_to.items() if code.endswith(LATE)), default=date.min)
    for indicator, versions in in_force(lines).items():
        after = max(sealed_to.get(indicator, date.min), closed_year)
        begins = site.opened_on or (after if indicator in sealed_to else first_month())
        if begins is None or indicator not in PLAN_ORDER:
            continue
        for held in versions:
            for first, last in held.periods(max(begins, after), last_day):
                if first > after and held.due_on(last) <= morning:
                    for position in range(len(held.line.parts)):
                        yield Cell(site, held, first, last, position)


def latest_morning(site: Site, at: datetime) -> date:
    """The latest day whose 6 o'clock has passed on the site's clock."""
    clock = local(site, at)
    return clock.date() if clock.time() >= SEALING_HOUR else clock.date() - ONE_DAY


def _first_month(site: Site) -> date | None:
    """The month of the first fact. Its first day: a first cell must not tell that it holds something."""
    counted = DailyCount.objects.at(site).filter(value__gt=0)
    first = counted.aggregate(first=Min("service_date"))["first"]
    return first and first.replace(day=1)
