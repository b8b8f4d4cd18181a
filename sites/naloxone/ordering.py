"""What to order now, and why: use by season, what is on hand, and what will expire before it is used.

Everything is counted in units a day. The level is the use of the last weeks, and the season is what the
coming weeks were, a year ago, against the weeks before them; without a year of history it is 1.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist

LEVEL_DAYS = 42
YEAR_DAYS = 364
# A season is believed between these: one odd month a year ago is not a forecast.
LEAST_SEASON, MOST_SEASON = 0.6, 1.8
DELIVERY_DAYS = 10
REVIEW_DAYS = 7
# The share of cycles that the spare units are to last: one short in two thousand.
SERVICE = 0.9995
# Counts of a day vary more than chance alone would have it: kits go out by twos and threes.
SPREAD = 2.5
# How far the level itself may move before a delivery comes: a bad batch in town doubles what is asked.
SHIFT = 0.6


@dataclass(frozen=True)
class Box:
    """Units of one lot, usable until the end of its day of expiry; None lasts."""

    units: int
    expiry: date | None


@dataclass(frozen=True)
class Proposal:
    """How much to order of one product, with each step of the reasoning."""

    order: int
    daily: float
    season: float
    days: int
    expected: int
    spare: int
    on_hand: int
    will_expire: int
    on_order: int

    @property
    def needed(self) -> int:
        return self.expected + self.spare


def forecast(
    used: Mapping[date, int], today: date, days: int = DELIVERY_DAYS + REVIEW_DAYS
) -> tuple[float, float]:
    """(units a day lately, season of the coming days). `used`: units by day, days without use left out."""
    begun = min(used, default=today)
    known = min(LEVEL_DAYS, (today - begun).days)
    level = _sum(used, today - timedelta(known), known) / known if known else 0.0
    ago = today - timedelta(YEAR_DAYS)
    if (ago - begun).days < LEVEL_DAYS:
        return level, 1.0
    before = _sum(used, ago - timedelta(LEVEL_DAYS), LEVEL_DAYS) / LEVEL_DAYS
    after = _sum(used, ago, days) / days
    # Few units say little of a season: the ratio is drawn towards 1 by what chance alone would do.
    weight = before * days / (before * days + SPREAD / 0.04) if before else 0.0
    season = 1 + weight * ((after / before if before else 1) - 1)
    return level, min(MOST_SEASON, max(LEAST_SEASON, season))


def _sum(used: Mapping[date, int], first: date, days: int) -> int:
    return sum(used.get(first + timedelta(n), 0) for n in range(days))


def propose(
    used: Mapping[date, int], boxes: Collection[Box], today: date, *, on_order: int = 0, minimum: int = 0
) -> Proposal:
    """Enough to reach the delivery after next, counting only what will still be good when its turn comes."""
    days = DELIVERY_DAYS + REVIEW_DAYS
    daily, season = forecast(used, today, days)
    rate = daily * season
    expected = rate * days
    spare = max(
        minimum,
        math.ceil(NormalDist().inv_cdf(SERVICE) * math.sqrt(SPREAD * expected + (SHIFT * expected) ** 2)),
    )
    usable, lost = will_last(boxes, rate, today, days)
    order = max(0, math.ceil(expected) + spare - usable - on_order)
    return Proposal(
        order=order,
        daily=round(daily, 2),
        season=round(season, 2),
        days=days,
        expected=math.ceil(expected),
        spare=spare,
        on_hand=sum(box.units for box in boxes),
        will_expire=lost,
        on_order=on_order,
    )


def will_last(boxes: Collection[Box], rate: float, today: date, days: int) -> tuple[int, int]:
    """(units there to use within the days, units that expire before their turn), first-expiring first."""
    horizon, used, lost = today + timedelta(days), 0.0, 0.0
    usable = 0.0
    for box in sorted(boxes, key=lambda one: one.expiry or date.max):
        units = max(0, box.units)
        if box.expiry is None or box.expiry >= horizon:
            usable += units
            continue
        can_use = max(0.0, rate * ((box.expiry - today).days + 1) - used)
        taken = min(units, can_use)
        used += taken
        usable += taken
        lost += units - taken
    return int(usable), math.ceil(lost - 1e-9)
