"""The people of two sites asking in turn over one connection to the database: none sees the other's."""

import itertools
import random
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import Client

from sites.people.models import Staff
from tests.factories import make_staff
from tests.security.places import Place, make_places

SEED = 20261123
MANY = 20_000
SCOPE = "select current_setting('app.sites', true), current_setting('app.staff', true), current_user"
SEEN = "select count(*) from scs_visit"
Ask = tuple[Client, str, str, dict]


def asks(place: Place, other: Place, client: Client, manager: Client) -> Iterator[Ask]:
    """What someone of a place asks for without end: their own, the other's, by session, by token, wrongly."""
    dice = random.Random(f"{SEED} {place.site.code}")
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
        (Client(), "get", "/bulletin/", {}),
    ]
    while True:
        yield dice.choice(every)


@pytest.fixture
def places(transactional_db):
    with transaction.atomic():
        return list(make_places(["S01", "S02"]).values())


def interleave(places: list[Place], requests: int) -> int:
    """Ask in turn; how often one found their own."""
    backend = pid()
    with transaction.atomic():
        people = {here.site.code: _people(here) for here in places}
    pairs = [(here, there) for here, there in (places, reversed(places))]
    ways = [asks(here, there, *people[here.site.code]) for here, there in pairs]
    met = 0
    for n, ((here, there), way) in enumerate(
        itertools.islice(zip(itertools.cycle(pairs), itertools.cycle(ways), strict=True), requests)
    ):
        client, verb, path, typed = next(way)
        answer = getattr(client, verb)(path, typed)
        text = answer.getvalue().decode(errors="replace")
        assert answer.status_code < 500, path
        assert {word for word in there.canaries if word in text and word not in path} == set(), (n, path)
        met += any(word in text for word in here.canaries)
        if n % 50 == 0:
            nothing_is_left()
    assert pid() == backend
    return met


def _people(place: Place) -> list[Client]:
    code = place.site.code.lower()
    staff = [Staff.objects.get(code=f"{code}-01"), make_staff(f"{code}-mgr", place.site, "manager")]
    clients = [Client(raise_request_exception=False) for _one in staff]
    for client, one in zip(clients, staff, strict=True):
        client.force_login(one)
    return clients


def pid() -> int:
    connection.ensure_connection()
    return connection.connection.info.backend_pid


def nothing_is_left() -> None:
    """Between two requests the connection acts for nobody and sees no row."""
    raw = connection.connection
    sites, staff, role = raw.execute(SCOPE).fetchone()
    assert (sites or "", staff or "") == ("", "")
    assert not role.startswith("scs_")
    assert raw.execute(SEEN).fetchone() == (0,)


def test_nobody_sees_the_other_site_over_a_shared_connection(places):
    assert interleave(places, 100) > 30


@pytest.mark.full
def test_twenty_thousand_requests_never_cross(places):
    assert interleave(places, MANY) > MANY / 3
