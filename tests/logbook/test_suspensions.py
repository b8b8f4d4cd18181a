"""A suspension is said on arrival where a client is known, ends by itself, and then nobody is known by it."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from sites.logbook.models import Breach
from sites.logbook.suspensions import away_until, of_handle
from sites.logbook.tasks import forget_ended_links
from sites.places.queries import day_bounds, today
from sites.records.handles import handle_code
from sites.visits.models import Visit
from tests.factories import record, ref, send

WORDS = "Suspension jusqu’au"
SPEAKS_OF = {"handle": "Rive 7"}


def agree(site, handle="Rive 7"):
    send(site, record("client.agreed", {"handle": handle, "version": "1", "language": "fr"}))


def suspend(site, days=3, **more):
    until = (today(site) + timedelta(days=days)).isoformat()
    data = {"code": "threats", "action": "suspended", "until": until, "appeal": True, **more}
    (receipt,) = send(site, record("breach.recorded", data))
    assert receipt.status == "created", receipt
    return receipt.id


def arrive(client, handle="Rive 7", **more):
    return client.post("/visits/new", {"handle": handle, "act": "wait", **more})


@pytest.mark.parametrize("by", ["handle", "visit"])
def test_it_is_said_on_arrival_and_may_be_passed(site, signed_in, by):
    agree(site)
    if by == "handle":
        suspend(site, handle="rive-7")
    else:
        visit = ref()
        send(site, record("visit.arrived", {"visit": visit, "handle": "Rive 7"}))
        suspend(site, visit=visit)
        send(site, record("visit.closed", {"visit": visit, "discharge_to": "street"}))
    client, before = signed_in("worker"), Visit.objects.count()
    answer = arrive(client)
    assert answer.status_code == 422
    assert WORDS in answer.content.decode()
    assert Visit.objects.count() == before
    assert arrive(client, anyway="1").status_code == 302
    assert Visit.objects.count() == before + 1


def test_it_ends_by_itself_and_forgets_whom_it_kept_away(site, signed_in):
    agree(site)
    suspend(site, days=2, handle="Rive 7")
    code = handle_code(site, "Rive 7")
    last = day_bounds(site, today(site) + timedelta(days=2))
    with time_machine.travel(last[1] - timedelta(minutes=1), tick=False):
        forget_ended_links()
        assert of_handle(site, code) is not None
    with time_machine.travel(last[1], tick=False):
        assert of_handle(site, code) is None
        forget_ended_links()
    row = Breach.objects.at(site).get()
    assert (row.client, row.action) == (None, "suspended")


def test_who_never_agreed_is_not_known_again(site, signed_in):
    suspend(site, handle="Rive 7")
    assert Breach.objects.at(site).get().client is None
    assert arrive(signed_in("worker")).status_code == 302


def test_a_reminder_keeps_nobody_away_and_knows_nobody(site):
    agree(site)
    send(site, record("breach.recorded", {"code": "insults", "action": "verbal", **SPEAKS_OF}))
    assert Breach.objects.at(site).get().client is None
    assert away_until(site) == {}


def test_a_correction_shortens_it_and_still_knows_whom(site):
    agree(site)
    target = suspend(site, days=30, handle="Rive 7")
    until = today(site) + timedelta(days=1)
    change = {"target": target, "data": {"until": until.isoformat()}, "reason": "révisée"}
    assert send(site, record("record.corrected", change))[0].status == "created"
    assert list(away_until(site).values()) == [until]
    send(site, record("record.voided", {"target": target, "reason": "levée après révision"}))
    assert away_until(site) == {}


def test_leaving_for_today_is_over_tomorrow(site):
    agree(site)
    send(site, record("breach.recorded", {"code": "insults", "action": "leave_today", **SPEAKS_OF}))
    code = handle_code(site, "Rive 7")
    assert of_handle(site, code) is not None
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=5), tick=False):
        assert of_handle(site, code) is None
