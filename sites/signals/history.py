"""Days of a site and what happened in them, as the methods are asked about it. No database, no method.

Baselines leave out closed days and the two newest ones.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

BASELINE_DAYS, GUARD_DAYS = 90, 2
# What nobody heard more of for so long is over.
QUIET = timedelta(days=3)


@dataclass
class Day:
    """One service day [starts, ends). `opening`: when it is open, () when closed. Doses by anyone."""

    day: date
    starts: datetime
    ends: datetime
    opening: tuple[datetime, datetime] | None
    events: int = 0
    consumptions: int = 0
    doses: int = 0
    prolonged: int = 0

    def passed(self, at: datetime) -> float:
        """How much of the opening has gone by then, 0 to 1."""
        if self.opening is None:
            return 0.0
        opens, closes = self.opening
        return min(1.0, max(0.0, (at - opens) / (closes - opens)))


@dataclass
class History:
    """Days in order without a gap, the last one running; suspected overdoses in the order they began."""

    days: list[Day]
    times: list[datetime]
    # The site's own choice; None: from its last 90 days.
    threshold: int | None = None
    # When each event began, as open days gone by.
    positions: list[float] = field(default_factory=list, repr=False)

    def __post_init__(self):
        opened = [0.0]
        for day in self.days:
            opened.append(opened[-1] + (day.opening is not None))
        for at in self.times:
            n = self.place(at)
            self.positions.append(opened[n] + self.days[n].passed(at))

    def place(self, at: datetime) -> int:
        """The index of the day that holds this instant."""
        return max(0, bisect_right(self.days, at, key=lambda day: day.starts) - 1)

    def baseline(self, n: int) -> list[Day]:
        """What is usual before day n: open days, the newest ones left out."""
        days = self.days[max(0, n - BASELINE_DAYS) : max(0, n - GUARD_DAYS + 1)]
        return [day for day in days if day.opening]
