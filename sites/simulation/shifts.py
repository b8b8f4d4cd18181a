"""The visits of one service day: arrivals, waiting, booths, aftercare, departures."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sites.simulation import figures
from sites.simulation.dice import Dice, Weighted
from sites.simulation.frames import Frame, Opening, Person
from sites.simulation.pen import Pen

MINUTE = timedelta(minutes=1)
LAST_ARRIVAL = 40 * MINUTE
LAST_SEAT = 20 * MINUTE
OUT_OF_BOOTHS = 5 * MINUTE
CLEANING = (60, 240)
TOO_LONG = 70 * MINUTE


@dataclass
class Use:
    """Someone who consumed: what an emergency may follow."""

    visit: uuid.UUID
    booth: str
    substances: tuple[str, ...]
    route: str
    at: datetime
    leaves_booth: datetime
    leaves: datetime


@dataclass
class Shift:
    """One opening of one day, while it is being told."""

    frame: Frame
    day: date
    opening: Opening
    pen: Pen
    dice: Dice
    habits: Weighted
    free_at: dict[str, datetime] = field(default_factory=dict)
    here_until: dict[str, datetime] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)


def tell_visits(shift: Shift) -> list[Use]:
    for at in _arrivals(shift):
        _tell_arrival(shift, at)
    _tell_turned_away(shift)
    return shift.uses


def _arrivals(shift: Shift) -> list[datetime]:
    opens, closes = shift.opening
    span = (closes - LAST_ARRIVAL - opens).total_seconds()
    if span <= 0:
        return []
    dice, hours = shift.dice, figures.HOURS
    tenth = Weighted(dict(enumerate(hours)))
    count = dice.poisson(shift.frame.visits_per_day * figures.busyness(shift.day))
    return sorted(
        opens + timedelta(seconds=int((dice.pick(tenth) + dice.random()) * span / len(hours)))
        for _n in range(count)
    )


def _person(shift: Shift, at: datetime) -> Person | None:
    """Few come often, many seldom; nobody is here twice at once."""
    if not shift.dice.chance(figures.WITH_HANDLE):
        return None
    people = shift.frame.people
    person = people[int(len(people) * shift.dice.random() ** 2.4)]
    return None if shift.here_until.get(person.handle, at) > at else person


def _tell_arrival(shift: Shift, at: datetime) -> None:
    dice, pen = shift.dice, shift.pen
    person = _person(shift, at)
    substances, route = dice.pick(shift.habits)
    visit = dice.uuid7(at)
    late = _lateness(dice)
    assessed = at + dice.seconds(*figures.ASSESS_S)
    booth, seated = _next_seat(shift, route, assessed + dice.seconds(*figures.SETTLE_S))
    if seated - at > TOO_LONG:
        pen.be_late(timedelta(), at)
        pen.write("turnaway.recorded", at, {"reason": "full", "count": 1})
        return
    pen.be_late(late, shift.opening[1])
    _tell_who(shift, visit, at, person)
    pen.write(
        "visit.assessed",
        assessed,
        {"visit": str(visit), "substances": list(substances), "route": route},
        visit,
    )
    patience = dice.around(figures.PATIENCE_MEDIAN_S, figures.PATIENCE_SIGMA)
    gone = None
    if dice.chance(figures.LEAVES_ANYWAY):
        gone, reason = assessed + dice.seconds(60, 900), dice.pick(figures.LEFT_REASONS)
    elif seated - assessed > patience or seated > shift.opening[1] - LAST_SEAT:
        gone, reason = assessed + patience, "wait_too_long"
    if gone:
        gone = min(gone, shift.opening[1])
        pen.write("visit.left", gone, {"visit": str(visit), "reason": reason}, visit)
        leaves = gone
    else:
        leaves = _tell_stay(shift, Use(visit, booth, substances, route, seated, seated, seated))
    if person:
        shift.here_until[person.handle] = leaves


def _lateness(dice: Dice) -> timedelta:
    draw = dice.random()
    if draw < figures.TYPED_NEXT_DAYS:
        return dice.seconds(25 * 3600, 60 * 3600)
    return dice.seconds(2 * 3600, 10 * 3600) if draw < figures.TYPED_LATE else timedelta()


def _tell_who(shift: Shift, visit: uuid.UUID, at: datetime, person: Person | None) -> None:
    data: dict = {"visit": str(visit)}
    if person:
        data |= {"gender": person.gender, "age_band": person.age_band, "handle_given": True}
    elif shift.dice.chance(0.6):
        data |= {"gender": shift.dice.pick(figures.GENDERS), "age_band": shift.dice.pick(figures.AGES)}
    shift.pen.write("visit.arrived", at, data, visit, person.handle if person else "")


def _next_seat(shift: Shift, route: str, ready: datetime) -> tuple[str, datetime]:
    """The first booth that allows the route and is free, else the one that is free first."""
    fitting = [label for label, routes in shift.frame.booths if not routes or route in routes]
    free_at = shift.free_at
    for label in fitting:
        if label not in free_at or free_at[label] <= ready:
            return label, ready
    label = min(fitting, key=lambda booth: free_at[booth])
    return label, free_at[label]


def _tell_stay(shift: Shift, use: Use) -> datetime:
    """From the seat to the door; returns when the person has left."""
    dice, pen, closes = shift.dice, shift.pen, shift.opening[1]
    ref, seated = str(use.visit), use.at
    declared = {"visit": ref, "substances": list(use.substances), "route": use.route}
    stays = dice.around(figures.STAY_MEDIAN_S, figures.STAY_SIGMA)
    leaves_booth = min(seated + max(stays, 6 * MINUTE), closes - OUT_OF_BOOTHS)
    use.at = min(seated + dice.seconds(*figures.PREPARE_S), leaves_booth - MINUTE)
    pen.write("visit.seated", seated, {"visit": ref, "booth": use.booth}, use.visit)
    pen.write("consumption.recorded", use.at, dict(declared), use.visit)
    checked = use.at + 15 * MINUTE
    if checked < leaves_booth:
        pen.write("visit.checked", checked, {"visit": ref}, use.visit)
    if dice.chance(figures.SECOND_ROUND) and (again := use.at + 16 * MINUTE) < leaves_booth:
        pen.write("consumption.recorded", again, dict(declared), use.visit)
    leaves = leaves_booth
    if dice.chance(figures.AFTERCARE):
        pen.write("visit.aftercare", leaves_booth, {"visit": ref}, use.visit)
        rests = dice.around(figures.AFTERCARE_MEDIAN_S, figures.AFTERCARE_SIGMA)
        leaves = min(leaves_booth + rests, closes)
    pen.write(
        "visit.closed", leaves, {"visit": ref, "discharge_to": dice.pick(figures.DISCHARGES)}, use.visit
    )
    shift.free_at[use.booth] = leaves_booth + dice.seconds(*CLEANING)
    use.leaves_booth, use.leaves = leaves_booth, leaves
    shift.uses.append(use)
    return leaves


def _tell_turned_away(shift: Shift) -> None:
    dice, (opens, closes) = shift.dice, shift.opening
    shift.pen.be_late(timedelta(), closes)
    for _n in range(dice.poisson(shift.frame.visits_per_day * figures.TURNED_AWAY)):
        reason = dice.pick(figures.TURNAWAYS)
        early = closes - LAST_ARRIVAL if reason == "closed" else opens
        at = early + (closes - early) * dice.random()
        count = 2 if dice.chance(0.15) else 1
        shift.pen.write("turnaway.recorded", at.replace(microsecond=0), {"reason": reason, "count": count})
