"""What a row of a past register means, as the records that a tablet would have sent then.

A row names its own ids in cells `visit` and `event`; `time` is its instant, `untimed` says that it had a day
alone, `undeclared` what a visit is of which nothing is said to have been used.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from sites.imports.fields import ITEM
from sites.imports.terms import USED, Notice
from sites.naloxone.models import Product
from sites.sheets.columns import Fact, Line
from sites.sheets.told import UNKNOWN, Unreadable
from sites.supplies.terms import GIVEN

NOT_ASSESSED = "not_assessed"
ANY_SUBSTANCE, ANY_ROUTE = "unknown", "unk"
STEPS = {"stimulation": "stimulation", "oxygen": "oxygen_start", "breaths": "bvm", "cpr": "cpr_aed"}
MOST_DOSES = 20


def visits(line: Line) -> list[Fact]:
    """Arrival, what was declared, the seat when its hour is known, the departure."""
    visit, arrived = {"visit": line["visit"]}, line["time"]
    _in_order(line, "time", "seated", "left")
    facts = [Fact("visit.arrived", visit | line.data("gender", "age_band", "handle"), arrived)]
    if line["left_reason"]:
        gone = line["left"] or arrived
        return [*facts, Fact("visit.left", visit | {"reason": line["left_reason"]}, gone)]
    used, last = _use(line, visit), line["left"] or line["seated"] or arrived
    if line["booth"] and not line["seated"]:
        line.cells["notices"].append(Notice.NO_SEAT_TIME)
    if not line["left"]:
        line.cells["notices"].append(Notice.NO_DEPARTURE)
    closed = Fact("visit.closed", visit | {"discharge_to": line["discharge_to"] or UNKNOWN}, last)
    return [*facts, *used, closed]


def _use(line: Line, visit: dict) -> list[Fact]:
    """What was used, as far as the register says; one of two answers is enough."""
    declared, at = line.data("substances", "route"), line["seated"] or line["time"]
    seat = [Fact("visit.seated", visit | line.data("booth"), at)] if line["booth"] and line["seated"] else []
    both = {"substances": [ANY_SUBSTANCE], "route": ANY_ROUTE} | declared
    if declared:
        assessed = Fact("visit.assessed", visit | both, line["time"])
        return [assessed, *seat, Fact("consumption.recorded", visit | both, at)]
    if seat:
        return seat
    if line["booth"] or line["undeclared"] == USED:
        return [Fact("consumption.recorded", visit | both, at)]
    return []


def overdoses(line: Line) -> list[Fact]:
    """The event, its coarse steps and its doses at its own instant, and how it ended."""
    event, at = {"event": line["event"]}, line["time"]
    _in_order(line, "time", "left")
    rough = {"occurred_precision": "estimated"} if line["untimed"] else {}
    facts = [Fact("overdose.opened", event | line.data("location", "person") | rough, at)]
    # How long after the event each came is not known: an estimated time at its very instant says so.
    facts += [
        Fact("overdose.step", event | {"step": step, "estimated": True}, at)
        for name, step in STEPS.items()
        if line[name]
    ]
    facts += _doses(line, event)
    return [*facts, Fact("overdose.closed", event | _ending(line), line["left"] or at)]


def _doses(line: Line, event: dict) -> list[Fact]:
    count = line["doses"] or 0
    if count > MOST_DOSES:
        raise Unreadable(line, "doses", _("Au plus %(n)s doses.") % {"n": MOST_DOSES})
    if not count:
        return []
    product = Product.objects.filter(code=line["product"] or "").first()
    if product is None or not line["given_by"]:
        name = "given_by" if product else "product"
        raise Unreadable(
            line,
            name,
            _("Dire quelle naloxone, et par qui : une réponse peut valoir pour toutes les lignes."),
        )
    route = "in" if product.route == "in" else "im"
    dose = {"product": product.code, "route": route, "dose_mg": f"{product.strength_mg:f}", "estimated": True}
    return [Fact("overdose.dose", event | dose | line.data("given_by"), line["time"]) for _n in range(count)]


def _ending(line: Line) -> dict:
    blank = dict.fromkeys(("endpoint_rr", "endpoint_spo2", "endpoint_awake"), NOT_ASSESSED)
    told = line.data("presentation", "outcome", "ems_called", "substances_believed")
    return blank | {"ems_called": UNKNOWN} | told


def kits(line: Line) -> list[Fact]:
    told = line.data("kit_kind", "count", "form", "trained", "recipient")
    return [Fact("kit.given", {"count": 1} | told, line["time"])]


def supplies(line: Line) -> list[Fact]:
    """One hand-out a row, with a line for each article that has a number."""
    pieces = [
        {"item": name.removeprefix(ITEM), "quantity": number}
        for name, number in line.cells.items()
        if name.startswith(ITEM) and number
    ]
    if line["item"] and line["quantity"]:
        pieces.append(line.data("item", "quantity"))
    if not pieces:
        line.cells["notices"].append(Notice.NOTHING)
        return []
    return [Fact(GIVEN, {"lines": pieces} | line.data("for_whom", "location_kind", "people"), line["time"])]


def turn_aways(line: Line) -> list[Fact]:
    return [Fact("turnaway.recorded", {"count": 1} | line.data("reason", "count"), line["time"])]


def _in_order(line: Line, *names: str) -> None:
    before: datetime | None = None
    for name in names:
        at = line[name]
        if at and before and at < before:
            raise Unreadable(line, name, _("C’est avant l’heure qui précède."))
        before = at or before
