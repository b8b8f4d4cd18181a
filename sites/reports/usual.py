"""What is usual: the 10th to 90th percentile of the same weekday, or of the 28 days before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sites.indicators.terms import Value

WEEKS, RECENT_DAYS = 8, 28
FEWEST_WEEKS, FEWEST_DAYS = 5, 14
LOOK_BACK = timedelta(days=7 * WEEKS)


@dataclass(frozen=True)
class Usual:
    """A range, both ends included; `of_weekday` when it is that of the same weekday."""

    low: int
    high: int
    of_weekday: bool = False

    def place(self, value: Value) -> int:
        """-1 below, 0 inside, 1 above."""
        return 0 if value is None else (value > self.high) - (value < self.low)


def usual_range(
    series: Mapping[date, Value], day: date, closed: set[date], *, by_weekday: bool = False
) -> Usual | None:
    """What is usual before that day; None when there is too little to compare with. Closed days count not."""

    def known(days) -> list[float]:
        return [float(v) for d in days if d not in closed and (v := series.get(d)) is not None]

    weekdays = known(day - timedelta(days=7 * n) for n in range(1, WEEKS + 1)) if by_weekday else []
    if len(weekdays) >= FEWEST_WEEKS:
        return Usual(percentile(weekdays, 0.1), percentile(weekdays, 0.9), of_weekday=True)
    recent = known(day - timedelta(days=n) for n in range(1, RECENT_DAYS + 1))
    if len(recent) < FEWEST_DAYS:
        return None
    return Usual(percentile(recent, 0.1), percentile(recent, 0.9))


def percentile(values: list[float], share: float) -> int:
    """By linear interpolation, to the nearest whole number."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return round(ordered[below] + (ordered[above] - ordered[below]) * (place - below))
