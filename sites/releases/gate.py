"""The gate of privacy.md R9: nothing is sealed that lets a reader bound a cell to a width under 4.

It sees published values, candidates and the other neighbour of each; never a count. So its decisions add
nothing to what was published, and the bounds hold by construction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sites.releases.bounds import bounds
from sites.releases.terms import LATE, NARROWEST
from sites.releases.weaving import Elsewhere, Known, Woven, weave, weave_late

# site, plan version, indicator
Stopped = tuple[int, str, str]


@dataclass(frozen=True)
class Candidate:
    """A cell about to be sealed: its drawn value, and the other multiple next to its count, if there is one.

    `parts`: how many parts its period has.
    """

    drawn: Known
    other: int | None
    parts: int
    plan_version: str

    @property
    def stops(self) -> Stopped:
        """What is not sealed when it cannot be: its indicator at its site, the late part with it."""
        return self.drawn.site, self.plan_version, self.drawn.indicator.removesuffix(LATE)

    def stops_cell(self, cell: Known) -> bool:
        """Of one batch, so of one plan version."""
        return (cell.site, cell.indicator.removesuffix(LATE)) == (self.drawn.site, self.stops[2])


@dataclass
class Evidence:
    """What the gate did, for the register.

    `relations` and `narrowest` are of what is sealed, so published values give them too. `programs` and
    `other_neighbour` also tell of what was refused, and stay inside.
    """

    cells: int = 0
    relations: int = 0
    programs: int = 0
    narrowest: int | None = None
    other_neighbour: int = 0

    def free(self, cell: Known) -> None:
        """A cell under no relation: bounded by its own value."""
        self.cells += 1
        self.passed([cell.high - cell.low])

    def add(self, other: "Evidence") -> None:
        """What was found of cells that are already among these."""
        self.relations += other.relations
        self.programs += other.programs
        self.other_neighbour += other.other_neighbour
        self.passed([] if other.narrowest is None else [other.narrowest])

    def passed(self, widths: Iterable[float]) -> None:
        """Those that others made narrow before are not the gate's."""
        ours = [int(width) for width in widths if width >= NARROWEST]
        self.narrowest = min(ours if self.narrowest is None else [self.narrowest, *ours], default=None)


@dataclass
class Verdict:
    """The value of each candidate that may be sealed, and which indicators of which sites stop."""

    values: dict[Known, int] = field(default_factory=dict)
    stopped: set[Stopped] = field(default_factory=set)
    evidence: Evidence = field(default_factory=Evidence)


@dataclass(frozen=True)
class Beside:
    """What was published before, as far as relations tie it to the candidates."""

    cells: tuple[Known, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    late: bool = False

    def woven(self, candidates: Sequence[Known], parts: dict) -> Woven:
        cells = [*self.cells, *candidates]
        if self.late:
            return weave_late(cells)
        held: dict[tuple, int] = {}
        for cell in candidates:
            held[cell.group] = held.get(cell.group, 0) + 1
        return weave(cells, {group for group, n in held.items() if n < parts[group]}, self.elsewhere)


def judge(candidates: Sequence[Candidate], beside: Beside) -> Verdict:
    """Decide on candidates one by one, in plan order.

    Bounds only narrow as cells are added: when many pass together, each would have passed in its turn. So as
    many as pass are taken at once, and only the one that does not is tried with its other neighbour.
    """
    verdict, rest = Verdict(), list(candidates)
    taken: dict[Known, Known] = {}
    trial = Trial(beside, {one.drawn.group: one.parts for one in candidates}, verdict.evidence)
    while rest:
        passing = trial.how_many_pass(taken, rest)
        taken |= {one.drawn: one.drawn for one in rest[:passing]}
        refused, rest = rest[passing : passing + 1], rest[passing + 1 :]
        for one in refused:
            other = one.other is not None and replace(one.drawn, value=one.other)
            if other and trial.passes([other], taken):
                taken[one.drawn] = other
                verdict.evidence.other_neighbour += 1
            else:
                verdict.stopped.add(one.stops)
                taken = {drawn: cell for drawn, cell in taken.items() if not one.stops_cell(drawn)}
                rest = [after for after in rest if after.stops != one.stops]
    verdict.values = {drawn: cell.value for drawn, cell in taken.items()}
    return verdict


@dataclass
class Trial:
    """Tries cells beside what is known, and writes down what it took."""

    beside: Beside
    parts: dict[tuple, int]
    evidence: Evidence

    def how_many_pass(self, taken: dict[Known, Known], rest: Sequence[Candidate]) -> int:
        cells = [one.drawn for one in rest]
        if self.passes(cells, taken):
            return len(cells)
        passing, failing = 0, len(cells)
        while failing - passing > 1:
            middle = (passing + failing) // 2
            if self.passes(cells[:middle], taken):
                passing = middle
            else:
                failing = middle
        return passing

    def passes(self, cells: Sequence[Known], taken: dict[Known, Known]) -> bool:
        """Whether no cell is narrower with these than 4; one that others made narrow may stay as it was."""
        before = [*taken.values()]
        widths, relations = self._widths([*before, *cells])
        if min(widths) < NARROWEST:
            hidden = [replace(cell, hidden=True) for cell in cells]
            known, _relations = self._widths([*before, *hidden])
            pairs = zip(widths, known, strict=True)
            if any(width < NARROWEST and width < width_before for width, width_before in pairs):
                return False
        self.evidence.passed(widths)
        self.evidence.relations = relations
        return True

    def _widths(self, candidates: list[Known]) -> tuple[list[float], int]:
        """The width of each cell, and how many relations bind."""
        woven = self.beside.woven(candidates, self.parts)
        found = bounds(woven.system, woven.cells.values())
        self.evidence.programs += found.programs
        return [found.bounds[n][1] - found.bounds[n][0] for n in woven.cells.values()], found.rows
