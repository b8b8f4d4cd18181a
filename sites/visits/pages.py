"""What a person does about a visit, written as the records that a tablet would send."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError

from sites.places.models import Site
from sites.records.handles import handle_code, normalised
from sites.records.pages import tapped_at, typed_time
from sites.records.together import Outcome, write
from sites.visits.look_ups import Door, look_up
from sites.visits.models import Visit
from sites.visits.queries import free_booths, same_handle

# The concepts above say here what is to be known of someone who comes in, by their keyed code.
known_of: list[Callable[[Site, bytes], list[str]]] = []


@dataclass(frozen=True)
class Care:
    """A sentence that helps to care for someone, and the record that said so."""

    said: str
    record_id: uuid.UUID


cares_of: list[Callable[[Site, bytes], list[Care]]] = []


@dataclass
class Arrival(Outcome):
    """Also: someone here under this handle, what is known of them, or nowhere to sit yet.

    `untold`: written without a look at any of it, as too many were looked up.
    """

    already: Visit | None = None
    known: list[str] = field(default_factory=list)
    cares: list[Care] = field(default_factory=list)
    waits: bool = False
    untold: bool = False


def moment(request, *, not_before: datetime | None = None) -> datetime:
    """When it happened: the time typed, else the touch. Raises ValidationError."""
    typed = request.POST.get("time", "").strip()
    return typed_time(request.site, typed, not_before=not_before) if typed else tapped_at(request)


def known_about(site: Site, code: bytes | None) -> list[str]:
    """Sentences about someone who comes in, or is here, under this code."""
    return [said for ask in known_of for said in ask(site, bytes(code))] if code else []


def cares_for(site: Site, code: bytes | None) -> list[Care]:
    """What helps to care for someone who comes in, or is here, under this code."""
    return [care for ask in cares_of for care in ask(site, bytes(code))] if code else []


def arrive(request, typed: dict) -> Arrival:
    """Arrival, what is declared, and a seat when one is asked for and free."""
    try:
        at = moment(request)
    except ValidationError as error:
        return Arrival(problems=[("time", error.messages[0])])
    record_id, visit = typed["record_id"], typed["visit"]
    untold = False
    if _asks(typed):
        untold = not look_up(request.site, typed["handle"], by=request.user.code, door=Door.DESK)
        if not untold and (to_read := _to_read(request.site, typed)):
            return to_read
    rows = [
        *_agreement(request.site, record_id, typed),
        (record_id, "visit.arrived", {"visit": str(visit), **_about_the_person(typed)}),
    ]
    if typed["substances"] or typed["route"]:
        declared = {"visit": str(visit), "substances": typed["substances"], "route": typed["route"]}
        rows.append((uuid.uuid5(record_id, "assessed"), "visit.assessed", declared))
    booth = typed["booth"] or _proposed(request.site, typed["route"])
    if typed["act"] == "seat" and booth:
        seat = {"visit": str(visit), "booth": booth}
        rows.append((uuid.uuid5(record_id, "seated"), "visit.seated", seat))
        rows += _first_round(record_id, visit, typed["substances"], typed["route"])
    written = write(request, rows, at)
    waits = typed["act"] == "seat" and not booth
    return Arrival(written.receipts, written.problems, waits=waits, untold=untold)


def _asks(typed: dict) -> bool:
    """Whether anything of whoever has this handle would be told: not once all of it was read."""
    return bool(normalised(typed["handle"])) and not (typed["someone_else"] and typed["anyway"])


def _to_read(site: Site, typed: dict) -> Arrival | None:
    """What is to be read before this arrival is written: who is here already, then what is known."""
    code = handle_code(site, typed["handle"])
    already = None if typed["someone_else"] else same_handle(site, code)
    if already and already.ref != typed["visit"]:
        return Arrival(already=already)
    if typed["anyway"]:
        return None
    known, cares = known_about(site, code), cares_for(site, code)
    return Arrival(known=known, cares=cares) if known or cares else None


def _agreement(site: Site, record_id: uuid.UUID, typed: dict) -> list:
    """It goes first, as on a tablet: only who agreed is known again, this visit included."""
    if not (typed["agreed"] and site.agreement_version and normalised(typed["handle"])):
        return []
    said = {"handle": typed["handle"], "version": site.agreement_version, "language": typed["agreed"]}
    return [(uuid.uuid5(record_id, "agreed"), "client.agreed", said)]


def _first_round(record_id: uuid.UUID, visit: uuid.UUID, substances: list[str], route: str) -> list:
    """Whoever sits down with something declared is about to use it: no second tap is asked for."""
    if not (substances and route):
        return []
    declared = {"visit": str(visit), "substances": substances, "route": route}
    return [(uuid.uuid5(record_id, "consumed"), "consumption.recorded", declared)]


def _about_the_person(typed: dict) -> dict:
    return {name: typed[name] for name in ("handle", "gender", "age_band")}


def _proposed(site: Site, route: str) -> str:
    return next((booth.label for booth in free_booths(site, route)), "")


# --- Acts on a visit that is here -------------------------------------------------------


@dataclass(frozen=True)
class Act:
    kind: str
    texts: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


ACTS = {
    "seat": Act("visit.seated", ("booth",)),
    "check": Act("visit.checked"),
    "assess": Act("visit.assessed", ("route",), ("substances",)),
    "round": Act("consumption.recorded", ("route",), ("substances",)),
    "rest": Act("visit.aftercare"),
    "leave": Act("visit.closed", ("discharge_to",)),
    "left": Act("visit.left", ("reason",)),
}


def act_on(request, visit: Visit, act: Act, record_id: uuid.UUID) -> Outcome:
    try:
        at = moment(request, not_before=visit.arrived_at.replace(second=0, microsecond=0))
    except ValidationError as error:
        return Outcome(problems=[("time", error.messages[0])])
    # A clock time has no seconds: someone who arrived in that minute was there before it ended.
    at = max(at, visit.arrived_at)
    data: dict = {"visit": str(visit.ref)}
    data |= {name: request.POST.get(name, "").strip() for name in act.texts}
    data |= {name: request.POST.getlist(name) for name in act.lists}
    rows = [(record_id, act.kind, data)]
    if act.kind == "visit.seated" and not visit.consumed:
        rows += _first_round(record_id, visit.ref, visit.substances, visit.route)
    return write(request, rows, at)


def free_for(site: Site, visit: Visit) -> list:
    return free_booths(site, visit.route)
