"""Rates with honest intervals, and the days before and after something happened.

Exact limits for counts of few (Garwood; the conditional binomial for a ratio). What changes after an event
is associated with it, never shown to be caused by it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sites.dashboard.exact import limits_of_count, limits_of_share
from sites.indicators.queries import series
from sites.places.models import Site

WINDOWS = (7, 14, 21)
PER = 1000
EVENTS, EXPOSURE = "overdose_events", "consumptions"


@dataclass(frozen=True)
class Rate:
    """Events per 1,000 consumptions, with its 95 % limits; None without a consumption."""

    events: int
    exposure: int

    @property
    def value(self) -> float | None:
        return PER * self.events / self.exposure if self.exposure else None

    @property
    def low(self) -> float | None:
        return PER * limits_of_count(self.events)[0] / self.exposure if self.exposure else None

    @property
    def high(self) -> float | None:
        return PER * limits_of_count(self.events)[1] / self.exposure if self.exposure else None


@dataclass(frozen=True)
class Window:
    """As many days before as after; `complete` when all of them are over."""

    days: int
    before: Rate
    after: Rate
    complete: bool

    @property
    def ratio(self) -> tuple[float, float, float] | None:
        """After over before with its 95 % limits; None where either side has no event or no exposure."""
        a, b = self.after, self.before
        if not (a.events and b.events and a.exposure and b.exposure):
            return None
        weight = b.exposure / a.exposure
        low, high = limits_of_share(a.events, a.events + b.events)
        return a.events / b.events * weight, low / (1 - low) * weight, high / (1 - high) * weight


def windows(site: Site, first: date, last: date, closed: date) -> list[Window]:
    """7, 14 and 21 days before the first day and after the last one, up to the last closed day.

    The days of the event itself are in neither. Days that nobody counted have no exposure.
    """
    longest = timedelta(days=max(WINDOWS))
    found = series(site, [EVENTS, EXPOSURE], first - longest, last + longest)

    def rate(start: date, end: date) -> Rate:
        days = [start + timedelta(n) for n in range((end - start).days + 1)]
        events, exposure = (
            int(sum(found[code].get(day) or 0 for day in days if day <= closed))
            for code in (EVENTS, EXPOSURE)
        )
        return Rate(events, exposure)

    one = timedelta(days=1)
    return [
        Window(
            days=n,
            before=rate(first - n * one, first - one),
            after=rate(last + one, last + n * one),
            complete=last + n * one <= closed,
        )
        for n in WINDOWS
    ]
