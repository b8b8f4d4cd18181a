"""The exchange counter of one service day, told by chances of its own: nothing else changes for it."""

from datetime import date, datetime, timedelta

from sites.simulation import figures
from sites.simulation.dice import Dice
from sites.simulation.frames import Frame, Opening
from sites.simulation.pen import Pen
from sites.supplies.terms import ANY_NEEDLE, BY_WEIGHT, COUNTED, GIVEN, PICKED_UP, RETURNED

CLOSING = timedelta(minutes=10)


def tell_counter(frame: Frame, pen: Pen, dice: Dice, day: date, opening: Opening) -> None:
    opens, closes = opening
    for _n in range(dice.poisson(frame.visits_per_day * figures.HAND_OUTS * figures.busyness(day))):
        at = _moment(dice, opens, closes)
        _tell_hand_out(pen, dice, at)
        if dice.chance(figures.BRINGS_BACK):
            _tell_return(pen, dice, at + timedelta(seconds=40))
    if day.weekday() in figures.ROUND_DAYS:
        _tell_round(pen, dice, opens + timedelta(hours=2))
    if day.weekday() == figures.PARTNER_DAY:
        lines = [_line("needle_27g", 200), _line("cooker", 200), _line("pipe_straight", 20)]
        where = {"location_kind": "partner", "partner": dice.pick(figures.PARTNERS)}
        pen.write(GIVEN, opens + timedelta(hours=1), {"lines": lines, **where})
    for _n in range(dice.poisson(frame.visits_per_day * figures.PICK_UPS)):
        found = {"lines": [_line(ANY_NEEDLE, 1 + dice.poisson(5))], "area": dice.pick(figures.AREAS)}
        pen.write(PICKED_UP, _moment(dice, opens, closes), found)


def _moment(dice: Dice, opens: datetime, closes: datetime) -> datetime:
    return opens + timedelta(seconds=int(dice.random() * (closes - CLOSING - opens).total_seconds()))


def _line(item: str, quantity: int, **more) -> dict:
    return {"item": item, "quantity": quantity, **more}


def _tell_hand_out(pen: Pen, dice: Dice, at: datetime) -> None:
    contents = [_line(item, quantity) for item, quantity in dice.pick(figures.HANDED_OUT)]
    whom = {"for_whom": "self_and_others"} if dice.chance(figures.FOR_OTHERS_TOO) else {"for_whom": "self"}
    pen.write(GIVEN, at, {"lines": contents, **whom, "location_kind": "counter"})


def _tell_return(pen: Pen, dice: Dice, at: datetime) -> None:
    draw = dice.random()
    if draw < figures.BY_THE_BIN:
        back = _line("bin_1l", 1 + dice.poisson(0.3))
    elif draw < figures.BY_THE_BIN + figures.BY_THE_KILOGRAM:
        back = _line(ANY_NEEDLE, 50 * (4 + dice.poisson(8)), method=BY_WEIGHT)
    else:
        back = _line(ANY_NEEDLE, 1 + dice.poisson(14), method=COUNTED)
    pen.write(RETURNED, at, {"lines": [back], "location_kind": "counter"})


def _tell_round(pen: Pen, dice: Dice, at: datetime) -> None:
    people = 4 + dice.poisson(10)
    lines = [
        _line("needle_27g", 10 * people), _line("cooker", 10 * people), _line("water", 10 * people),
        _line("pipe_straight", 1 + people // 3), _line("condom", 3 * people),
    ]  # fmt: skip
    pen.write(GIVEN, at, {"lines": lines, "location_kind": "outreach", "people": people})
    pen.write(RETURNED, at, {"lines": [_line("bin_4l", 1)], "location_kind": "outreach"})
