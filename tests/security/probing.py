"""Every address asked by everyone for their own thing, another site's, and one that is nowhere."""

import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.test import Client

from harmreduction.pg.scope import acting
from sites.people.devices import enrol
from sites.people.models import Staff
from sites.people.roles import ROLES
from sites.people.routes import routes
from sites.places.models import Booth, OpeningException, Room, Site
from sites.places.queries import today
from sites.registers.models import Authorisation
from tests.factories import make_site, make_staff, record, ref, send
from tests.registers.told import a_condition, an_authorisation

VERBS = ["get", "post", "head", "put", "patch", "delete"]
OWN, FOREIGN, RANDOM = "own", "foreign", "random"
CONVERTER = re.compile(r"<(\w+):(\w+)>")
NOWHERE = 2_000_000_000
SECRET = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
# What an act before has left to be said once.
NOTES = re.compile(r'<div class="notes".*?</div>', re.DOTALL)
MADE_ANEW = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# /readyz says 503 for as long as no worker runs.
ROUTES = [r for r in routes() if not r["path"].startswith(("/accounts/", "/readyz"))]


@dataclass(frozen=True)
class Place:
    """One site, what is found there by the names of URL converters, and words that only it holds."""

    site: Site
    things: dict[str, str]
    rows: dict[str, int]
    canaries: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Probe:
    path: str
    role: str
    at: str
    verb: str


def make_place(code: str) -> Place:
    site = make_site(code)
    with acting(sites=[site.pk]):
        by = f"{code.lower()}-01"
        visit, event, lot, incident, left = ref(), ref(), ref(), ref(), ref()
        arrived = record("visit.arrived", {"visit": visit}, by=by)
        received = {"lot": lot, "product": "nal-in-4", "lot_code": f"LOTOF{code}", "expiry": "2030-01",
                    "quantity": 5}  # fmt: skip
        send(
            site,
            arrived,
            record("visit.seated", {"visit": visit, "booth": "1"}, by=by),
            record("overdose.opened", {"event": event, "location": "booth", "visit": visit}, by=by),
            record("naloxone.received", received, by=by),
            record("incident.recorded", {"incident": incident, "kind": "fire"}, by=by),
            record("leftbehind.recorded", {"left": left, "step": "found", "place": f"Coin {code}"}, by=by),
        )
        device, _token = enrol(site, f"Tablette {code}")
        room = Room.objects.at(site).first()
        Room.objects.filter(pk=room.pk).update(name_fr=f"Pièce de {code}")
        holiday = OpeningException.objects.create(
            site=site, day=today(site) + timedelta(days=9), reason=f"Fête de {code}"
        )
        booth = Booth.objects.at(site).first()
        paper = an_authorisation(site)
        Authorisation.objects.filter(pk=paper.pk).update(issuer=f"Ministère de {code}")
        condition = a_condition(paper)
    staff = Staff.objects.get(code=by)
    factor = Authenticator.objects.create(user=staff, type="webauthn", data={})
    things = {"ref": visit, "event": event, "lot": lot, "record_id": arrived["id"],
              "visit": visit, "incident": incident, "item": left, "device": str(device.uuid)}  # fmt: skip
    rows = {"rooms": room.pk, "booths": booth.pk, "exceptions": holiday.pk, "staff": staff.pk,
            "factors": factor.pk, "authorisations": paper.pk, "conditions": condition.pk}  # fmt: skip
    words = {
        *things.values(),
        f"LOTOF{code}",
        f"Tablette {code}",
        f"Pièce de {code}",
        f"Fête de {code}",
        f"Coin {code}",
        f"Ministère de {code}",
        by,
    }
    return Place(site, things, rows, words)


def probes(codes: list[str], seed: int, most: int | None) -> Iterator[Probe]:
    every = [
        Probe(*one)
        for one in itertools.product(
            [route["path"] for route in ROUTES], [role.code for role in ROLES], codes, VERBS
        )
    ]
    random.Random(seed).shuffle(every)
    # What has an id is asked three times, and is the more telling.
    every.sort(key=lambda probe: "<" not in probe.path and probe.verb not in ("get", "post"))
    yield from every[:most]


class Prober:
    """Asks as each role of each site."""

    def __init__(self, codes: list[str]):
        self.places = {code: make_place(code) for code in codes}
        self.asked = 0
        self.clients = {
            (role.code, code): self._client(role.code, place)
            for role, (code, place) in itertools.product(ROLES, self.places.items())
        }

    @staticmethod
    def _client(role: str, place: Place) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(make_staff(f"{place.site.code.lower()}-{role}", place.site, role))
        return client

    def ask(self, probe: Probe, whose: str):
        """The answer, and its bytes with everything taken out that differs in any two answers."""
        self.asked += 1
        here = self.places[probe.at]
        there = next(place for place in self.places.values() if place is not here)
        source = {OWN: here, FOREIGN: there}.get(whose)
        path = CONVERTER.sub(lambda found: _fill(found, probe.path, source), probe.path)
        client = self.clients[probe.role, probe.at]
        answer = getattr(client, probe.verb)(path)
        body = answer.getvalue().decode(errors="replace")
        return answer, path, body, plain(f"{answer.status_code} {answer.get('Location', '')} {body}", path)

    def foreign_words(self, probe: Probe, path: str, body: str) -> set[str]:
        """Words of other sites in a body; what the address itself said is no news."""
        others = [place for code, place in self.places.items() if code != probe.at]
        return {word for place in others for word in place.canaries if word in body and word not in path}


def _fill(found: re.Match, path: str, source: Place | None) -> str:
    kind, name = found.groups()
    if kind == "uuid":
        return source.things.get(name, ref()) if source else str(uuid4())
    if kind == "int":
        table = next((name for name in path.split("/") if source and name in source.rows), None)
        return str(source.rows[table]) if table else str(NOWHERE)
    return {"slug": "seat", "str": "2026-11-20"}.get(kind, "2026-11-20")


def plain(text: str, path: str) -> str:
    quoted = path.replace("/", "%2F")
    text = SECRET.sub("", text.replace(path, "PATH").replace(quoted, "PATH"))
    return MADE_ANEW.sub("ID", NOTES.sub("", text))
