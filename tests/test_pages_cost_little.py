"""A page asks the database ten times at most, who is signed in and what its frame shows included; and no more
once there is more to show.
"""

from contextlib import contextmanager

import pytest
from django.utils import timezone

from harmreduction.pg import base
from harmreduction.pg.scope import acting
from tests.bench.reading import counted
from tests.factories import record, ref, send
from tests.security.living import make_living
from tests.security.walking import PLAIN, route_of, walk

MOST = 10
# Looked at seldom: but for the last two, each sums up a dozen tables that have nothing in common.
SELDOM = {
    "/operations/": 21,
    "/metrics": 17,
    "/releases/register/": 16,
    "/oversight/": 18,
    "/setup/staff/<int:pk>/": 12,
    "/signals/<int:pk>/send": 12,
    "/reports/<str:grain>/<str:first>/": 12,
}
OF_THE_ROOM = [
    "/", "/board/live", "/visits/", "/visits/new", "/overdoses/", "/counter/", "/counter/day/", "/logbook/",
    "/shift/", "/review/", "/stock/", "/stock/order/", "/stock/transfers/", "/kits/", "/sheets/", "/imports/",
]  # fmt: skip
OF_FIGURES = [
    "/dashboard/", "/dashboard/?period=yesterday", "/dashboard/?period=month", "/dashboard/?period=year",
    "/reports/", "/reports/?grain=week", "/trends/", "/dictionary/", "/signals/", "/audit/", "/releases/",
    "/releases/plan/", "/releases/recipients/", "/releases/disclosures/", "/returns/",
]  # fmt: skip
OF_THE_HOUSE = [
    "/registers/", "/registers/incidents/", "/registers/authorisations/", "/registers/training/",
    "/registers/erasures/", "/setup/site/", "/setup/rooms/", "/setup/staff/", "/setup/tablets/",
    "/setup/hours/", "/retention/",
]  # fmt: skip
GROWS = [
    "/",
    "/dashboard/",
    "/review/",
    "/shift/",
    "/visits/",
    "/overdoses/",
    "/stock/",
    "/logbook/",
    "/counter/",
]


@pytest.fixture
def living(db):
    with acting(sites=()):
        yield make_living()


@contextmanager
def asked():
    """Statements of the block, and scopes told by themselves; savepoints aside."""
    tell, seen = base.tell, []

    def told(of):
        if base.to_be_told(of) is not None:
            seen.append("scope")
        tell(of)

    base.tell = told
    try:
        with counted() as statements:
            yield seen
    finally:
        base.tell = tell
        seen += [sql for sql in statements if not sql.startswith(("SAVEPOINT", "RELEASE"))]


def cost(client, path: str) -> list[str]:
    with asked() as statements:
        assert client.get(path).status_code == 200, path
    return statements


def of_a_day(living) -> list[str]:
    """The report of the last closed day; a visit and an event that are not over."""
    listed = next(walk(living.people["manager"], begin=["/reports/"], follow=False))
    report = next(link for link in listed.links if route_of(link).startswith("/reports/<"))
    things = living.place.things
    return [report, f"/visits/{things['visits/visits']}/", f"/overdoses/{things['overdoses/overdoses']}/"]


def test_each_page_asks_ten_times_at_most(living):
    manager = living.people["manager"]
    manager.get("/")  # code lists
    for path in [*OF_THE_ROOM, *OF_FIGURES, *OF_THE_HOUSE, *of_a_day(living)]:
        statements = cost(manager, path)
        assert len(statements) <= MOST, (path, len(statements), statements)


def test_more_to_show_is_not_more_to_ask(living):
    manager = living.people["manager"]
    manager.get("/")
    before = {path: len(cost(manager, path)) for path in GROWS}
    tell_much(living.place)
    assert {path: len(cost(manager, path)) for path in GROWS} == before


def tell_much(place) -> None:
    by = f"{place.site.code.lower()}-01"
    received = {"product": "nal-im-0.4", "expiry": "2030-01", "quantity": 3}
    told = []
    for n in range(4):
        visit, event, lot, incident, left = (ref() for _ in range(5))
        told += [
            ("visit.arrived", {"visit": visit}),
            ("overdose.opened", {"event": event, "location": "booth", "visit": visit}),
            ("naloxone.received", received | {"lot": lot, "lot_code": f"M{n}"}),
            ("incident.recorded", {"incident": incident, "kind": "fire"}),
            ("leftbehind.recorded", {"left": left, "step": "found", "place": "Coin"}),
            ("shift.remark", {"remark": ref(), "text": "Mot"}),
            ("visit.seated", {"visit": visit, "booth": "1"}),
        ]
    at = timezone.now()
    send(place.site, *[record(kind, data, when=at, by=by) for kind, data in told])


@pytest.mark.full
def test_every_page_that_can_be_reached(living):
    """By who may open it; pages for who looks after the system may ask somewhat more."""
    for role in ("manager", "privacy_officer", "sysadmin"):
        client = living.people[role]
        paths = [page.path for page in walk(client, begin=PLAIN, most=1)]
        for path in paths:
            most = SELDOM.get(route_of(path), MOST)
            statements = cost(client, path)
            assert len(statements) <= most, (role, path, len(statements), statements)
