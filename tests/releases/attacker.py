"""An attacker of published releases: knows the files, what the columns mean, and nothing of the product.

Every published row says that a sum of unknown whole numbers lies between two bounds. Sums of one site over
time, of sites over a region, and of the parts of a breakdown are put together: first by propagating bounds
of whole numbers, then with two linear programs for each cell that is still in doubt.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations
from math import ceil, floor, inf

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

EPS = 1e-6
DAY = timedelta(days=1)
SAFE = 4
PUSHES = 5
# Breakdowns of the same events, by the definitions printed beside them.
SAME = (("visits", "visits_by_substance", "visits_by_age"),)
SUBSETS = (
    ("visits", "arrivals"),
    ("visits_with_emergency", "arrivals"),
    ("od_naloxone_staff", "naloxone_doses_staff"),
)


@dataclass(frozen=True)
class Fact:
    """One published row: between low and high events."""

    site: str
    region: str
    indicator: str
    category: str
    first: date
    last: date
    low: int
    high: int
    release: str = ""

    @property
    def series(self) -> tuple[str, str, str]:
        return self.site, self.indicator, self.category


@dataclass(frozen=True)
class Leak:
    fact: Fact
    low: int
    high: int


@dataclass
class Found:
    """What the attacker knows in the end: how many cells were looked at, and those bounded too closely."""

    cells: int = 0
    leaks: list[Leak] = field(default_factory=list)
    programs: int = 0

    @property
    def exact(self) -> int:
        return sum(leak.low == leak.high for leak in self.leaks)


def facts_of(rows: Iterable[Mapping[str, str]]) -> list[Fact]:
    """Rows of every release.csv, as read by a csv reader."""
    return [
        Fact(
            row["site"], row["region"], row["indicator"], row["category"],
            date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"]),
            int(row["lower"]), int(row["upper"]), row["release_id"],
        )
        for row in rows
    ]  # fmt: skip


def attack(facts: list[Fact], *, nothing_late: bool = True) -> Found:
    """Bound every cell that no finer row of its site tells apart.

    `nothing_late`: also take for granted that a breakdown and its total were counted at the same time; where
    that contradicts what is published, do without.
    """
    knowledge = Knowledge(facts, nothing_late)
    found = Found()
    for part in knowledge.parts():
        _break(part, found)
    return found


# --- Unknown numbers and what ties them ------------------------------------------------------
@dataclass
class Part:
    """Unknown numbers that rows tie together, and the cells to bound among them."""

    low: np.ndarray
    high: np.ndarray
    rows: list[tuple[list[int], list[int], float, float, bool]]
    cells: list[tuple[Fact, list[int]]]


class Knowledge:
    def __init__(self, facts: list[Fact], nothing_late: bool):
        self.facts, self.nothing_late = facts, nothing_late
        self.region_of = {f.site: f.region for f in facts if f.site != "ALL"}
        self.cuts: dict[tuple, set[date]] = defaultdict(set)
        self.number: dict[tuple, int] = {}
        self.rows: list[tuple[list[int], list[int], float, float, bool]] = []
        series: dict[tuple[str, str], set[str]] = defaultdict(set)
        for fact in facts:
            if fact.site != "ALL":
                series[fact.indicator, fact.category].add(fact.site)
        self.sites_of = series
        for fact in facts:
            for site in self.members(fact):
                self.cuts[site, fact.indicator, fact.category] |= {fact.first, fact.last + DAY}
        self.edges = {name: sorted(cuts) for name, cuts in self.cuts.items()}
        for fact in facts:
            self.rows.append((self.numbers(fact), [], fact.low, fact.high, True))
        self.tie_breakdowns()
        self.tie_subsets()

    def members(self, fact: Fact) -> list[str]:
        if fact.site != "ALL":
            return [fact.site]
        sites = self.sites_of[fact.indicator, fact.category]
        return sorted(s for s in sites if fact.region in ("ALL", self.region_of[s]))

    def span(self, site: str, indicator: str, category: str, first: date, last: date) -> list[int] | None:
        """The unknown numbers of a series from first to last, or None when its pieces do not fit."""
        edges = self.edges.get((site, indicator, category), [])
        if first not in edges or last + DAY not in edges:
            return None
        inside = edges[edges.index(first) : edges.index(last + DAY)]
        return [
            self.number.setdefault((site, indicator, category, edge), len(self.number)) for edge in inside
        ]

    def numbers(self, fact: Fact) -> list[int]:
        return [
            n
            for site in self.members(fact)
            for n in self.span(site, fact.indicator, fact.category, fact.first, fact.last)
        ]

    def told_by_site(self) -> dict[tuple[str, str], dict[tuple[date, date], list[Fact]]]:
        """(site, indicator) → period → its parts, of the rows of one site."""
        told: dict = defaultdict(lambda: defaultdict(list))
        for fact in self.facts:
            if fact.site != "ALL":
                told[fact.site, fact.indicator][fact.first, fact.last].append(fact)
        return told

    def tie_breakdowns(self) -> None:
        """The same events cut in two: sure when both came out together, else as far as nothing came late."""
        told = self.told_by_site()
        for same in SAME:
            for site in sorted(self.region_of):
                spans: dict[tuple[date, date], list[list[Fact]]] = defaultdict(list)
                for indicator in same:
                    for period, parts in told.get((site, indicator), {}).items():
                        spans[period].append(parts)
                for cuts in spans.values():
                    for one, other in combinations(cuts, 2):
                        self.tie_equal(one, other, together(one, other))
                self.tie_late(site, same, told)

    def tie_equal(self, one: list[Fact], other: list[Fact], sure: bool) -> None:
        if sure or self.nothing_late:
            left, right = ([n for fact in its for n in self.numbers(fact)] for its in (one, other))
            self.rows.append((left, right, 0, 0, sure))

    def tie_late(self, site: str, same: tuple[str, ...], told) -> None:
        """What came late after two cuts that always came out together is the same for both."""
        for one, other in combinations(same, 2):
            ours, theirs = told.get((site, one), {}), told.get((site, other), {})
            if ours.keys() == theirs.keys() and all(together(ours[p], theirs[p]) for p in ours):
                for period, late in told.get((site, f"{one}_late"), {}).items():
                    if period in told.get((site, f"{other}_late"), {}):
                        self.tie_equal(late, told[site, f"{other}_late"][period], True)

    def tie_subsets(self) -> None:
        told = self.told_by_site()
        for inner, outer in SUBSETS:
            for site in sorted(self.region_of):
                for period in told.get((site, inner), {}):
                    left, right = (
                        self.span(site, inner, "ALL", *period),
                        self.span(site, outer, "ALL", *period),
                    )
                    if left and right and self.nothing_late:
                        self.rows.append((left, right, -inf, 0, False))

    def leaves(self) -> list[Fact]:
        """Rows of one site that no finer row of the same series divides."""
        by_series: dict[tuple, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            if fact.site != "ALL":
                by_series[fact.series].append(fact)
        found = []
        for its in by_series.values():
            for fact in its:
                finer = (o for o in its if o is not fact and fact.first <= o.first and o.last <= fact.last)
                if not any((o.first, o.last) != (fact.first, fact.last) for o in finer):
                    found.append(fact)
        return found

    def parts(self) -> list[Part]:
        parent = list(range(len(self.number)))

        def root(n: int) -> int:
            while parent[n] != n:
                parent[n] = parent[parent[n]]
                n = parent[n]
            return n

        leaves = [(fact, self.numbers(fact)) for fact in self.leaves()]
        for plus, minus, *_ in self.rows:
            for n in (*plus, *minus):
                parent[root(n)] = root((plus or minus)[0])
        members: dict[int, list[int]] = defaultdict(list)
        for n in range(len(self.number)):
            members[root(n)].append(n)
        rows, cells = defaultdict(list), defaultdict(list)
        for row in self.rows:
            rows[root((row[0] or row[1])[0])].append(row)
        for fact, numbers in leaves:
            cells[root(numbers[0])].append((fact, numbers))
        return [self.part(its, rows[top], cells[top]) for top, its in members.items() if cells[top]]

    @staticmethod
    def part(numbers, rows, cells) -> Part:
        place = {n: i for i, n in enumerate(numbers)}
        moved = [([place[n] for n in a], [place[n] for n in b], *rest) for a, b, *rest in rows]
        return Part(
            np.zeros(len(numbers)), np.full(len(numbers), inf), moved,
            [(fact, [place[n] for n in its]) for fact, its in cells],
        )  # fmt: skip


def together(one: list[Fact], other: list[Fact]) -> bool:
    return len({fact.release for fact in (*one, *other)}) == 1


# --- Breaking one part -----------------------------------------------------------------------
def _break(part: Part, found: Found) -> None:
    sure = [row for row in part.rows if row[4]]
    for rows in (part.rows, sure):
        propagated = _propagate(part, rows)
        if propagated is None:
            continue
        part.rows, (part.low, part.high) = rows, propagated
        program = _program(part)
        if program is None or _solve(program, np.zeros(len(part.low)), found) is not None:
            _bound(part, program, found)
            return
        part.low, part.high = np.zeros(len(part.low)), np.full(len(part.low), inf)
    raise AssertionError("the release contradicts itself")


def _bound(part: Part, program, found: Found) -> None:
    """A cell that is SAFE apart in two possible worlds is safe; two programs bound each of the others."""
    cells = _sums(part)
    low, high = cells @ part.low, cells @ np.where(np.isinf(part.high), 1e9, part.high)
    if program is not None:
        least, most = _met(part, program, cells, found)
        for n in np.flatnonzero(most - least < SAFE):
            aim = cells[[n]].toarray()[0]
            low[n] = max(low[n], (cells @ _solve(program, aim, found))[n])
            high[n] = min(high[n], (cells @ _solve(program, -aim, found))[n])
    for (fact, _numbers), least, most in zip(part.cells, low, high, strict=True):
        _judge(found, fact, least, most)


def _sums(part: Part):
    """Row by row, which numbers each cell adds up."""
    places = [(line, n) for line, (_fact, its) in enumerate(part.cells) for n in its]
    lines, columns = zip(*places, strict=True)
    return csr_array((np.ones(len(places)), (lines, columns)), shape=(len(part.cells), len(part.low)))


def _met(part: Part, program, cells, found: Found) -> tuple[np.ndarray, np.ndarray]:
    """The least and greatest whole value of each cell in some possible worlds, pushed at random."""
    rng = np.random.default_rng(1)
    least, most = np.full(len(part.cells), inf), np.full(len(part.cells), -inf)
    for _ in range(PUSHES):
        aim = rng.choice([-1.0, 1.0], len(part.low))
        for sign in (1, -1):
            values = cells @ _solve(program, sign * aim, found)
            whole = np.abs(values - np.round(values)) < EPS
            least = np.where(whole, np.minimum(least, values), least)
            most = np.where(whole, np.maximum(most, values), most)
    return least, most


def _judge(found: Found, fact: Fact, low: float, high: float) -> None:
    found.cells += 1
    least, most = ceil(low - EPS), floor(high + EPS)
    if most - least < SAFE:
        found.leaks.append(Leak(fact, least, most))


def _propagate(part: Part, rows) -> tuple[np.ndarray, np.ndarray] | None:
    """Bounds of single numbers, by what each row leaves for them; None when nothing is possible."""
    low, high = part.low.copy(), part.high.copy()
    changed = True
    while changed:
        changed = False
        for plus, minus, least, most, _sure in rows:
            bottom, top = low[plus].sum() - high[minus].sum(), high[plus].sum() - low[minus].sum()
            if bottom > most + EPS or top < least - EPS:
                return None
            for n in plus:
                up = most - (bottom - low[n]) if bottom > -inf else inf
                down = least - (top - high[n]) if top < inf else -inf
                changed |= _tighten(low, high, n, down, up)
            for n in minus:
                up = top + low[n] - least if top < inf else inf
                down = bottom + high[n] - most if bottom > -inf and high[n] < inf else -inf
                changed |= _tighten(low, high, n, down, up)
            if (low > high + EPS).any():
                return None
    return low, high


def _tighten(low, high, n: int, down: float, up: float) -> bool:
    down = ceil(down - EPS) if down > -inf else down
    up = floor(up + EPS) if up < inf else up
    better = down > low[n] or up < high[n]
    low[n], high[n] = max(low[n], down), min(high[n], up)
    return better


def _program(part: Part):
    """The rows that bounds of single numbers do not already imply, as A x ≤ b; None when there are none."""
    entries, limits = [], []
    for plus, minus, least, most, _sure in part.rows:
        bottom = part.low[plus].sum() - part.high[minus].sum()
        top = part.high[plus].sum() - part.low[minus].sum()
        for sign, limit, reached in ((1, most, top), (-1, -least, -bottom)):
            if limit < inf and reached > limit + EPS:
                line = len(limits)
                entries += [(line, n, sign) for n in plus] + [(line, n, -sign) for n in minus]
                limits.append(limit)
    if not limits:
        return None
    lines, columns, values = zip(*entries, strict=True)
    matrix = csr_array((values, (lines, columns)), shape=(len(limits), len(part.low)))
    box = [(low, None if high == inf else high) for low, high in zip(part.low, part.high, strict=True)]
    return matrix, limits, box


def _solve(program, aim, found: Found):
    """A possible world that makes the aim least, or None when no world is possible."""
    matrix, limits, box = program
    found.programs += 1
    answer = linprog(aim, A_ub=matrix, b_ub=limits, bounds=box, method="highs")
    return answer.x if answer.status == 0 else None
