"""What a reader can compute: the bounds of whole numbers under linear relations between them.

Numbers under no relation are bounded in closed form; HiGHS bounds the others. No database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil, floor, inf

import numpy as np
from scipy.optimize import linprog

NEAR = 1e-6
# What a row rests on: the meaning of the numbers alone; that nothing came late in between; that someone else
# counts the same events as we do.
SURE, NOTHING_LATE, SAME_EVENTS = range(3)
SOLVED, ENDLESS = 0, 3
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


def bounds(system: System, asked: Iterable[int]) -> Found:
    """The least and the greatest value that each number can take."""
    asked = list(asked)
    rows = _binding(system, set(asked))
    found = Found({n: system.numbers[n] for n in asked}, rows=len(rows))
    wanted = set(asked)
    for numbers, its in _components(rows):
        if tied := sorted(wanted & numbers):
            _solve(system, sorted(numbers), its, tied, found)
    return found


# --- Rows that say something -------------------------------------------------------------
def _binding(system: System, asked: set[int]) -> list[Row]:
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


def _components(rows: list[Row]) -> list[tuple[set[int], list[Row]]]:
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


# --- Programs ----------------------------------------------------------------------------
def _solve(system: System, numbers: list[int], rows: list[Row], asked: list[int], found: Found) -> None:
    program = _agreeing(system, numbers, rows, found)
    if program is None:
        return
    known: dict[tuple, Bounds] = {}
    for n in asked:
        low, high = system.numbers[n]
        # Numbers with the same width in the same rows may change places: one answer is that of all.
        like = (high - low, program.column(n))
        if like not in known:
            known[like] = (program.least(n) - low, program.most(n) - low)
        least, most = known[like]
        found.bounds[n] = (ceil(low + least - NEAR), floor(low + most + NEAR) if most < inf else inf)
    found.programs += program.solved


def _agreeing(system: System, numbers: list[int], rows: list[Row], found: Found) -> "Program | None":
    """The rows that what was published does not refute: those in doubt may be wrong, and then tell nothing.

    Sure ones can be refuted too, by a net loss that is carried to the next year (R7).
    """
    for doubt in (SAME_EVENTS, NOTHING_LATE, SURE):
        held = [row for row in rows if row.doubt <= doubt]
        if held and (program := Program(system, numbers, held)).agrees():
            return program
        found.programs += bool(held)
    return None


class Program:
    """The rows of one component as HiGHS takes them: A x ≤ b."""

    def __init__(self, system: System, numbers: list[int], rows: list[Row]):
        self.place = {n: i for i, n in enumerate(numbers)}
        self.box = [system.numbers[n] for n in numbers]
        self.solved = 0
        lines, limits = [], []
        for row in rows:
            line = np.zeros(len(numbers))
            for n, a in row.terms.items():
                line[self.place[n]] = a
            for sign, limit in ((1, row.high), (-1, -row.low)):
                if limit < inf:
                    lines.append(sign * line)
                    limits.append(limit)
        self.lines, self.limits = np.array(lines), np.array(limits, dtype=float)

    def column(self, n: int) -> bytes:
        return self.lines[:, self.place[n]].tobytes()

    def agrees(self) -> bool:
        return self._run(np.zeros(len(self.box))).status == SOLVED

    def least(self, n: int) -> float:
        return self._extreme(n, 1)

    def most(self, n: int) -> float:
        return -self._extreme(n, -1)

    def _extreme(self, n: int, sign: int) -> float:
        aim = np.zeros(len(self.box))
        aim[self.place[n]] = sign
        answer = self._run(aim)
        if answer.status not in (SOLVED, ENDLESS):
            raise ArithmeticError(answer.message)
        return answer.fun if answer.status == SOLVED else -inf

    def _run(self, aim):
        self.solved += 1
        return linprog(aim, A_ub=self.lines, b_ub=self.limits, bounds=self.box, method="highs")
