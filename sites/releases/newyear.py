"""How a plan changes at New Year: decided from what last year's plan published, never from facts (R1).

A plan that a person adopted beforehand stands. Otherwise, before the first cell of a year is sealed, each
indicator of the old plan takes the grain and the parts that its published means ask for. What was not planned
is not added: that is for a person to decide, from an estimate.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Max

from sites.indicators.periods import ONE_DAY
from sites.places.models import Site
from sites.places.queries import today
from sites.releases.models import LedgerCell, PlanLine
from sites.releases.plan import newest_version
from sites.releases.planning import Means, Proposed, adopt, propose
from sites.releases.released import BY_CODE, FROM_MONTH, FROM_WEEK, PARTS, Released
from sites.releases.terms import LATE, Basis

DAYS_A_MONTH = 365 / 12


def roll_plans(sites: Iterable[Site]) -> None:
    """Write the plan of this year for sites that have none of their own. Runs as scs_seal."""
    newest = dict(PlanLine.objects.order_by().values_list("site").annotate(Max("in_force_from")))
    for site in sites:
        new_year = today(site).replace(month=1, day=1)
        if newest.get(site.pk, new_year) < new_year and _is_open(site, new_year):
            _roll(site, new_year, newest_version(PlanLine.objects.at(site)))


def _is_open(site: Site, day: date) -> bool:
    return site.closed_on is None or site.closed_on > day


def _roll(site: Site, new_year: date, lines: list[PlanLine]) -> None:
    cells = LedgerCell.objects.at(site)
    begun = cells.filter(period_start__gte=new_year).exists()
    published = cells.filter(
        period_end__gte=new_year.replace(year=new_year.year - 1), period_end__lt=new_year
    )
    if not begun and published.exists():
        proposed = proposed_from(site, new_year, lines)
        adopt(site, f"{new_year.year}", new_year, proposed, basis=Basis.PUBLISHED, by="plan")


def proposed_from(site: Site, new_year: date, lines: Iterable[PlanLine]) -> list[Proposed]:
    """What the published values of the year before `new_year` make of the indicators of these lines.

    Reads the ledger. An indicator that published nothing keeps what was planned.
    """
    return [
        propose(BY_CODE[line.indicator], published_means(site, new_year, line) or planned_means(line))
        for line in lines
        if not line.indicator.endswith(LATE)
    ]


def published_means(site: Site, new_year: date, line: PlanLine) -> Means | None:
    """The mean of each part that was published, in the unit of the indicator's estimate.

    Of the last twelve months sealed; of the newest year where years are published.
    """
    cells = LedgerCell.objects.at(site).filter(indicator=line.indicator, period_end__lt=new_year)
    last_year = list(cells.filter(period_start__gte=new_year.replace(year=new_year.year - 1)))
    newest = cells.order_by("-period_end").first()
    used = last_year or ([] if newest is None else list(cells.filter(period_end=newest.period_end)))
    # Parts of another cut cannot be compared.
    used = [cell for cell in used if cell.plan_version == line.plan_version]
    if not used:
        return None
    days = sum(
        (cell.period_end - cell.period_start + ONE_DAY).days
        for cell in used
        if cell.category == used[0].category
    )
    sums: dict[frozenset[str], float] = {}
    for cell in used:
        part = frozenset(PARTS[cell.indicator, cell.category].of)
        sums[part] = sums.get(part, 0) + cell.value
    return {part: total / days * unit_days(BY_CODE[line.indicator]) for part, total in sums.items()}


def planned_means(line: PlanLine) -> Means:
    """What was planned, in the unit of the estimate."""
    length = BY_CODE[line.indicator].lengths[line.grain]
    return {frozenset(part["of"]): part["mean"] / length for part in line.parts}


def unit_days(released: Released) -> float:
    """How long the unit of an estimate is."""
    if released.lengths == FROM_WEEK:
        return 7
    return DAYS_A_MONTH if set(released.lengths) <= set(FROM_MONTH) and "month" in released.lengths else 1
