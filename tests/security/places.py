"""Sites that have one of each thing, each with words that only it holds."""

from dataclasses import dataclass, field
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.context.models import ContextEvent
from sites.imports.services import receive
from sites.people.devices import enrol
from sites.people.models import Staff
from sites.places.models import Booth, OpeningException, Room, Site
from sites.places.queries import today
from sites.registers.models import Authorisation
from sites.review.models import Seen
from sites.signals.models import Signal, SignalMessage, SupplyWarning
from sites.supplies.models import Basket
from tests.factories import make_site, record, ref, send
from tests.registers.told import a_condition, a_training, an_authorisation, an_incident

PAST = "Arrivée;Départ\r\n2026-01-05 20:00;2026-01-05 21:00\r\n".encode()
STOCK = {"product": "nal-in-4", "expiry": "2030-01", "quantity": 5}
WORDS = (
    "Pièce de", "Fête de", "Coin", "Remarque de", "Rumeur de", "Panier de", "Annonce de", "Message de",
    "Tablette", "Registre de", "Ministère de", "Feuille de",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """One site, and the ids of its things by the first word of their address and the word before them."""

    site: Site
    token: str
    things: dict[str, str]
    canaries: set[str] = field(default_factory=set)


def make_places(codes: list[str]) -> dict[str, Place]:
    """Each site waits for a lot that a depot has sent."""
    places, depot = {code: make_place(code) for code in codes}, make_site("S09")
    for place in places.values():
        place.things["stock/transfers"] = _sent(depot, to=place.site)
    return places


def make_place(code: str) -> Place:
    site, by = make_site(code), f"{code.lower()}-01"
    with acting(sites=[site.pk]):
        things = _told(site, by) | _set_up(site, by) | _kept(site)
        device, _token = enrol(site, f"Tablette {code}")
        _device, token = enrol(site, f"Autre tablette {code}")
    things["setup/tablets"] = str(device.uuid)
    said = {f"{word} {code}" for word in WORDS} | {f"LOTOF{code}", by}
    uuids = {thing for thing in things.values() if "-" in thing}
    return Place(site, token, things, said | uuids)


def _told(site: Site, by: str) -> dict[str, str]:
    """What was recorded: a visit, an event, a lot, an incident, what was left behind, a remark."""
    code = site.code
    visit, other, event, lot, incident, left, said = (ref() for _ in range(7))
    received = STOCK | {"lot": lot, "lot_code": f"LOTOF{code}"}
    arrived = record("visit.arrived", {"visit": visit}, by=by)
    opened = record("overdose.opened", {"event": event, "location": "booth", "visit": visit}, by=by)
    lot_in = record("naloxone.received", received, by=by)
    found = record("leftbehind.recorded", {"left": left, "step": "found", "place": f"Coin {code}"}, by=by)
    refused = record("visit.seated", {"visit": other, "booth": "1"}, by=by)
    receipts = send(
        site,
        arrived,
        record("visit.seated", {"visit": visit, "booth": "1"}, by=by),
        record("visit.arrived", {"visit": other}, by=by),
        refused,
        opened,
        lot_in,
        record("incident.recorded", {"incident": incident, "kind": "fire"}, by=by),
        found,
        record("shift.remark", {"remark": said, "text": f"Remarque de {code}"}, by=by),
    )
    assert [receipt.status for receipt in receipts if receipt.status != "created"] == ["conflict"]
    return {
        "visits/visits": visit,
        "records/records": arrived["id"],
        "overdoses/overdoses": event,
        "overdoses/records": opened["id"],
        "api/events": event,
        "stock/stock": lot,
        "stock/records": lot_in["id"],
        "logbook/incidents": incident,
        "logbook/left": left,
        "logbook/sign": found["id"],
        "shift/remarks": said,
        "review/review": refused["id"],
    }


def _set_up(site: Site, by: str) -> dict[str, str]:
    """What was set up, noticed or said at this site."""
    code, at, day = site.code, timezone.now(), today(site)
    room, booth = Room.objects.at(site).first(), Booth.objects.at(site).first()
    Room.objects.filter(pk=room.pk).update(name_fr=f"Pièce de {code}")
    days_off = OpeningException.objects.create(
        site=site, day=day + timedelta(days=9), reason=f"Fête de {code}"
    )
    happened = ContextEvent.objects.create(
        site=site, kind="alert", first=day, words=f"Rumeur de {code}", source="x", entered_at=at,
        entered_by=by,
    )  # fmt: skip
    signal = Signal.objects.create(site=site, subject="frequency", since=at, raised_at=at, last_at=at)
    message = SignalMessage.objects.create(
        site=site, signal=signal, recipient="DRSP", to_person="Garde", from_person=by,
        text_fr=f"Message de {code}", sha256="0" * 64, sent_at=at, sent_by=by,
    )  # fmt: skip
    warning = SupplyWarning.objects.create(
        site=site, organisation=site.organisation, text_fr=f"Annonce de {code}", text_en=f"Annonce de {code}",
        ends_on=day + timedelta(days=3), issued_at=at, issued_by=by, issued_from=code,
    )  # fmt: skip
    site.warned_until = warning.ends_on
    site.save(update_fields=["warned_until"])
    basket = Basket.objects.create(site=site, name_fr=f"Panier de {code}", lines=[])
    staff = Staff.objects.get(code=by)
    factor = Authenticator.objects.create(user=staff, type="webauthn", data={})
    rows = {
        "setup/rooms": room, "setup/booths": booth, "setup/exceptions": days_off, "setup/staff": staff,
        "setup/baskets": basket, "context/context": happened, "signals/signals": signal,
        "signals/sent": message, "warnings/warnings": warning, "me/factors": factor,
    }  # fmt: skip
    return {name: str(row.pk) for name, row in rows.items()}


def _kept(site: Site) -> dict[str, str]:
    """What stands in its registers."""
    an_incident(site, f"Feuille de {site.code}")
    paper = an_authorisation(site)
    Authorisation.objects.filter(pk=paper.pk).update(issuer=f"Ministère de {site.code}")
    done = a_training(site, Staff.objects.get(code=f"{site.code.lower()}-01"), expires_in=20)
    right = Seen.objects.create(
        site=site, kind="no_lot", ref=ref(), why="x", by="x", at=timezone.now(), batch=ref()
    )  # fmt: skip
    rows = {"authorisations": paper, "conditions": a_condition(paper), "training": done}
    past = receive(site, "visits", PAST, name=f"Registre de {site.code}.csv", by="x")
    kept = {f"registers/{name}": str(row.pk) for name, row in rows.items()}
    return kept | {"registers/incidents": "1", "review/right": str(right.batch),
                   "imports/imports": str(past.ref)}  # fmt: skip


def _sent(site: Site, *, to: Site) -> str:
    """A transfer on its way; the other site is told its lot, so this one holds no word of its own."""
    lot, by = ref(), f"{site.code.lower()}-01"
    move = record(
        "naloxone.moved", {"lot": lot, "move": "transferred", "quantity": 2, "to_site": to.code}, by=by
    )
    received = STOCK | {"lot": lot, "lot_code": "ONITSWAY"}
    receipts = send(site, record("naloxone.received", received, by=by), move)
    assert {receipt.status for receipt in receipts} == {"created"}
    return move["id"]
