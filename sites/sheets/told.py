"""What the rows of each sheet mean, as the records that a tablet would have sent."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sites.naloxone.models import Lot, Product
from sites.naloxone.terms import COUNTED, kind_for
from sites.places.models import Site
from sites.sheets.columns import Fact, Line
from sites.supplies.terms import GIVEN

Facts = list[tuple[Line, Fact]]
UNKNOWN = "unknown"
STEP, MEASURE, DOSE = "step", "measure", "dose"


class Unreadable(ValidationError):
    """What one row lacks; `line` says which."""

    def __init__(self, line: Line | None, name: str, message):
        super().__init__(message)
        self.line, self.name = line, name


def turn_aways(site: Site, head: dict, lines: list[Line]) -> Facts:
    return [(line, Fact("turnaway.recorded", line.data("reason", "count"), line["time"])) for line in lines]


def services(site: Site, head: dict, lines: list[Line]) -> Facts:
    names = ("kind", "placement", "count", "accepted")
    return [(line, Fact("service.recorded", line.data(*names), line["time"])) for line in lines]


def checks(site: Site, head: dict, lines: list[Line]) -> Facts:
    names = ("method", "expected", "detected", "also_detected", "sample")
    return [(line, Fact("drugcheck.recorded", line.data(*names), line["time"])) for line in lines]


def breaches(site: Site, head: dict, lines: list[Line]) -> Facts:
    names = ("code", "action", "until", "appeal")
    return [(line, Fact("breach.recorded", line.data(*names), line["time"])) for line in lines]


def incidents(site: Site, head: dict, lines: list[Line]) -> Facts:
    names = ("kind", "location", "ems_called", "notes")
    return [
        (line, Fact("incident.recorded", {"incident": line.ref, **line.data(*names)}, line["time"]))
        for line in lines
    ]


def kits(site: Site, head: dict, lines: list[Line]) -> Facts:
    names = ("kit_kind", "count", "trained")
    return [(line, Fact("kit.given", line.data(*names), line["time"])) for line in lines]


def counts(site: Site, head: dict, lines: list[Line]) -> Facts:
    """One count a lot, at the hour that the sheet bears. An empty cell was not counted: it is no nought."""
    lots = {str(lot.ref): lot for lot in Lot.objects.at(site).select_related("product")}
    facts = []
    for line in lines:
        if line["quantity"] is None:
            continue
        if line.ref not in lots:
            raise Unreadable(line, "quantity", _("Ce lot n’est plus ici."))
        data = {"lot": line.ref, "quantity": line["quantity"]}
        facts.append((line, Fact(kind_for(COUNTED, lots[line.ref].product.kind), data, head["time"])))
    return facts


def supplies(site: Site, head: dict, lines: list[Line]) -> Facts:
    """One hand-out, return or pick-up from each line with an hour; those without one go on with it."""
    acts: list[list[Line]] = []
    for line in lines:
        if line["time"]:
            acts.append([line])
        elif not acts:
            raise Unreadable(line, "time", _("Dire à quelle heure."))
        elif line["act"] not in (None, acts[-1][0]["act"]):
            raise Unreadable(line, "time", _("Un autre genre d’échange a sa propre heure."))
        else:
            acts[-1].append(line)
    return [(of[0], _exchange(of)) for of in acts]


def _exchange(lines: list[Line]) -> Fact:
    first = lines[0]
    kind = first["act"] or GIVEN
    data = {"lines": [line.data("item", "quantity") for line in lines]}
    return Fact(kind, data | (first.data("for_whom") if kind == GIVEN else {}), first["time"])


# --- Visits -----------------------------------------------------------------------------
def visits(site: Site, head: dict, lines: list[Line]) -> Facts:
    facts: Facts = []
    for line in lines:
        _in_order(line, "time", "seated", "left")
        facts += [(line, fact) for fact in _visit(line)]
    return facts


def _visit(line: Line) -> list[Fact]:
    """Arrival, what was declared, the seat and the first consumption, the departure: what the row tells."""
    visit, arrived = {"visit": line.ref}, line["time"]
    facts = [Fact("visit.arrived", visit | line.data("gender", "age_band"), arrived)]
    declared = line.data("substances", "route")
    if len(declared) == 2:
        facts.append(Fact("visit.assessed", visit | declared, arrived))
    elif declared:
        raise Unreadable(line, "route", _("Quoi et comment vont ensemble."))
    if line["booth"]:
        seated = line["seated"] or arrived
        facts.append(Fact("visit.seated", visit | line.data("booth"), seated))
        if declared:
            facts.append(Fact("consumption.recorded", visit | declared, seated))
    return facts + _departure(line, visit)


def _departure(line: Line, visit: dict) -> list[Fact]:
    gone, reason, to = line["left"], line["left_reason"], line["discharge_to"]
    if gone is None:
        if reason or to:
            raise Unreadable(line, "left", _("Dire à quelle heure."))
        return []
    if line["booth"]:
        return [Fact("visit.closed", visit | {"discharge_to": to or UNKNOWN}, gone)]
    return [Fact("visit.left", visit | {"reason": reason or UNKNOWN}, gone)]


def _in_order(line: Line, *names: str) -> None:
    before: datetime | None = None
    for name in names:
        at = line[name]
        if at and before and at < before:
            raise Unreadable(line, name, _("C’est avant l’heure qui précède."))
        before = at or before


# --- An overdose ------------------------------------------------------------------------
def overdose(site: Site, head: dict, lines: list[Line]) -> Facts:
    """One event a sheet: its opening, each line of its timeline, its closing when the answers are there."""
    event = {"event": head["ref"]}
    where = {name: head[name] for name in ("location", "booth") if head.get(name)}
    top = Line(0, head["ref"], head)
    facts: Facts = [(top, Fact("overdose.opened", event | where, head["time"]))]
    for line in lines:
        if line["time"] < head["time"]:
            raise Unreadable(line, "time", _("C’est avant le début."))
        facts.append((line, _gesture(line, event)))
    if closing := _closing(top):
        facts.append((top, Fact("overdose.closed", event | closing, head["ended"])))
    return facts


def _gesture(line: Line, event: dict) -> Fact:
    what, _colon, code = line["what"].partition(":")
    if what == DOSE:
        return Fact("overdose.dose", event | _dose(line, code), line["time"])
    if what == MEASURE:
        if not line["value"]:
            raise Unreadable(line, "value", _("La mesure et sa valeur."))
        data = {"step": "vitals", "measure": code, "value": line["value"].replace(",", ".")}
        return Fact("overdose.step", event | data, line["time"])
    called = {"choice": "called"} if code == "call_911" else {}
    return Fact("overdose.step", event | {"step": code} | called, line["time"])


def _dose(line: Line, code: str) -> dict:
    product = Product.objects.get(code=code)
    route = "in" if product.route == "in" else "im"
    given = {"product": code, "route": route, "dose_mg": f"{product.strength_mg:f}"}
    return given | {"given_by": line["given_by"] or "staff_other"} | line.data("lot")


ANSWERS = ("presentation", "outcome", "ems_called", "endpoint_rr", "endpoint_spo2", "endpoint_awake")


def _closing(top: Line) -> dict:
    """The answers, when the sheet says how it ended; what was left blank was not assessed."""
    told = top.data(*ANSWERS)
    if not top["ended"] or not {"presentation", "outcome"} <= set(told):
        if {"presentation", "outcome"} & set(told):
            message = _("Pour fermer : ce que ça semblait être, la suite et l’heure de fin.")
            raise Unreadable(top, "ended", message)
        return {}
    if top["ended"] < top["time"]:
        raise Unreadable(top, "ended", _("C’est avant le début."))
    blank = {name: "not_assessed" for name in ANSWERS if name.startswith("endpoint")}
    believed = top.data("substances_believed")
    return blank | {"ems_called": UNKNOWN} | told | believed
