"""Rules a person can check on their fingers: how many in 24 hours, how many in 2 hours."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta

DAY, SHORT = timedelta(hours=24), timedelta(hours=2)
FLOOR, CLUSTER = 4, 3
SHARE = 0.95
LOOK_BACK_DAYS = 90


def window_counts(times: Sequence[datetime], span: timedelta) -> list[int]:
    """For each event, how many in the span that ends with it. Times in order."""
    return [n + 1 - bisect_right(times, at - span) for n, at in enumerate(times)]


def daily_highest(
    times: Sequence[datetime], days: Sequence[tuple[date, datetime, datetime]], span: timedelta
) -> list[int]:
    """The highest count of each day [starts, ends): 0 on a day without events."""
    counts = window_counts(times, span)
    highest = []
    for _day, starts, ends in days:
        low, high = bisect_left(times, starts), bisect_left(times, ends)
        highest.append(max(counts[low:high], default=0))
    return highest


def usual_most(highest: Sequence[int], floor: int) -> int:
    """What is not passed on 95 of 100 days, and never under the floor."""
    ordered = sorted(highest)
    if not ordered:
        return floor
    return max(floor, ordered[min(len(ordered) - 1, int(SHARE * len(ordered)))])
