"""Published cells as a system of whole numbers tied by their relations. Knows no count and no database.

On time, the events of a site are counted by the smallest spans of days that published periods cut (atoms):
every period is the sum of its atoms, whichever indicator cuts it and however.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from math import inf

from sites.indicators.periods import ONE_DAY
from sites.releases.draw import lower, upper
from sites.releases.relations import AT_MOST, events_of
from sites.releases.system import NOTHING_LATE, SAME_EVENTS, SURE, System
from sites.releases.terms import ALL, LATE

Period = tuple[date, date]


@dataclass(frozen=True)
class Known:
    """A cell with its published value, or the one that is about to be."""

    site: int
    indicator: str
    category: str
    period: Period
    value: int
    base: int
    sealed_at: datetime
    # Not said yet: any number of events.
    hidden: bool = False

    @property
    def low(self) -> int:
        return 0 if self.hidden else lower(self.value, self.base)

    @property
    def high(self) -> float:
        return inf if self.hidden else upper(self.value, self.base)

    @property
    def group(self) -> tuple[int, str, Period]:
        """The parts of one period stand together."""
        return self.site, self.indicator, self.period


@dataclass(frozen=True)
class Elsewhere:
    """What someone else published: bounds of a sum over sites of service days.

    `inner` and `outer` differ where calendar days were counted: a figure of theirs holds at least the
    service days of `inner` and at most those of `outer`.
    """

    sites: tuple[int, ...]
    indicator: str
    inner: Period | None
    outer: Period
    low: int
    high: int


@dataclass
class Woven:
    """A system, and which of its numbers each cell is."""

    system: System = field(default_factory=System)
    cells: dict[Known, int] = field(default_factory=dict)

    def add(self, cells: Iterable[Known]) -> None:
        for cell in cells:
            self.cells[cell] = self.system.number(cell.low, cell.high)


Groups = dict[tuple[int, str, Period], list[Known]]


def grouped(cells: Iterable[Known]) -> Groups:
    found: Groups = {}
    for cell in cells:
        found.setdefault(cell.group, []).append(cell)
    return found


# --- On time -----------------------------------------------------------------------------
def weave(cells: list[Known], open_groups: set, elsewhere: Iterable[Elsewhere] = ()) -> Woven:
    """`open_groups`: those of which not every part is known yet."""
    woven, elsewhere = Woven(), list(elsewhere)
    woven.add(cells)
    groups = grouped(cells)
    events = Events(woven, groups, open_groups, _edges(groups, elsewhere))
    for group, its in groups.items():
        events.tie(group, its)
    for pair in AT_MOST:
        events.tie_at_most(pair)
    for figure in elsewhere:
        events.tie_elsewhere(figure)
    _tie_sealed_together(woven, groups, open_groups)
    return woven


def _edges(groups: Groups, elsewhere: list[Elsewhere]) -> dict[int, list[date]]:
    """Site → the first day of each atom, and of what follows the last one."""
    found: dict[int, set[date]] = {}
    for site, _indicator, (first, last) in groups:
        found.setdefault(site, set()).update((first, last + ONE_DAY))
    for figure in elsewhere:
        for first, last in filter(None, (figure.inner, figure.outer)):
            for site in figure.sites:
                found.setdefault(site, set()).update((first, last + ONE_DAY))
    return {site: sorted(edges) for site, edges in found.items()}


@dataclass
class Events:
    """The unknown numbers of events of each site in each atom; an atom that is one cell is that cell."""

    woven: Woven
    groups: Groups
    open_groups: set
    edges: dict[int, list[date]]
    numbers: dict[tuple[int, str, date], int] = field(default_factory=dict)
    sealed: dict[tuple[int, str, date], datetime] = field(default_factory=dict)

    def __post_init__(self):
        for group, its in self.groups.items():
            site, indicator, period = group
            atoms = self.atoms(site, period)
            whole = group not in self.open_groups and [cell.category for cell in its] == [ALL]
            place = (site, events_of(indicator), atoms[0])
            if whole and len(atoms) == 1 and place not in self.numbers:
                self.numbers[place] = self.woven.cells[its[0]]
                self.sealed[place] = its[0].sealed_at

    def atoms(self, site: int, period: Period) -> list[date]:
        edges = self.edges[site]
        return edges[bisect_left(edges, period[0]) : bisect_left(edges, period[1] + ONE_DAY)]

    def number(self, site: int, events: str, atom: date) -> int:
        place = (site, events, atom)
        if place not in self.numbers:
            self.numbers[place] = self.woven.system.number()
        return self.numbers[place]

    def sum(self, site: int, events: str, period: Period, times: int = 1) -> dict[int, float]:
        return {self.number(site, events, atom): times for atom in self.atoms(site, period)}

    def tie(self, group: tuple[int, str, Period], its: list[Known]) -> None:
        """The parts of a period add up to the events in it, as far as nothing came late in between."""
        site, indicator, period = group
        terms = self.sum(site, events_of(indicator), period, times=-1)
        for cell in its:
            n = self.woven.cells[cell]
            terms[n] = terms.get(n, 0) + 1
        if group in self.open_groups:
            terms[self.woven.system.number()] = 1
        if any(terms.values()):
            self.woven.system.tie(terms, doubt=NOTHING_LATE)

    def tie_at_most(self, pair) -> None:
        for site, events, atom in list(self.numbers):
            if events == pair.left:
                left, right = (site, pair.left, atom), (site, pair.right, atom)
                terms = {self.numbers[left]: 1, self.number(*right): -pair.times}
                together = left in self.sealed and self.sealed[left] == self.sealed.get(right)
                doubt = SURE if together else NOTHING_LATE
                self.woven.system.tie(terms, -inf, 0, doubt=doubt)

    def tie_elsewhere(self, figure: Elsewhere) -> None:
        if figure.inner == figure.outer:
            self._tie_sum(figure, figure.outer, figure.low, figure.high)
            return
        self._tie_sum(figure, figure.outer, figure.low, inf)
        if figure.inner:
            self._tie_sum(figure, figure.inner, 0, figure.high)

    def _tie_sum(self, figure: Elsewhere, period: Period, low: float, high: float) -> None:
        terms: dict[int, float] = {}
        for site in figure.sites:
            terms |= self.sum(site, events_of(figure.indicator), period)
        self.woven.system.tie(terms, low, high, doubt=SAME_EVENTS)


def _tie_sealed_together(woven: Woven, groups: Groups, open_groups: set) -> None:
    """Two cuts of the same events and days, counted at the same instant, add up to the same."""
    first: dict[tuple, list[Known]] = {}
    for group, its in groups.items():
        if group in open_groups:
            continue
        site, indicator, period = group
        other = first.setdefault((site, events_of(indicator), period, its[0].sealed_at), its)
        if other is not its:
            terms = {woven.cells[cell]: 1.0 for cell in its}
            terms |= {woven.cells[cell]: -1.0 for cell in other}
            woven.system.tie(terms)


# --- Late --------------------------------------------------------------------------------
def weave_late(cells: list[Known]) -> Woven:
    """A year of one kind of events, its late parts included: each cut of it, with what it counts late, adds
    up to the same, because late parts are counted together (unless a net loss was carried over)."""
    woven = Woven()
    woven.add(cells)
    on_time = [cell for cell in cells if not cell.indicator.endswith(LATE)]
    _tie_sealed_together(woven, grouped(on_time), set())
    totals: dict[tuple, int] = {}
    for cell in cells:
        if cell.indicator.endswith(LATE):
            indicator = cell.indicator.removesuffix(LATE)
            its = [one for one in on_time if (one.site, one.indicator) == (cell.site, indicator)]
            if not _reach_the_end(its, cell.period[1]):
                continue
            place = (cell.site, events_of(indicator), cell.sealed_at)
            if place not in totals:
                totals[place] = woven.system.number()
            terms = {woven.cells[one]: 1.0 for one in [*its, cell]}
            woven.system.tie(terms | {totals[place]: -1.0})
    return woven


def _reach_the_end(cells: list[Known], last: date) -> bool:
    """Whether periods follow each other without a gap, to the last day."""
    periods = sorted({cell.period for cell in cells})
    touching = all(a[1] + ONE_DAY == b[0] for a, b in zip(periods, periods[1:], strict=False))
    return bool(periods) and periods[-1][1] == last and touching
