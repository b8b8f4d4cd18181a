"""Suspected overdoses and other emergencies of one service day, step by step."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sites.simulation import figures
from sites.simulation.dice import Dice
from sites.simulation.pen import Pen
from sites.simulation.shelf import Shelf
from sites.simulation.shifts import MINUTE, Shift, Use

LAST_EVENT = 20 * MINUTE
DOSES = {"nal-in-4": ("in", "4"), "nal-im-0.4": ("im", "0.4")}


@dataclass
class Event:
    """One emergency, while it is being told."""

    ref: uuid.UUID
    began: datetime
    ends_by: datetime
    pen: Pen
    dice: Dice
    now: datetime

    def tell(self, kind: str, **data) -> None:
        self.pen.write(kind, min(self.now, self.ends_by), {"event": str(self.ref), **data}, self.ref)

    def step(self, step: str, **data) -> None:
        self.tell("overdose.step", step=step, **data)

    def wait(self, low_s: float, high_s: float) -> None:
        self.now += self.dice.seconds(low_s, high_s)


def tell_emergencies(shift: Shift, shelf: Shelf, rate: float) -> None:
    """`rate` is suspected overdoses per visit, inside; those outside come on top."""
    dice = shift.dice
    shift.pen.be_late(timedelta(), shift.opening[1])
    for use in shift.uses:
        if dice.chance(min(0.5, rate * figures.risk(use.substances))):
            _tell_overdose(_begin(shift, use), shift, shelf, outside=False)
        elif dice.chance(figures.STIMULANT_PER_VISIT) and use.substances[0] in ("cocaine", "methamphetamine"):
            _tell_other(_begin(shift, use), "stimulant_toxicity", ambulance=0.3)
        elif dice.chance(figures.OTHER_EMERGENCIES_PER_VISIT):
            _tell_other(_begin(shift, use), dice.pick(figures.MEDICAL), ambulance=0.4)
    share_outside = figures.OUTSIDE / (1 - figures.OUTSIDE)
    for _n in range(dice.poisson(len(shift.uses) * rate * share_outside)):
        if event := _begin_outside(shift):
            _tell_overdose(event, shift, shelf, outside=True)


def _begin(shift: Shift, use: Use) -> Event:
    """In the booth mostly, sometimes in aftercare, seldom before; told as of when it was seen."""
    dice = shift.dice
    stage = dice.pick(figures.STAGES)
    at = use.at + dice.seconds(60, 600)
    if stage == "chillout":
        at = use.leaves_booth + dice.seconds(30, 300)
    elif stage == "waiting":
        at = use.at - dice.seconds(60, 90)
    at = min(at, shift.opening[1] - LAST_EVENT)
    event = _open(shift, at)
    place: dict = {"location": stage, "visit": str(use.visit), "person": "client_visit"}
    if stage == "booth":
        inhaled = use.route.startswith("inh")
        place |= {"location": "inhalation" if inhaled else "booth", "booth": use.booth}
    event.tell("overdose.opened", **place)
    return event


def _begin_outside(shift: Shift) -> Event | None:
    opens, closes = shift.opening
    if closes - opens < 2 * LAST_EVENT:
        return None
    event = _open(shift, opens + (closes - opens - LAST_EVENT) * shift.dice.random())
    event.tell("overdose.opened", location=shift.dice.pick(figures.OUTSIDE_PLACES), person="unknown")
    return event


def _open(shift: Shift, at: datetime) -> Event:
    at = at.replace(microsecond=0)
    return Event(shift.dice.uuid7(at), at, shift.opening[1], shift.pen, shift.dice, at)


def _tell_overdose(event: Event, shift: Shift, shelf: Shelf, *, outside: bool) -> None:
    dice = event.dice
    presentation = dice.pick(figures.PRESENTATIONS)
    event.step("recognised")
    event.wait(5, 40)
    event.step("stimulation")
    event.wait(10, 50)
    if dice.chance(0.7):
        event.step("airway")
        event.wait(5, 40)
    ambulance = dice.chance(figures.AMBULANCE * (3 if outside else 0.65))
    if ambulance:
        event.step("call_911", choice="called")
    if dice.chance(figures.OXYGEN * (0.7 if outside else 1)):
        event.wait(10, 70)
        event.step("oxygen_start")
    if not outside:
        _tell_vitals(event, spo2=dice.randrange(68, 91), rr=dice.randrange(3, 10))
    if dice.chance(0.16):
        event.wait(5, 30)
        event.step("bvm" if dice.chance(0.6) else "rescue_breaths")
    dosed = presentation != "alcohol" and dice.chance(figures.NALOXONE * (1.5 if outside else 0.95))
    if dosed:
        _tell_doses(event, shift, shelf, outside=outside)
    if ambulance:
        event.wait(360, 720)
        event.step("ems_arrival")
    _tell_end(event, presentation, ambulance=ambulance, outside=outside, dosed=dosed)


def _tell_doses(event: Event, shift: Shift, shelf: Shelf, *, outside: bool) -> None:
    dice = event.dice
    event.wait(60, 260)
    while True:
        product = "nal-in-4" if dice.chance(0.75 if outside else 0.45) else "nal-im-0.4"
        route, dose_mg = DOSES[product]
        given_by = dice.pick(figures.GIVERS_OUTSIDE if outside else figures.GIVERS)
        data = {"product": product, "route": route, "dose_mg": dose_mg, "given_by": given_by}
        if given_by not in ("bystander", "ems") and (box := shelf.take(product, shift.day)):
            data["lot"] = str(box.ref)
        event.tell("overdose.dose", **data)
        if not dice.chance(figures.SECOND_DOSE):
            return
        event.wait(130, 260)


def _tell_vitals(event: Event, *, spo2: int, rr: int) -> None:
    event.wait(5, 20)
    event.step("vitals", measure="spo2", value=str(spo2))
    event.wait(3, 10)
    event.step("vitals", measure="rr", value=str(rr))


def _tell_end(event: Event, presentation: str, *, ambulance: bool, outside: bool, dosed: bool) -> None:
    dice = event.dice
    event.wait(240, 1500)
    assessed = not dice.chance(0.3 if outside else 0.05)
    spo2, rr = dice.randrange(93, 100), dice.randrange(11, 19)
    if assessed and not outside:
        _tell_vitals(event, spo2=spo2, rr=rr)
    if dosed and not ambulance and not outside:
        event.step("observation_start")
    event.wait(20, 90)
    still_asleep = presentation == "sedative_prolonged" and dice.chance(0.5)
    event.tell(
        "overdose.closed",
        presentation=presentation,
        outcome=dice.pick(figures.OUTCOMES_WITH_AMBULANCE if ambulance else figures.OUTCOMES),
        ems_called="yes" if ambulance else "no",
        endpoint_rr=str(rr) if assessed else "not_assessed",
        endpoint_spo2=str(spo2) if assessed else "not_assessed",
        endpoint_awake=("no" if still_asleep else "yes") if assessed else "not_assessed",
    )


def _tell_other(event: Event, presentation: str, *, ambulance: float) -> None:
    """Agitation, a seizure, an injury …: watched, measured, sometimes an ambulance; no naloxone."""
    called = event.dice.chance(ambulance)
    event.step("recognised")
    event.wait(20, 90)
    if called:
        event.step("call_911", choice="called")
    event.step("vitals", measure="hr", value=str(event.dice.randrange(84, 150)))
    if called:
        event.wait(360, 720)
        event.step("ems_arrival")
    _tell_end(event, presentation, ambulance=called, outside=False, dosed=False)
