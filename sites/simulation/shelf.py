"""The naloxone of a site: received when it runs low, counted each month, taken first-expiring first."""

import calendar
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sites.simulation.dice import Dice
from sites.simulation.frames import Frame
from sites.simulation.pen import Pen

# product → (units under which more is ordered, units of a delivery)
ORDERS = {"nal-in-4": (14, 24), "nal-im-0.4": (18, 40)}
MINUTE = timedelta(minutes=1)


@dataclass
class Box:
    """One lot, as the shelf knows it."""

    ref: uuid.UUID
    product: str
    code: str
    expiry: date
    units: int


@dataclass
class Shelf:
    frame: Frame
    boxes: list[Box] = field(default_factory=list)
    counted: tuple[int, int] | None = None

    def usable(self, product: str, day: date) -> list[Box]:
        found = [b for b in self.boxes if b.product == product and b.units > 0 and b.expiry >= day]
        return sorted(found, key=lambda box: box.expiry)

    def take(self, product: str, day: date) -> Box | None:
        """A unit from the first-expiring lot; None when there is none to take."""
        box = next(iter(self.usable(product, day)), None)
        if box:
            box.units -= 1
        return box


def tell_morning(shelf: Shelf, pen: Pen, dice: Dice, day: date, opens: datetime) -> None:
    """Before the first dose of a day: what expired goes, deliveries come, the month's count."""
    pen.be_late(timedelta(), opens)
    for box in [b for b in shelf.boxes if b.expiry < day]:
        if box.units > 0:
            _tell_move(pen, box, "expired", box.units, opens + MINUTE)
        shelf.boxes.remove(box)
    for product, (low, delivery) in ORDERS.items():
        if sum(box.units for box in shelf.usable(product, day)) < low:
            shelf.boxes.append(_tell_received(pen, dice, product, delivery, day, opens + 2 * MINUTE))
    if shelf.counted != (day.year, day.month):
        if shelf.counted:
            _tell_count(shelf, pen, dice, opens + 5 * MINUTE)
        shelf.counted = (day.year, day.month)


def _tell_received(pen: Pen, dice: Dice, product: str, units: int, day: date, at: datetime) -> Box:
    month = day.month + 13 + dice.randrange(12)
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    expiry = date(year, month, calendar.monthrange(year, month)[1])
    box = Box(dice.uuid7(at), product, f"L{dice.randrange(10**5):05d}", expiry, units)
    data = {
        "lot": str(box.ref),
        "product": product,
        "lot_code": box.code,
        "expiry": expiry.isoformat(),
        "quantity": units,
    }
    pen.write("naloxone.received", at, data, box.ref)
    return box


def _tell_count(shelf: Shelf, pen: Pen, dice: Dice, at: datetime) -> None:
    for box in [b for b in shelf.boxes if b.units > 0]:
        if dice.chance(0.12):
            box.units -= 1
        pen.write("naloxone.counted", at, {"lot": str(box.ref), "quantity": box.units}, box.ref)


def tell_evening(shelf: Shelf, pen: Pen, dice: Dice, day: date, closes: datetime) -> None:
    """Now and then a kit goes out with someone, or a unit is spoilt."""
    pen.be_late(timedelta(), closes)
    if dice.chance(0.22) and (boxes := shelf.usable("nal-in-4", day)):
        units = min(2, boxes[0].units)
        boxes[0].units -= units
        _tell_move(pen, boxes[0], "kit_given", units, closes - 3 * MINUTE)
    if dice.chance(0.015) and (boxes := shelf.usable("nal-im-0.4", day)):
        boxes[0].units -= 1
        _tell_move(pen, boxes[0], "wasted", 1, closes - 2 * MINUTE)


def _tell_move(pen: Pen, box: Box, move: str, units: int, at: datetime) -> None:
    pen.write("naloxone.moved", at, {"lot": str(box.ref), "move": move, "quantity": units}, box.ref)
