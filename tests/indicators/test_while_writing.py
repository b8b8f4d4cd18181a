"""A day is counted while the team goes on working."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.indicators.models import DailyCount
from sites.indicators.services import recount, recount_due
from sites.places.models import DirtyMark
from sites.places.queries import today
from tests.factories import record, send
from tests.indicators.test_counts import a_visit, an_event

LINES = [{"item": "needle_27g", "quantity": 10}]


def tell_some_of_each(site) -> None:
    when = timezone.now() - timedelta(minutes=5)
    with transaction.atomic(), acting(sites=[site.pk]):
        visit, visited = a_visit(f"{when:%Y-%m-%d %H:%M}", seated=False)
        _event, happened = an_event(
            f"{when:%Y-%m-%d %H:%M}", visit=visit, steps=[{"step": "airway"}], doses=["staff_nurse"]
        )
        told = send(site, *visited, *happened, record("supplies.given", {"lines": LINES}, when=when))
    assert {one.status for one in told} == {"created"}


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
            recount(site, [today(site)])
    assert len(heard) > 20
    recount_due()
    with transaction.atomic(), acting(sites=[site.pk]):
        assert not DirtyMark.objects.exists()
        given = DailyCount.objects.get(indicator="handouts", category="ALL")
    assert given.value == len(heard)


def tell_and_hang_up(site) -> None:
    try:
        tell_some_of_each(site)
    finally:
        connection.close()
