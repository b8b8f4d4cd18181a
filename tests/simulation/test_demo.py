import json
import stat

import pytest
from django.core.management import call_command

from harmreduction.pg.scope import acting
from sites.naloxone.queries import lots_on_hand, stock_alerts
from sites.people.models import Staff
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
    assert list(content) == ["url", "users", "recipients", "database_url", "redis_url"]
    for user in content["users"]:
        assert list(user) == ["code", "role", "site", "password", "totp_secret"]
        staff = Staff.objects.get(code=user["code"])
        assert staff.role == user["role"]
        assert staff.check_password(user["password"])
        assert len(user["password"]) >= 12
    assert [user["code"] for user in content["users"] if user["site"] is None] == ["sante-publique"]


def test_the_room_is_alive(demo):
    site = Site.objects.get(code="S01")
    here = list(Visit.objects.at(site).filter(ended_at=None))
    assert {visit.state for visit in here} == {
        VisitState.WAITING,
        VisitState.IN_BOOTH,
        VisitState.AFTERCARE,
    }
    assert {alert["why"] for alert in stock_alerts(lots_on_hand(site))} == {"low", "expiring"}


def test_a_second_time_changes_nothing(demo):
    before = demo.read_text(), Record.objects.count()
    call_command("load_demo", sites=2, days=3, seed=1)
    assert (demo.read_text(), Record.objects.count()) == before
