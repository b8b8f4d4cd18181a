"""Whole numbers under linear relations between them: what a reader knows, before anything is solved.

Numbers under no relation are bounded in closed form, here; HiGHS bounds the others (bounds.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

# What a row rests on: the meaning of the numbers alone; that nothing came late in between; that someone else
# counts the same events as we do.
SURE, NOTHING_LATE, SAME_EVENTS = range(3)
Bounds = tuple[float, float]


@dataclass(frozen=True)
class Row:
    """low ≤ Σ coefficient · number ≤ high, and how much a reader must take for granted to use it."""

    terms: Mapping[int, float]
    low: float
    high: float
    doubt: int = SURE


@dataclass
class System:
    """Numbers, each a whole one between two bounds, and the rows that tie them."""

    numbers: list[Bounds] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    def number(self, low: float = 0, high: float = inf) -> int:
        self.numbers.append((low, high))
        return len(self.numbers) - 1

    def tie(self, terms: Mapping[int, float], low: float = 0, high: float = 0, *, doubt: int = SURE) -> None:
        self.rows.append(Row({n: a for n, a in terms.items() if a}, low, high, doubt))


@dataclass
class Found:
    """Bounds of the numbers asked for; how many rows bind and how many programs were solved."""

    bounds: dict[int, Bounds] = field(default_factory=dict)
    rows: int = 0
    programs: int = 0


def binding(system: System, asked: set[int]) -> list[Row]:
    """Rows without those that hold anyway, and without free numbers that only one row speaks of."""
    rows = list(system.rows)
    while True:
        kept = [row for row in rows if not _holds_anyway(system, row)]
        spoken: dict[int, int] = {}
        for row in kept:
            for n in row.terms:
                spoken[n] = spoken.get(n, 0) + 1
        freed = [_without_free(system, row, spoken, asked) for row in kept]
        if freed == rows:
            return rows
        rows = freed


def _holds_anyway(system: System, row: Row) -> bool:
    least = sum(a * system.numbers[n][0 if a > 0 else 1] for n, a in row.terms.items())
    most = sum(a * system.numbers[n][1 if a > 0 else 0] for n, a in row.terms.items())
    return row.low <= least and most <= row.high


def _without_free(system: System, row: Row, spoken: Mapping[int, int], asked: set[int]) -> Row:
    """A number without upper bound that no other row speaks of makes up whatever one side needs."""
    terms, low, high = dict(row.terms), row.low, row.high
    for n, a in row.terms.items():
        least, most = system.numbers[n]
        if n in asked or spoken[n] > 1 or most < inf:
            continue
        del terms[n]
        low, high = (-inf, high - a * least) if a > 0 else (low - a * least, inf)
    return row if len(terms) == len(row.terms) else Row(terms, low, high, row.doubt)


def components(rows: list[Row]) -> list[tuple[set[int], list[Row]]]:
    """Rows that share numbers, together."""
    parts: list[tuple[set[int], list[Row]]] = []
    for row in rows:
        numbers, its = set(row.terms), [row]
        apart = []
        for part in parts:
            if part[0] & numbers:
                numbers |= part[0]
                its = part[1] + its
            else:
                apart.append(part)
        parts = [*apart, (numbers, its)]
    return parts
