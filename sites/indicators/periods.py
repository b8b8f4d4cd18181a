"""Days, ISO weeks, months, quarters and years of service days; both ends included."""

from collections.abc import Iterator
from datetime import date, timedelta

Period = tuple[date, date]
ONE_DAY = timedelta(days=1)


def _first_of_next(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def containing(grain: str, day: date) -> Period:
    if grain == "day":
        return day, day
    if grain == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if grain == "month":
        first, months = day.replace(day=1), 1
    elif grain == "quarter":
        first, months = date(day.year, (day.month - 1) // 3 * 3 + 1, 1), 3
    else:
        first, months = date(day.year, 1, 1), 12
    return first, _first_of_next(first, months) - ONE_DAY


def running(grain: str, first: date, last: date) -> Iterator[Period]:
    """Every period that has a day between first and last."""
    period = containing(grain, first)
    while period[0] <= last:
        yield period
        period = containing(grain, period[1] + ONE_DAY)


def so_far(grain: str, day: date) -> Period:
    """From the first day of the period to this one."""
    return containing(grain, day)[0], day


def same_before(grain: str, period: Period) -> Period:
    """As many days of the period before; all of it when the period is whole, or it is shorter."""
    first, last = period
    start, end = containing(grain, first - ONE_DAY)
    if last >= containing(grain, first)[1]:
        return start, end
    return start, min(end, start + (last - first))
