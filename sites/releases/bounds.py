"""What a reader can compute: the bounds of whole numbers under linear relations between them, by HiGHS.

Imported by what seals alone: the web asks for bounds apart (apart.py). No database.
"""

from collections.abc import Iterable
from math import ceil, floor, inf

import numpy as np
from scipy.optimize import linprog

from sites.releases.system import (
    NOTHING_LATE,
    SAME_EVENTS,
    SURE,
    Bounds,
    Found,
    Row,
    System,
    binding,
    components,
)

NEAR = 1e-6
SOLVED, ENDLESS = 0, 3


def bounds(system: System, asked: Iterable[int]) -> Found:
    """The least and the greatest value that each number can take."""
    asked = list(asked)
    rows = binding(system, set(asked))
    found = Found({n: system.numbers[n] for n in asked}, rows=len(rows))
    wanted = set(asked)
    for numbers, its in components(rows):
        if tied := sorted(wanted & numbers):
            _solve(system, sorted(numbers), its, tied, found)
    return found


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
