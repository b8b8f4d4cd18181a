"""Planted faults of every kind are found by the next look, shown red, and gone once mended."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection

from harmreduction.pg.scope import acting, as_owner
from sites.audit.models import AuditState
from sites.audit.services import look, look_when_due
from sites.naloxone.models import StockMovement
from tests.factories import at, make_staff, record, ref, send
from tests.indicators.test_counts import a_visit, an_event
from tests.reports.test_periods import build_all
from tests.reports.test_views import text

NOW = "2026-10-01 15:00"
DAY = date(2026, 9, 22)


@pytest.fixture
def told(site):
    with time_machine.travel(at(NOW), tick=True):
        lot = ref()
        received = {
            "lot": lot, "product": "nal-im-0.4", "lot_code": "A1", "expiry": "2028-01-31", "quantity": 10,
        }  # fmt: skip
        send(site, record("naloxone.received", received, when=at("2026-09-21 12:00")))
        for day in (22, 23):
            send(site, *a_visit(f"2026-09-{day} 20:00", handle="LUNE4")[1])
        event, sent = an_event("2026-09-22 21:00", closed={"presentation": "mixed"})
        dose = {"event": event, "product": "nal-im-0.4", "route": "im", "dose_mg": "0.8", "lot": lot}
        given = record("overdose.dose", dose | {"given_by": "staff_nurse"}, when=at("2026-09-22 21:00:30"))
        send(site, sent[0], given, sent[1])
        build_all()
        yield site


def plant(site, statement: str) -> None:
    """A fault as it would come: by a hand on the database itself."""
    with acting(sites=[site.pk]), as_owner(), connection.cursor() as cursor:
        cursor.execute(statement)


def found(site, **how) -> set[str]:
    state = look(site, whole=how.get("whole", False))
    return {fault["check"] for fault in state.faults}


def test_a_sound_history_has_no_fault(told):
    assert look(told, whole=True).faults == []
    assert StockMovement.objects.filter(move="administered").count() == 1


SET = "update scs_dailycount set value = value + 7 where category = '{}' and indicator = '{}'"


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("delete from scs_visit where service_date = '2026-09-23'", "counts"),
        ("update scs_visit set ended_at = null, state = 'waiting'", "people"),
        ("update scs_naloxonedose set dose_mg = 4.0", "doses"),
        ("delete from scs_naloxonedose", "doses"),
        (SET.format("inj_iv", "visits"), "partitions"),
        (SET.format("ALL", "transports"), "hashes"),
        (SET.format("ALL", "transports"), "reports"),
        (SET.format("ALL", "transports"), "periods"),
        ("delete from scs_dailyreport where service_date = '2026-09-23'", "reports"),
        ("update scs_periodreport set indicators = '[]' where grain = 'month'", "periods"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found_by_the_next_look(told, statement, check):
    if "scs_visit set" in statement or "delete from scs_visit" in statement:
        plant(told, "delete from scs_boothstay; delete from scs_consumption")
    plant(told, statement)
    assert check in found(told)


def test_it_turns_red_on_the_page_and_back(told, client):
    client.force_login(make_staff("s01-09", told, role="manager"))
    assert "Pas encore regardé" in text(client.get("/audit/"))
    look(told, whole=True)
    assert "Tout concorde" in text(client.get("/audit/"))
    plant(told, "update scs_naloxonedose set dose_mg = 4.0")
    look(told, whole=False)
    page = client.get("/audit/")
    assert "Doses données = unités sorties du stock ne concorde pas" in text(page)
    assert 'class="wrong"' in page.content.decode()
    plant(told, "update scs_naloxonedose set dose_mg = 0.8")
    look(told, whole=False)
    assert "Tout concorde" in text(client.get("/audit/"))


def test_a_fault_is_looked_for_within_ten_minutes(told):
    look_when_due()
    assert AuditState.objects.get().through == date(2026, 9, 30)
    plant(told, "update scs_naloxonedose set dose_mg = 4.0")
    look_when_due()
    assert AuditState.objects.get().faults == []  # looked at a moment ago
    with time_machine.travel(at(NOW) + timedelta(minutes=5)):
        look_when_due()
        assert AuditState.objects.get().faults


def test_verify_says_each_fault_on_one_line(told):
    plant(told, "update scs_naloxonedose set dose_mg = 4.0")
    out = StringIO()
    with pytest.raises(BaseException, match="1"):
        call_command("verify", stdout=out)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert {"check": "figures/doses", "site": "S01"}.items() <= lines[0].items()


def test_a_site_with_nothing_yet(site, client):
    assert look(site, whole=True) is None
    look_when_due()
    client.force_login(make_staff("s01-08", site))
    assert client.get("/audit/").status_code == 403


def test_doses_without_a_lot_draw_nothing_and_are_no_fault(told):
    _event, sent = an_event("2026-09-23 22:00", doses=["staff_nurse"], closed={"presentation": "mixed"})
    send(told, *sent)
    build_all()
    assert "doses" not in found(told)
