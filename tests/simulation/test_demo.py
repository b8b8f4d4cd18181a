import json
import stat
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command

from harmreduction.pg.scope import acting
from sites.naloxone.queries import lots_on_hand, rules_of, stock_alerts
from sites.people.enrolment import enrol_with
from sites.people.models import Staff
from sites.people.pins import prove
from sites.places.models import Site
from sites.records.models import Record
from sites.visits.models import Visit
from sites.visits.terms import VisitState


@pytest.fixture
def demo(db, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    call_command("load_demo", sites=2, days=3, seed=1)
    with acting(sites=list(Site.objects.values_list("pk", flat=True))):
        yield tmp_path / "demo.json"


def test_who_may_sign_in_is_written_for_nobody_else(demo):
    assert stat.S_IMODE(demo.stat().st_mode) == 0o600
    content = json.loads(demo.read_text())
    assert list(content) == ["url", "users", "tablets", "recipients", "database_url", "redis_url"]
    for user in content["users"]:
        assert list(user) == ["code", "role", "site", "password", "totp_secret", "pin"]
        staff = Staff.objects.get(code=user["code"])
        assert staff.role == user["role"]
        assert staff.check_password(user["password"])
        assert len(user["password"]) >= 12
        assert bool(user["totp_secret"]) == staff.needs_two_factors
    assert [user["code"] for user in content["users"] if user["site"] is None] == ["sante-publique"]


def test_the_room_is_alive(demo):
    site = Site.objects.get(code="S01")
    here = list(Visit.objects.at(site).filter(ended_at=None))
    assert {visit.state for visit in here} == {
        VisitState.WAITING,
        VisitState.IN_BOOTH,
        VisitState.AFTERCARE,
    }
    assert {alert["why"] for alert in stock_alerts(lots_on_hand(site), rules_of(site))} == {"low", "expiring"}


@pytest.mark.parametrize("after", [timedelta(seconds=2), timedelta(minutes=1), timedelta(minutes=20)])
def test_it_loads_just_after_the_day_began(db, settings, tmp_path, after):
    settings.DATA_DIR = tmp_path
    began = datetime(2026, 11, 23, 6, tzinfo=ZoneInfo("America/Toronto"))
    with time_machine.travel(began + after):
        call_command("load_demo", sites=2, days=3, seed=1)
    with acting(sites=list(Site.objects.values_list("pk", flat=True))):
        assert Visit.objects.at(Site.objects.get(code="S01")).filter(ended_at=None).exists()


def test_a_second_time_changes_nothing(demo):
    before = demo.read_text(), Record.objects.count()
    call_command("load_demo", sites=2, days=3, seed=1)
    assert (demo.read_text(), Record.objects.count()) == before


def test_the_tablets_can_be_tried_at_once(demo):
    content = json.loads(demo.read_text())
    assert [link["site"] for link in content["tablets"]] == ["S01", "S01", "S01", "S02"]
    device, _token = enrol_with(content["tablets"][0]["url"].partition("#")[2])
    pins = {user["code"]: user["pin"] for user in content["users"]}
    assert prove(device, "s01-01", pins["s01-01"]).code == "s01-01"
    assert (pins["s01-05"] is None, pins["vie-privee"]) == (False, None)


def test_a_code_that_was_used_is_made_again(demo):
    before = json.loads(demo.read_text())["tablets"]
    used = before[0]["url"].partition("#")[2]
    enrol_with(used)
    call_command("load_demo", sites=2, days=3, seed=1)
    after = json.loads(demo.read_text())["tablets"]
    assert used not in demo.read_text()
    assert [link for link in before[1:] if link not in after] == []
    assert len(after) == len(before)
    assert enrol_with(after[2]["url"].partition("#")[2])
