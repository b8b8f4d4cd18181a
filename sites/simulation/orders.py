"""Two years of one shelf under two ways of ordering: the proposal, and a fixed reorder point.

Both see the same days: the same people ask, the same deliveries take as long, the same expiries are printed
on the boxes. The fixed point is the usual one: so many weeks of last year's mean, a whole crate at a time.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sites.naloxone.ordering import DELIVERY_DAYS, REVIEW_DAYS, Box, propose
from sites.simulation.dice import Dice, Weighted

BEGINS = date(2024, 1, 1)
# A first year of use is known to both; the two years after it are compared.
KNOWN_DAYS, YEARS_DAYS = 364, 728
ASKED = Weighted({1: 70, 2: 22, 3: 6, 5: 2})
MEAN_ASKED = (70 + 44 + 18 + 10) / 100
# What a fixed rule keeps: reorder at four weeks of the known mean, a crate of eight.
POINT_WEEKS, CRATE_WEEKS = 4, 8
# Most boxes last a year or so; now and then one comes that is about to expire, as donated kits do.
LIFE_DAYS = (180, 540)
SHORT_DAYS, SHORT_SHARE = (21, 75), 0.15


@dataclass
class Outcome:
    """Units asked for and not there, days on which that happened, units that expired, units ordered."""

    missed: int = 0
    stock_outs: int = 0
    expired: int = 0
    ordered: int = 0
    given: int = 0


@dataclass
class ShelfLife:
    """A shelf as a day-by-day account: first-expiring goes first, what is past its day goes out."""

    boxes: list[Box] = field(default_factory=list)
    coming: list[tuple[date, int]] = field(default_factory=list)

    def drop_expired(self, day: date) -> int:
        gone = sum(box.units for box in self.boxes if box.expiry and box.expiry < day)
        self.boxes = [box for box in self.boxes if box.units and not (box.expiry and box.expiry < day)]
        return gone

    def give(self, units: int) -> int:
        """Units that were there to give."""
        left, kept = units, []
        for box in sorted(self.boxes, key=lambda one: one.expiry or date.max):
            taken = min(left, box.units)
            left -= taken
            kept.append(Box(box.units - taken, box.expiry))
        self.boxes = [box for box in kept if box.units]
        return units - left

    @property
    def on_hand(self) -> int:
        return sum(box.units for box in self.boxes)

    @property
    def on_order(self) -> int:
        return sum(units for _day, units in self.coming)


Rule = Callable[[dict[date, int], ShelfLife, date], int]


def by_proposal(used: dict[date, int], shelf: ShelfLife, day: date) -> int:
    """Looked at every Monday."""
    if (day - BEGINS).days % REVIEW_DAYS:
        return 0
    return propose(used, shelf.boxes, day, on_order=shelf.on_order).order


def fixed_point(mean: float) -> Rule:
    """Whenever what is on hand and on order is under the point, one crate."""
    point, crate = math.ceil(mean * 7 * POINT_WEEKS), math.ceil(mean * 7 * CRATE_WEEKS)

    def order(used: dict[date, int], shelf: ShelfLife, day: date) -> int:
        return crate if shelf.on_hand + shelf.on_order <= point else 0

    return order


def asked_for(seed: str, daily: float) -> dict[date, int]:
    """Units asked for by day: winter and summer differ, the level drifts, and some fortnights are bad."""
    dice = Dice(f"orders|{seed}")
    days = KNOWN_DAYS + YEARS_DAYS
    phase = dice.random() * 40
    spells = {dice.randrange(days) for _spell in range(days // 120)}
    drift, found = 1.0, {}
    for n in range(days):
        drift = min(1.6, max(0.6, drift * math.exp(dice.gauss(0, 0.012))))
        season = 1 + 0.35 * math.sin(2 * math.pi * (n + phase) / 365.25)
        bad = 1.7 if any(start <= n < start + 14 for start in spells) else 1.0
        people = dice.poisson(daily / MEAN_ASKED * season * drift * bad)
        found[BEGINS + timedelta(n)] = sum(dice.pick(ASKED) for _person in range(people))
    return found


def live(asked: dict[date, int], rule: Rule, seed: str) -> Outcome:
    """The two years that are compared, under one rule of ordering."""
    begins = BEGINS + timedelta(KNOWN_DAYS)
    known = {day: units for day, units in asked.items() if day < begins}
    mean = sum(known.values()) / KNOWN_DAYS
    outcome, used = Outcome(), {day: units for day, units in known.items() if units}
    shelf = ShelfLife([Box(math.ceil(mean * 28), begins + timedelta(200))])
    for n in range(YEARS_DAYS):
        day = begins + timedelta(n)
        dice = Dice(f"orders|{seed}|{day}")
        outcome.expired += shelf.drop_expired(day)
        _take_in(shelf, day, dice)
        given = shelf.give(asked[day])
        outcome.missed += asked[day] - given
        outcome.stock_outs += given < asked[day]
        outcome.given += given
        if asked[day]:
            used[day] = asked[day]
        if ordered := rule(used, shelf, day):
            late = DELIVERY_DAYS - 3 + dice.randrange(7)
            shelf.coming.append((day + timedelta(late), ordered))
            outcome.ordered += ordered
    return outcome


def _take_in(shelf: ShelfLife, day: date, dice: Dice) -> None:
    low, high = SHORT_DAYS if dice.chance(SHORT_SHARE) else LIFE_DAYS
    life = low + dice.randrange(high - low)
    for due, units in [one for one in shelf.coming if one[0] <= day]:
        shelf.boxes.append(Box(units, day + timedelta(life)))
        shelf.coming.remove((due, units))


def compare(seed: str, daily: float) -> tuple[Outcome, Outcome]:
    """(by the proposal, by a fixed reorder point), on the same two years."""
    asked = asked_for(seed, daily)
    known = [units for day, units in asked.items() if day < BEGINS + timedelta(KNOWN_DAYS)]
    return live(asked, by_proposal, seed), live(asked, fixed_point(sum(known) / KNOWN_DAYS), seed)
