"""Simulated years of one site, counts drawn directly: planned, drawn and judged as the product does.

`python -m tests.releases` prints the table of docs/releases.md.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from math import sqrt

import numpy as np

from sites.indicators.periods import ONE_DAY, Period, running
from sites.releases.draw import cell_id, drawn, other_neighbour
from sites.releases.gate import Beside, Candidate, judge
from sites.releases.periods import LAG, LATE_LAG
from sites.releases.planning import Proposed, default_plan
from sites.releases.terms import ALL, LATE
from sites.releases.weaving import Known

SITE = "S01"
SIZES = (8, 16, 32, 60, 120, 215)
BREAKDOWNS = ("visits_by_substance", "visits_by_age")
LATE_SHARE = 0.004  # of visits, told after their day was sealed; assumption
WEEKDAYS = (0.93, 0.95, 0.98, 1.02, 1.12, 1.10, 0.90)


@dataclass
class Cell:
    indicator: str
    category: str
    grain: str
    period: Period
    base: int
    parts: int
    count: int
    due: date
    value: int = 0

    @property
    def error(self) -> int:
        return self.value - self.count


@dataclass
class Year:
    """What one site sealed in a year, and what its cells really held."""

    cells: list[Cell] = field(default_factory=list)
    stopped: set = field(default_factory=set)
    other_neighbour: int = 0
    programs: int = 0


def simulated(visits_per_day: float, seed: int, year: int = 2026) -> Year:
    """One year of a site of this size, by the default plan."""
    rng = np.random.default_rng([seed, int(100 * visits_per_day)])
    plan = [one for one in default_plan({"visits": visits_per_day}) if one.grain]
    cells = list(_counted(plan, visits_per_day, year, rng))
    return _sealed(sorted(cells, key=lambda cell: cell.due), seed)


# --- What happened ------------------------------------------------------------------------
def _counted(plan: list[Proposed], visits: float, year: int, rng) -> Iterator[Cell]:
    days = [date(year, 1, 1) + timedelta(n) for n in range(365)]
    lasts = days[-1]
    came = {day: rng.poisson(visits * WEEKDAYS[day.weekday()]) for day in days}
    told_late = {day: rng.binomial(came[day], LATE_SHARE) for day in days}
    # Half of what comes after the day was sealed comes before its quarter is.
    before_quarter = {day: rng.binomial(told_late[day], 0.5) for day in days}
    for one in plan:
        code, late = one.released.code, 0
        for period in running(one.grain, days[0], lasts):
            if period[0] < days[0] or period[1] > lasts:
                continue
            counts = _in_period(one, period, came, told_late, before_quarter, rng)
            for figure, count in zip(one.figures, counts, strict=True):
                due = period[1] + timedelta(days=LAG[one.grain])
                yield Cell(
                    code, figure.part.code, one.grain, period, figure.base, len(counts), int(count), due
                )
        if code == "visits":
            late = sum(told_late.values())
        elif code in BREAKDOWNS:
            late = sum(told_late[day] - before_quarter[day] for day in days)
        last = lasts + timedelta(days=LATE_LAG)
        yield Cell(code + LATE, ALL, "year", (days[0], lasts), one.released.base, 1, int(late), last)


def _in_period(one: Proposed, period: Period, came, told_late, before_quarter, rng):
    inside = [period[0] + timedelta(n) for n in range((period[1] - period[0] + ONE_DAY).days)]
    total = sum(came[day] - told_late[day] for day in inside)
    if one.released.code == "visits":
        return [total]
    if one.released.code in BREAKDOWNS:
        whole = total + sum(before_quarter[day] for day in inside)
        return rng.multinomial(whole, _shares(one))
    return [rng.poisson(figure.mean) for figure in one.figures]


def _shares(one: Proposed) -> list[float]:
    whole = sum(figure.mean for figure in one.figures)
    return [figure.mean / whole for figure in one.figures]


# --- How it is sealed -----------------------------------------------------------------------
def _sealed(cells: list[Cell], seed: int) -> Year:
    year, sealed = Year(), []
    key = hashlib.sha256(f"{SITE} {seed}".encode()).digest()
    by_due: dict[date, list[Cell]] = defaultdict(list)
    for cell in cells:
        by_due[cell.due].append(cell)
    for due in sorted(by_due):
        tied = [cell for cell in by_due[due] if cell.indicator.removesuffix(LATE) in ("visits", *BREAKDOWNS)]
        for cell in by_due[due]:
            cell.value = _draw(key, cell)
        if any(cell.indicator != "visits" for cell in tied):
            _judge(year, tied, sealed)
        sealed += tied
    year.cells = cells
    return year


def _draw(key: bytes, cell: Cell) -> int:
    name = cell_id(SITE, cell.indicator, cell.grain, cell.period[0].isoformat(), cell.category)
    return drawn(key, "2026", name, cell.count, cell.base)


def _judge(year: Year, cells: list[Cell], sealed: list[Cell]) -> None:
    late = cells[0].indicator.endswith(LATE)
    span = (min(c.period[0] for c in cells), max(c.period[1] for c in cells))
    beside = [c for c in sealed if span[0] <= c.period[0] and c.period[1] <= span[1]]
    by_known = {_known(cell): cell for cell in cells}
    candidates = [
        Candidate(known, other_neighbour(cell.value, cell.count, cell.base), cell.parts, "2026")
        for known, cell in by_known.items()
    ]
    verdict = judge(candidates, Beside(tuple(map(_known, beside)), late=late))
    for known, cell in by_known.items():
        cell.value = verdict.values.get(known, cell.value)
    year.stopped |= verdict.stopped
    year.other_neighbour += verdict.evidence.other_neighbour
    year.programs += verdict.evidence.programs


def _known(cell: Cell) -> Known:
    at = datetime(cell.due.year, cell.due.month, cell.due.day, 11, tzinfo=UTC)
    return Known(1, cell.indicator, cell.category, cell.period, cell.value, cell.base, at)


# --- What it is worth -----------------------------------------------------------------------
def rmse(errors) -> float:
    errors = np.asarray(list(errors), dtype=float)
    return sqrt(float((errors**2).mean())) if len(errors) else 0.0


def sums(cells: list[Cell]) -> Iterator[tuple[int, int, int]]:
    """(number of cells, error, count) of each indicator and part over the year."""
    groups: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[cell.indicator, cell.category].append(cell)
    for its in groups.values():
        yield len(its), sum(cell.error for cell in its), sum(cell.count for cell in its)


def table(sizes, years: int) -> str:
    """Markdown: for each size and indicator the grain, the error of one figure, and that of a year, in %."""
    columns: dict[float, dict[str, str]] = {}
    codes: list[str] = []
    for size in sizes:
        made = [simulated(size, seed) for seed in range(years)]
        columns[size] = {}
        for one in default_plan({"visits": size}):
            code = one.released.code
            codes += [code] if code not in codes else []
            if not one.grain:
                columns[size][code] = "–"
                continue
            parts = []
            for figure in one.figures:
                its = [
                    [c for c in y.cells if (c.indicator, c.category) == (code, figure.part.code)]
                    for y in made
                ]
                cells = [cell for year in its for cell in year]
                year_error = rmse(sum(c.error for c in year) for year in its)
                year_mean = sum(c.count for c in cells) / years
                parts.append((100 * rmse(c.error for c in cells) / figure.mean, 100 * year_error / year_mean))
            cell, of_year = ([f"{min(x):.1f}", f"{max(x):.1f}"] for x in zip(*parts, strict=True))
            span = "–".join(dict.fromkeys(cell)), "–".join(dict.fromkeys(of_year))
            columns[size][code] = f"{one.grain}: {span[0]} % (year {span[1]} %)"
    head = "| indicator | " + " | ".join(f"{size:g} visits a day" for size in sizes) + " |"
    rule = "|---" * (len(columns) + 1) + "|"
    lines = [f"| `{code}` | " + " | ".join(columns[s][code] for s in sizes) + " |" for code in codes]
    return "\n".join([head, rule, *lines])
