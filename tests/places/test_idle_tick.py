"""A tick that finds nothing to do asks as many statements of eight sites as of two."""

from datetime import timedelta

import time_machine
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.people.devices import enrol
from sites.tasks import tick
from tests.bench.reading import counted
from tests.factories import make_site, record, ref, send
from tests.registers.told import an_incident

NOON = "2026-11-22T17:00:00Z"
MOST = 120


def a_site_that_has_worked(code: str) -> None:
    """Visits of the day before and of the day that runs, an incident, a tablet, a register."""
    site, by, at = make_site(code), f"{code.lower()}-01", timezone.now()
    told = [
        ("visit.arrived", {"visit": ref(), "handle": "RIVE7"}, at - timedelta(days=1)),
        ("visit.arrived", {"visit": ref(), "handle": "RIVE8"}, at),
        ("incident.recorded", {"incident": ref(), "kind": "fire"}, at),
    ]
    send(site, *[record(kind, data, when=when, by=by) for kind, data, when in told])
    with acting(sites=[site.pk]):
        enrol(site, "Comptoir")
        an_incident(site, "Feuille")


def statements_of_an_idle_tick() -> list[str]:
    for _ in range(3):
        tick()
    with counted() as seen:
        tick()
    return [sql for sql in seen if not sql.startswith(("SAVEPOINT", "RELEASE"))]


def test_it_costs_the_same_whatever_the_number_of_sites(db):
    with time_machine.travel(NOON, tick=False), acting(sites=()):
        for n in range(2):
            a_site_that_has_worked(f"S{n:02}")
        few = statements_of_an_idle_tick()
        for n in range(2, 8):
            a_site_that_has_worked(f"S{n:02}")
        for _ in range(6):  # one first look of the audit a tick
            tick()
        many = statements_of_an_idle_tick()
    assert len(many) == len(few) <= MOST, sorted(set(many) - set(few))
