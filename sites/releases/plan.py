"""The publication plan as it is read: which cells a site's lines make, and when each is sealed (R1, R7)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from django.db.models import QuerySet

from sites.indicators.periods import ONE_DAY, Period, containing, running
from sites.places.models import Site
from sites.releases.models import PlanLine
from sites.releases.terms import LATE, Grain


class Line(NamedTuple):
    """A `PlanLine` read to be used, not changed: each morning reads all of many sites."""

    pk: int
    site_id: int
    plan_version: str
    in_force_from: date
    indicator: str
    grain: str
    base: int
    lag_days: int
    parts: list[dict]

    def __hash__(self):
        return hash(self.pk)


Row = TypeVar("Row", bound=NamedTuple)


def plain(found: QuerySet, kind: type[Row]) -> Iterator[Row]:
    """Rows as tuples with names: a tenth of what it takes to make models of them."""
    return map(kind._make, found.values_list(*kind._fields))


@dataclass(frozen=True)
class InForce:
    """A line and the days it covers; a cell belongs to it when the whole period does."""

    line: PlanLine | Line
    begins: date
    until: date

    def periods(self, first: date, last: date) -> Iterable[Period]:
        """Its periods with a day between first and last."""
        first = max(first, self.begins)
        for start, end in running(self.line.grain, first, min(last, self.until)):
            if start >= self.begins and end <= self.until:
                yield start, end

    @property
    def is_late(self) -> bool:
        return self.line.indicator.endswith(LATE)

    @property
    def categories(self) -> list[str]:
        return [part["code"] for part in self.line.parts]

    def due_on(self, end: date) -> date:
        """The day whose morning seals a period that ends with `end`."""
        return end + timedelta(days=self.line.lag_days)


def in_force(lines: Iterable[PlanLine | Line]) -> dict[str, list[InForce]]:
    """Indicator → a site's lines in time; each version holds until the day before the next one's.

    Of two versions from the same day the one written last holds. A week that begins in the old year and
    ends in the new one stays with the old plan when the new one counts days or weeks.
    """
    versions = {line.in_force_from: line.plan_version for line in sorted(lines, key=lambda line: line.pk)}
    starts = sorted(versions)
    ends = {start: after - ONE_DAY for start, after in zip(starts, [*starts[1:], date.max], strict=False)}
    by_indicator: dict[str, dict[date, PlanLine | Line]] = {}
    for line in lines:
        if versions[line.in_force_from] == line.plan_version:
            by_indicator.setdefault(line.indicator, {})[line.in_force_from] = line
    return {code: _in_time(its, ends) for code, its in by_indicator.items()}


def _in_time(lines: dict[date, PlanLine | Line], ends: dict[date, date]) -> list[InForce]:
    covered: list[InForce] = []
    for start in sorted(lines):
        begins, until = start, ends[start]
        if covered and covered[-1].until >= begins:
            begins = covered[-1].until + ONE_DAY
        following = lines.get(until + ONE_DAY) if until < date.max else None
        if following and lines[start].grain == Grain.WEEK and following.grain in (Grain.DAY, Grain.WEEK):
            until = containing(Grain.WEEK, until)[1]
        covered.append(InForce(lines[start], begins, until))
    return covered


def last_planned(site: Site) -> date:
    """A site that closes keeps its cells, zeros, to the end of that year: its totals stay whole."""
    return date(site.closed_on.year, 12, 31) if site.closed_on else date.max


def newest_version(lines: Iterable[PlanLine]) -> list[PlanLine]:
    """The lines of the version that comes into force last."""
    ordered = sorted(lines, key=lambda line: (line.in_force_from, line.pk))
    return [line for line in ordered if line.plan_version == ordered[-1].plan_version]
