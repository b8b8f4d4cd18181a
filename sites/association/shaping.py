"""The shape of a segmented regression: which days, which coefficients, and when there is too little to tell.

Level and slope change once; weekdays and a season join where there is enough to tell them: ten events a
coefficient.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import cos, pi, sin

from sites.association.terms import Refusal, Term

BEFORE, AFTER = timedelta(days=730), timedelta(days=182)
FEWEST_BEFORE, FEWEST_AFTER = 56, 28
FEWEST_EVENTS_A_SIDE, EVENTS_A_COEFFICIENT = 10, 10
A_MONTH, A_WEEK, A_YEAR = 28, 7, 365.25
TWO_YEARS = timedelta(days=700)
LEVEL_AND_SLOPE = 4
ONE, TREND, LEVEL, SLOPE = range(LEVEL_AND_SLOPE)


@dataclass(frozen=True)
class Day:
    """A service day on which something was consumed."""

    day: date
    events: int
    exposure: int


@dataclass(frozen=True)
class Segments:
    """Days in order around what happened from `first` to `until`; its own days are in neither part."""

    days: Sequence[Day]
    first: date
    until: date

    def __post_init__(self):
        apart = [one for one in self.days if not self.first <= one.day <= self.until]
        object.__setattr__(self, "days", sorted(apart, key=lambda one: one.day))

    @property
    def before(self) -> list[Day]:
        return [one for one in self.days if one.day < self.first]

    @property
    def after(self) -> list[Day]:
        return [one for one in self.days if one.day > self.until]

    @property
    def weekdays(self) -> list[int]:
        """Those with a coefficient of their own: all that occur, but one."""
        return sorted({one.day.weekday() for one in self.days})[1:]

    def refusal(self) -> Refusal | None:
        before, after = self.before, self.after
        if len(before) < FEWEST_BEFORE:
            return Refusal.FEW_BEFORE
        if len(after) < FEWEST_AFTER:
            return Refusal.FEW_AFTER
        sides = [sum(one.events for one in side) for side in (before, after)]
        if min(sides) < FEWEST_EVENTS_A_SIDE or sum(sides) < LEVEL_AND_SLOPE * EVENTS_A_COEFFICIENT:
            return Refusal.FEW_EVENTS
        return None

    def terms(self) -> list[Term]:
        """What is told apart besides level and slope."""
        left = sum(one.events for one in self.days) // EVENTS_A_COEFFICIENT - LEVEL_AND_SLOPE
        found = []
        if left >= len(self.weekdays) > 0:
            found.append(Term.WEEKDAY)
            left -= len(self.weekdays)
        if left >= 2 and self.days[0].day <= self.first - TWO_YEARS:
            found.append(Term.SEASON)
        return found

    def row(self, day: date, terms: Sequence[Term], *, unchanged: bool = False) -> list[float]:
        """The columns of a day; `unchanged`: as if the trend from before had gone on."""
        since = (day - self.until).days if day > self.until and not unchanged else 0
        row = [1.0, (day - self.first).days / A_MONTH, float(since > 0), since / A_MONTH]
        if Term.WEEKDAY in terms:
            row += [float(day.weekday() == weekday) for weekday in self.weekdays]
        if Term.SEASON in terms:
            angle = 2 * pi * day.timetuple().tm_yday / A_YEAR
            row += [cos(angle), sin(angle)]
        return row
