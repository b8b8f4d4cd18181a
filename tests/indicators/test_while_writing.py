"""A day is counted while the team goes on working."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import time_machine
from django.db import connection, transaction

from harmreduction.pg.scope import acting
from sites.indicators.models import DailyCount
from sites.indicators.services import recount, recount_due
from sites.places.models import DirtyMark
from tests.factories import at, record, send
from tests.indicators.test_counts import a_visit, an_event

DAY, WHEN = date(2026, 11, 20), "2026-11-20 20:00"
LINES = [{"item": "needle_27g", "quantity": 10}]


def tell_some_of_each(site) -> None:
    with transaction.atomic(), acting(sites=[site.pk]):
        visit, visited = a_visit(WHEN, seated=False)
        _event, happened = an_event(WHEN, visit=visit, steps=[{"step": "airway"}], doses=["staff_nurse"])
        told = send(site, *visited, *happened, record("supplies.given", {"lines": LINES}, when=at(WHEN)))
    assert {one.status for one in told} == {"created"}


@time_machine.travel(at("2026-11-21 15:00"))
def test_what_arrives_between_two_looks_breaks_nothing_and_is_counted_next(committed_site):
    site, heard = committed_site, []
    with ThreadPoolExecutor(1) as team:

        def meanwhile(execute, statement, *given):
            answer = execute(statement, *given)
            if statement.startswith("SELECT"):
                heard.append(statement)
                team.submit(tell_and_hang_up, site).result()
            return answer

        with connection.execute_wrapper(meanwhile):
            recount(site, [DAY])
    assert len(heard) > 20
    recount_due()
    with transaction.atomic(), acting(sites=[site.pk]):
        assert not DirtyMark.objects.exists()
        given = DailyCount.objects.get(service_date=DAY, indicator="handouts", category="ALL")
    assert given.value == len(heard)


def tell_and_hang_up(site) -> None:
    try:
        tell_some_of_each(site)
    finally:
        connection.close()
