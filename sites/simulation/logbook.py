"""Services, drug checks, breaches and incidents of one service day, told by chances of their own."""

from datetime import date, datetime, timedelta

from sites.logbook.terms import CONNECTED, ELSEWHERE, HERE, STRIP_TARGETS
from sites.simulation import figures
from sites.simulation.dice import Dice
from sites.simulation.frames import Frame, Opening
from sites.simulation.pen import Pen

CLOSING = timedelta(minutes=15)
FOLLOWED_IN = timedelta(minutes=5)


def tell_logbook(frame: Frame, pen: Pen, dice: Dice, day: date, opening: Opening) -> None:
    opens, closes = opening

    def times(share: float) -> list[datetime]:
        count = dice.poisson(frame.visits_per_day * share * figures.busyness(day))
        span = (closes - CLOSING - opens).total_seconds()
        return sorted(opens + timedelta(seconds=int(dice.random() * span)) for _n in range(count))

    for at in times(figures.SERVICES):
        _tell_service(pen, dice, at, HERE, dice.pick(figures.GIVEN_HERE))
    for at in times(figures.REFERRALS):
        where = CONNECTED if dice.chance(figures.ON_SITE) else ELSEWHERE
        _tell_service(pen, dice, at, where, dice.pick(figures.REFERRED_TO))
    for at in times(figures.DRUG_CHECKS):
        _tell_check(pen, dice, at)
    for at in times(figures.BREACHES):
        _tell_breach(pen, dice, day, at)
    for at in times(figures.INCIDENTS):
        _tell_incident(pen, dice, at)


def _tell_service(pen: Pen, dice: Dice, at: datetime, placement: str, kind: str) -> None:
    data: dict = {"kind": kind, "placement": placement}
    if kind in figures.DETAILS:
        data["details"] = [dice.pick(figures.DETAILS[kind])]
    if placement != HERE:
        data["accepted"] = not dice.chance(figures.DECLINED)
    pen.write("service.recorded", at, data)


def _tell_check(pen: Pen, dice: Dice, at: datetime) -> None:
    """A strip finds its own target or nothing; an instrument what was expected, and sometimes more."""
    method, expected = dice.pick(figures.CHECKED_BY), dice.pick(figures.EXPECTED)
    surprise = dice.chance(figures.UNEXPECTED)
    target = STRIP_TARGETS.get(method)
    if target:
        found = [target] if surprise or target == expected else []
    else:
        found = [expected] + ([dice.pick(figures.CUT_WITH)] if surprise else [])
    data = {"method": method, "expected": [expected], "sample": "returned" if target else "used_up"}
    pen.write("drugcheck.recorded", at, data | ({"detected": found} if found else {}))


def _tell_breach(pen: Pen, dice: Dice, day: date, at: datetime) -> None:
    action = dice.pick(figures.MEASURES)
    data: dict = {"code": dice.pick(figures.RULES), "action": action, "appeal": action == "suspended"}
    if action == "suspended":
        days = dice.pick(figures.SUSPENDED_FOR)
        data |= {"until": (day + timedelta(days=days)).isoformat(), "decided_by_role": "shift_lead"}
    pen.write("breach.recorded", at, data)


def _tell_incident(pen: Pen, dice: Dice, at: datetime) -> None:
    incident = dice.uuid7(at)
    about = {"incident": str(incident)}
    report = {"kind": dice.pick(figures.INCIDENT_KINDS), "location": dice.pick(figures.INCIDENT_PLACES)}
    pen.write("incident.recorded", at, about | report, incident)
    pen.write("incident.closed", at + FOLLOWED_IN, about, incident)
