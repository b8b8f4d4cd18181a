"""The people of two sites asking at once over one pooled connection: none sees the other’s."""

import itertools
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connections, transaction
from django.test import Client

from harmreduction.pg import base
from sites.people.models import Staff
from tests.factories import make_staff
from tests.security.places import Place, make_places
from tests.security.pooling import PoolOfOne, one_connection_for_all

SEED = 20261123
FEW, MANY = 96, 20_000
# Of each site; together the threads of one web process.
THREADS = 4
SCOPE = "select current_setting('app.sites', true), current_setting('app.staff', true), current_user"
SEEN = "select count(*) from scs_visit"
Ask = tuple[Client, str, str, dict]


def asks(place: Place, other: Place, people: list[Client], seed: int) -> Iterator[Ask]:
    """What someone of a place asks for without end: their own, the other's, by session, by token, wrongly."""
    dice, (client, manager) = random.Random(f"{SEED} {place.site.code} {seed}"), people
    tablet = Client(raise_request_exception=False, headers={"Authorization": f"Device {place.token}"})
    visit, event = place.things["visits/visits"], place.things["overdoses/overdoses"]
    theirs = other.things["visits/visits"]
    every: list[Ask] = [
        (client, "get", f"/visits/{visit}/", {}),
        (client, "get", f"/visits/{theirs}/", {}),
        (client, "get", "/board/live", {}),
        (client, "get", f"/overdoses/{event}/live", {}),
        (client, "post", f"/visits/{visit}/no-such-act", {"x": "\x00"}),
        (client, "post", "/site", {"site": other.site.code}),
        (client, "get", "/stock/", {}),
        (tablet, "get", "/api/v1/board", {}),
        (tablet, "get", "/api/v1/tablet/room", {}),
        (tablet, "get", f"/api/v1/tablet/events/{other.things['api/events']}", {}),
        (manager, "get", "/context/" + other.things["context/context"] + "/", {}),
        (manager, "get", "/signals/", {}),
        (manager, "get", "/setup/rooms/", {}),
        (Client(raise_request_exception=False), "get", "/bulletin/", {}),
    ]
    while True:
        yield dice.choice(every)


@pytest.fixture
def places(transactional_db):
    with transaction.atomic():
        return list(make_places(["S01", "S02"]).values())


def interleave(places: list[Place], requests: int) -> tuple[int, PoolOfOne]:
    """All threads ask at once; how often one found their own, and the pool that they had."""
    pairs = [(here, there) for here, there in (places, reversed(places))]
    with transaction.atomic():
        asking = [(*pair, _people(pair[0], n), n) for pair in pairs for n in range(THREADS)]
    share = requests // len(asking)
    with one_connection_for_all(nothing_is_left) as pool, ThreadPoolExecutor(len(asking)) as threads:
        met = sum(threads.map(lambda one: ask_in_turn(*one, share), asking))
    return met, pool


def ask_in_turn(here: Place, there: Place, people: list[Client], n: int, share: int) -> int:
    met = 0
    try:
        for client, verb, path, typed in itertools.islice(asks(here, there, people, n), share):
            answer = getattr(client, verb)(path, typed)
            text = answer.getvalue().decode(errors="replace")
            assert answer.status_code < 500, path
            assert {word for word in there.canaries if word in text and word not in path} == set(), path
            met += any(word in text for word in here.canaries)
            connections.close_all()
    finally:
        connections.close_all()
    return met


def _people(place: Place, n: int) -> list[Client]:
    """Signed in, each with a session of their own."""
    code = place.site.code.lower()
    manager = Staff.objects.filter(code=f"{code}-mgr").first() or make_staff(
        f"{code}-mgr", place.site, "manager"
    )
    clients = []
    for one in (Staff.objects.get(code=f"{code}-01"), manager):
        clients.append(Client(raise_request_exception=False))
        clients[-1].force_login(one)
    return clients


def nothing_is_left(given_back: psycopg.Connection) -> None:
    """Between two requests the connection acts for nobody and sees no row."""
    sites, staff, role = given_back.execute(SCOPE).fetchone()
    assert (sites or "", staff or "") == ("", "")
    assert not role.startswith("scs_")
    assert given_back.execute(SEEN).fetchone() == (0,)


def test_nobody_sees_the_other_site_over_a_shared_connection(places):
    met, pool = interleave(places, FEW)
    assert met > FEW / 3
    # Asked for by each request anew, and by nobody in between.
    assert pool.given >= FEW


def test_a_scope_that_stays_on_the_connection_is_noticed(places, monkeypatch):
    monkeypatch.setattr(base, "SET_SCOPE", base.SET_SCOPE.replace("true", "false"))
    with pytest.raises(AssertionError):
        interleave(places, FEW)


@pytest.mark.full
def test_twenty_thousand_requests_never_cross(places):
    met, pool = interleave(places, MANY)
    assert met > MANY / 3
    assert pool.given >= MANY
