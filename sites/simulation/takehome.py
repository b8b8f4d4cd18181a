"""Naloxone to take home: kits come in when they run low, go out most days, come back told as used.

About one kit for thirty visits, two in three to someone who used or lost the one before: nothing is published
per site, so these are round figures of the same order as community programmes report (domain.md §2.3).
"""

import calendar
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sites.simulation.dice import Dice, Weighted
from sites.simulation.frames import Frame, Opening
from sites.simulation.pen import Pen
from sites.simulation.shelf import Box

KITS_A_VISIT = 1 / 30
INJECTABLE = 0.3
COUNTS = Weighted({1: 70, 2: 22, 3: 6, 5: 2})
REASONS = Weighted({"first": 30, "used": 38, "lost": 14, "given_away": 10, "expired": 5, "stolen": 3})
RECIPIENTS = Weighted({"uses_drugs": 74, "close_one": 15, "worker": 8, "public": 3})
PLACES = Weighted({"home": 45, "street": 35, "shelter": 12, "other": 4, "unknown": 4})
SURVIVED = Weighted({"yes": 93, "unknown": 6, "no": 1})
CALLED = Weighted({"no": 55, "yes": 35, "unknown": 10})
USED_A_DAY = 0.25
KITS = {"nasal": "kit-nasal", "injectable": "kit-injectable"}
MINUTE = timedelta(minutes=1)
DAYS_AHEAD = 21


@dataclass
class Cupboard:
    """The kits of a site, and the vials from which it makes its own injectable ones."""

    frame: Frame
    boxes: list[Box] = field(default_factory=list)

    def ready(self, product: str, day: date) -> list[Box]:
        found = [b for b in self.boxes if b.product == product and b.units > 0 and b.expiry >= day]
        return sorted(found, key=lambda box: box.expiry)


def tell_take_home(cupboard: Cupboard, pen: Pen, dice: Dice, day: date, opening: Opening) -> None:
    opens, closes = opening
    pen.be_late(timedelta(), closes)
    _tell_expired(cupboard, pen, day, opens)
    daily = cupboard.frame.visits_per_day * KITS_A_VISIT
    for product in KITS.values():
        enough = max(8, int(daily * DAYS_AHEAD))
        if sum(box.units for box in cupboard.ready(product, day)) < enough:
            _tell_delivery(cupboard, pen, dice, product, enough * 2, day, opens + 3 * MINUTE)
    for _kit in range(dice.poisson(daily)):
        at = opens + dice.random() * (closes - opens - 10 * MINUTE) + 4 * MINUTE
        _tell_given(cupboard, pen, dice, day, at)
    if dice.chance(USED_A_DAY * min(1.0, daily)):
        _tell_used(pen, dice, closes - 9 * MINUTE)


def _tell_expired(cupboard: Cupboard, pen: Pen, day: date, opens: datetime) -> None:
    for box in [b for b in cupboard.boxes if b.expiry < day]:
        if box.units > 0:
            data = {"lot": str(box.ref), "move": "expired", "quantity": box.units}
            pen.write("naloxone.moved", opens + MINUTE, data, box.ref)
        cupboard.boxes.remove(box)


def _tell_delivery(
    cupboard: Cupboard, pen: Pen, dice: Dice, product: str, kits: int, day: date, at: datetime
) -> None:
    """Nasal kits come ready-made; injectable ones are made here from a box of vials, two in each."""
    expiry = _expiry(dice, day)
    code = f"T{dice.randrange(10**5):05d}"
    box = Box(dice.uuid7(at), product, code, expiry, kits)
    made = {
        "lot": str(box.ref),
        "product": product,
        "lot_code": code,
        "expiry": expiry.isoformat(),
        "quantity": kits,
    }
    if product == KITS["injectable"]:
        vials = _tell_vials(pen, dice, kits * 2, expiry, at)
        made["lines"] = [{"lot": str(vials), "quantity": 2}]
        pen.write("kit.assembled", at + 10 * MINUTE, made, box.ref)
    else:
        pen.write("naloxone.received", at, made, box.ref)
    cupboard.boxes.append(box)


def _tell_vials(pen: Pen, dice: Dice, units: int, expiry: date, at: datetime) -> uuid.UUID:
    lot = dice.uuid7(at)
    data = {
        "lot": str(lot),
        "product": "nal-im-0.4",
        "stock": "take_home",
        "lot_code": f"V{dice.randrange(10**5):05d}",
        "expiry": expiry.isoformat(),
        "quantity": units,
    }
    pen.write("naloxone.received", at, data, lot)
    return lot


def _expiry(dice: Dice, day: date) -> date:
    month = day.month + 11 + dice.randrange(12)
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, calendar.monthrange(year, month)[1])


def _tell_given(cupboard: Cupboard, pen: Pen, dice: Dice, day: date, at: datetime) -> None:
    kind = "injectable" if dice.chance(INJECTABLE) else "nasal"
    count, reason = dice.pick(COUNTS), dice.pick(REASONS)
    data = {"kit_kind": kind, "count": count, "resupply_reason": reason, "recipient": dice.pick(RECIPIENTS)}
    if reason == "first":
        data["trained"] = 1
    if boxes := cupboard.ready(KITS[kind], day):
        box = boxes[0]
        box.units -= count
        data["lot"] = str(box.ref)
    pen.write("kit.given", at, data)


def _tell_used(pen: Pen, dice: Dice, at: datetime) -> None:
    data = {
        "survived": dice.pick(SURVIVED),
        "doses": 1 + dice.randrange(2),
        "kit_kind": "nasal",
        "used_place": dice.pick(PLACES),
        "ems_called": dice.pick(CALLED),
    }
    pen.write("kit.used", at, data)
