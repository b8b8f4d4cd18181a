"""Every address asked by everyone for their own thing, another site's, and one that is nowhere."""

import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import uuid4

from django.db import transaction
from django.test import Client

from sites.people.roles import ROLES
from sites.people.routes import routes
from sites.recipients.services import add_recipient
from tests.factories import make_staff
from tests.security.places import Place, make_places

VERBS = ["get", "post", "head", "put", "patch", "delete"]
OWN, FOREIGN, RANDOM = "own", "foreign", "random"
# Who comes in by a token, and who by nothing.
OTHERS = ["tablet", "recipient", "nobody"]
CONVERTER = re.compile(r"<(\w+):(\w+)>")
NOWHERE = 2_000_000_000
SECRET = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
# What an act before has left to be said once.
NOTES = re.compile(r'<div class="notes".*?</div>', re.DOTALL)
MADE_ANEW = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Counted within a site, so that the same number is another's too and says nothing.
NUMBERED = "/registers/incidents/<int:"
ROUTES = [r for r in routes() if not r["path"].startswith("/accounts/")]


@dataclass(frozen=True)
class Probe:
    path: str
    role: str
    at: str
    verb: str


def has_id(path: str) -> bool:
    return ("<uuid:" in path or "<int:" in path) and not path.startswith(NUMBERED)


def things_in(path: str) -> list[str]:
    """The ids that an address takes, named by its first word and the word before the id: `stock/records`."""
    words = path.split("/")
    return [
        f"{words[1]}/{words[at - 1]}" for at, word in enumerate(words) if word.startswith(("<uuid:", "<int:"))
    ]


def probes(codes: list[str], seed: int, most: int | None) -> Iterator[Probe]:
    """What is read or posted is asked at every site, the other verbs at one of them."""
    dice = random.Random(seed)
    paths, everyone = [route["path"] for route in ROUTES], [role.code for role in ROLES] + OTHERS
    every = [
        Probe(path, role, at, verb)
        for path, role, verb in itertools.product(paths, everyone, VERBS)
        for at in (codes if verb in ("get", "post") else [dice.choice(codes)])
    ]
    dice.shuffle(every)
    # What has an id is asked three times, and is the more telling.
    every.sort(key=lambda probe: not has_id(probe.path) and probe.verb not in ("get", "post"))
    yield from every[:most]


@dataclass
class Prober:
    """Asks as each role of each site."""

    codes: list[str]
    asked: int = 0
    # Addresses whose own thing was there for someone.
    met: set[str] = field(default_factory=set)

    def __post_init__(self):
        self.places = make_places(self.codes)
        self.clients = {
            (role, code): _client(role, place)
            for code, place in self.places.items()
            for role in [one.code for one in ROLES] + OTHERS
        }

    def ask(self, probe: Probe, whose: str):
        """The answer, and its bytes with everything taken out that differs in any two answers.

        What was done is taken back, so that every thing is there for every probe.
        """
        self.asked += 1
        here = self.places[probe.at]
        there = next(place for place in self.places.values() if place is not here)
        source = {OWN: here, FOREIGN: there}.get(whose)
        path = filled(probe.path, source)
        client = self.clients[probe.role, probe.at]
        with transaction.atomic():
            answer = getattr(client, probe.verb)(path)
            body = answer.getvalue().decode(errors="replace")
            transaction.set_rollback(True)
        led_away = "/accounts/login/" in answer.get("Location", "")
        if whose == OWN and answer.status_code in (200, 302, 400, 422) and not led_away:
            self.met.add(probe.path)
        return answer, path, body, plain(f"{answer.status_code} {answer.get('Location', '')} {body}", path)

    def foreign_words(self, probe: Probe, path: str, body: str) -> set[str]:
        """Words of other sites in a body; what the address itself said is no news."""
        others = [place for code, place in self.places.items() if code != probe.at]
        words = set().union(*(place.canaries for place in others))
        if probe.path.startswith("/oversight/"):
            # Accounts and sign-ins are the organisation's, and so is who reads its trail.
            words -= {f"{place.site.code.lower()}-01" for place in others}
        return {word for word in words if word in body and word not in path}

    def signed_out(self) -> list[tuple[str, str]]:
        """Who was put out on the way, and so asked for nothing from then on."""
        return [
            who for who, client in self.clients.items()
            if who[0] not in OTHERS and client.get("/me/access/").status_code != 200
        ]  # fmt: skip


def _client(role: str, place: Place) -> Client:
    code = place.site.code
    if role == "tablet":
        client = Client(raise_request_exception=False, headers=_bearer("Device", place.token))
    elif role == "recipient":
        token = add_recipient(f"DRSP {code}", "surveillance", basis="loi", by="x")[1]
        client = Client(raise_request_exception=False, headers=_bearer("Bearer", token))
    else:
        client = Client(raise_request_exception=False)
    if role not in OTHERS:
        client.force_login(make_staff(f"{code.lower()}-{role}", place.site, role))
    return client


def _bearer(kind: str, token: str) -> dict[str, str]:
    return {"Authorization": f"{kind} {token}"}


def filled(path: str, source: Place | None) -> str:
    """An address with the ids of a place, or with ids of nothing at all."""
    named = iter(things_in(path))

    def fill(found: re.Match) -> str:
        kind, _name = found.groups()
        if kind in ("uuid", "int"):
            thing = next(named)
            nothing = str(uuid4()) if kind == "uuid" else str(NOWHERE)
            return source.things.get(thing, nothing) if source else nothing
        return {"slug": "seat"}.get(kind, "2026-11-20")

    return CONVERTER.sub(fill, path)


def plain(text: str, path: str) -> str:
    quoted = path.replace("/", "%2F")
    text = SECRET.sub("", text.replace(path, "PATH").replace(quoted, "PATH"))
    return MADE_ANEW.sub("ID", NOTES.sub("", text))
