"""The publication plan: how an indicator of a site is cut into cells (privacy.md R1, R2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sites.places.models import Site
from sites.releases.models import PlanLine
from sites.releases.periods import ONE_DAY, Period, due_on, running
from sites.releases.terms import LATE, RELEASED, SMALLEST_MEAN, Grain, Released


def make_default(
    site: Site, version: str, in_force_from: date, estimates: Mapping[str, float]
) -> list[PlanLine]:
    """Write the default plan of a site; a version that exists stays as it is.

    `estimates`: visits a day, reversals a month, naloxone_doses_staff a month. An indicator whose
    mean stays under 10 even in a year is not published. Raises ValueError for another day than
    1 January.
    """
    if (in_force_from.month, in_force_from.day) != (1, 1):
        raise ValueError("a plan is in force from 1 January")
    made = []
    for released in RELEASED:
        grain, mean = _grain(released, Decimal(str(estimates[released.code])))
        if not grain:
            continue
        common = {"site": site, "plan_version": version, "in_force_from": in_force_from}
        common |= {"base": released.base, "cap": released.cap}
        made += [
            PlanLine(**common, indicator=released.code, grain=grain, expected_mean=mean),
            PlanLine(**common, indicator=released.late, grain=Grain.YEAR, expected_mean=0),
        ]
    PlanLine.objects.bulk_create(made, ignore_conflicts=True)
    return list(PlanLine.objects.at(site).filter(plan_version=version))


# A month, for each visit a day: about one suspected overdose in 100 visits, most of them reversed,
# a quarter with naloxone (domain.md §2.1, §3.1). What a manager would estimate before any year.
REVERSALS_A_MONTH, DOSES_A_MONTH = 0.28, 0.11


def typical_estimates(visits_per_day: float) -> dict[str, float]:
    """What a site of this size may expect, from the visits a day that someone typed."""
    return {
        "visits": visits_per_day,
        "reversals": visits_per_day * REVERSALS_A_MONTH,
        "naloxone_doses_staff": visits_per_day * DOSES_A_MONTH,
    }


def plan_from(site: Site, first: date, visits_per_day: float) -> None:
    """The default plan from the year of `first` on, unless one already holds then."""
    new_year = first.replace(month=1, day=1)
    if not PlanLine.objects.at(site).filter(in_force_from__lte=new_year).exists():
        make_default(site, f"{first.year}", new_year, typical_estimates(visits_per_day))


def _grain(released: Released, estimate: Decimal) -> tuple[str | None, Decimal]:
    """The finest grain whose planned mean is at least 10."""
    for grain, length in released.lengths.items():
        if estimate * length >= SMALLEST_MEAN:
            return grain, estimate * length
    return None, Decimal(0)


@dataclass(frozen=True)
class InForce:
    """A line and the days it covers; a cell belongs to it when the whole period does."""

    line: PlanLine
    until: date

    def periods(self, first: date, last: date) -> Iterable[Period]:
        """Its periods with a day between first and last."""
        first = max(first, self.line.in_force_from)
        for start, end in running(self.line.grain, first, min(last, self.until)):
            if start >= self.line.in_force_from and end <= self.until:
                yield start, end

    @property
    def is_late(self) -> bool:
        return self.line.indicator.endswith(LATE)

    def due_on(self, end: date) -> date:
        return due_on(self.line.grain, end, late=self.is_late)


def in_force(lines: Iterable[PlanLine]) -> dict[str, list[InForce]]:
    """Indicator → a site's lines in time; each version holds until the day before the next one's."""
    versions = {line.in_force_from: line.plan_version for line in sorted(lines, key=lambda line: line.pk)}
    starts = sorted(versions)
    ends = {start: after - ONE_DAY for start, after in zip(starts, [*starts[1:], date.max], strict=False)}
    covered: dict[str, list[InForce]] = {}
    for line in sorted(lines, key=lambda line: line.in_force_from):
        if versions[line.in_force_from] == line.plan_version:
            covered.setdefault(line.indicator, []).append(InForce(line, ends[line.in_force_from]))
    return covered


def last_planned(site: Site) -> date:
    """A site that closes keeps its cells, zeros, to the end of that year: its totals stay whole."""
    return date(site.closed_on.year, 12, 31) if site.closed_on else date.max
