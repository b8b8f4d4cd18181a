"""What is read from the replica, and what never is. It is here another connection to the same rows."""

import copy
from datetime import timedelta

import pytest
import time_machine
from django.db import connections, router, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from harmreduction.pg import replica
from sites.indicators.models import DailyCount
from sites.operations import alerts
from sites.operations.checks import every_finding
from sites.operations.terms import Level
from sites.people.models import Staff, StaffSession
from sites.places.models import DirtyMark
from sites.records.models import Record
from sites.trail.models import TrailEntry
from tests.factories import make_staff

DECIDES = [Staff, StaffSession, Record, DirtyMark, TrailEntry]


@pytest.fixture
def second(committed_site, monkeypatch):
    """Its address and rights are the primary's; only the connection is another."""
    given = copy.deepcopy(connections["default"].settings_dict)
    monkeypatch.setitem(connections.settings, replica.REPLICA, given)
    monkeypatch.setattr(replica, "_away_until", 0.0)
    connections[replica.REPLICA].connect()
    yield connections[replica.REPLICA]
    connections[replica.REPLICA].close()
    del connections[replica.REPLICA]


@pytest.fixture
def manager(committed_site):
    with transaction.atomic():
        staff = make_staff("s01-mgr", committed_site, "manager")
        client = Client()
        client.force_login(staff)
    return client


@pytest.mark.parametrize("path", ["/dashboard/", "/trends/", "/reports/"])
def test_figures_come_from_the_replica_and_say_how_old_they_are(second, manager, path):
    with CaptureQueriesContext(second) as there, CaptureQueriesContext(connections["default"]) as here:
        page = manager.get(path)
    assert page.status_code == 200
    assert "Lu sur une copie de la base, à jour à" in page.content.decode()
    asked = " ".join(query["sql"] for query in there)
    assert "scs_countedday" in asked or "scs_dailyreport" in asked or "scs_dailycount" in asked
    for model in DECIDES:
        assert f'"{model._meta.db_table}"' not in asked
    assert not any("scs_dailycount" in query["sql"] for query in here)
    assert second.connection.autocommit


def test_the_page_of_the_system_tells_how_it_is(second, manager, monkeypatch):
    """One that does not follow is to be watched, and has stopped ten minutes after it last did."""
    alerts.watch()
    assert how_it_is() == Level.GOOD
    monkeypatch.setattr(replica, "SAYS_ITS_AGE", "select null")
    alerts.watch()
    assert how_it_is() == Level.LATE
    with time_machine.travel(timezone.now() + timedelta(minutes=9)):
        assert how_it_is() == Level.LATE
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert how_it_is() == Level.STOPPED
    assert "La copie de lecture" in manager.get("/operations/").content.decode()


def test_one_that_never_followed_has_stopped(second, monkeypatch):
    monkeypatch.setattr(replica, "SAYS_ITS_AGE", "select 1/0")
    alerts.watch()
    assert how_it_is() == Level.STOPPED


def how_it_is() -> Level:
    with transaction.atomic():
        return next(one.level for one in every_finding() if one.name == replica.REPLICA)


def test_without_one_nothing_is_said(manager):
    assert "copie de la base" not in manager.get("/dashboard/").content.decode()


def test_only_figures_inside_a_page_of_figures_are_read_there(second):
    assert router.db_for_read(DailyCount) == "default"
    with transaction.atomic(), replica.from_replica() as as_of:
        assert as_of is not None
        assert router.db_for_read(DailyCount) == replica.REPLICA
        assert {router.db_for_read(model) for model in DECIDES} == {"default"}
        assert router.db_for_write(DailyCount) == "default"
        assert DailyCount.objects.select_for_update().db == "default"
    assert router.db_for_read(DailyCount) == "default"


@pytest.mark.parametrize(
    "says", ["select clock_timestamp() - interval '6 minutes'", "select null", "select 1/0"]
)
def test_one_that_is_too_far_behind_or_does_not_answer_is_left_alone(second, manager, monkeypatch, says):
    monkeypatch.setattr(replica, "SAYS_ITS_AGE", says)
    page = manager.get("/dashboard/")
    assert page.status_code == 200
    assert "copie de la base" not in page.content.decode()
    with CaptureQueriesContext(second) as there:
        assert manager.get("/dashboard/").status_code == 200
    assert len(there) == 0


def test_one_that_stops_in_the_middle_costs_nobody_the_page(second, manager, monkeypatch):
    """The page is made anew from the primary, and its look is in the trail once."""
    with monkeypatch.context() as patch:
        patch.setattr(second, "execute_wrappers", [stops])
        page = manager.get("/dashboard/")
    assert page.status_code == 200
    assert "copie de la base" not in page.content.decode()
    with transaction.atomic():
        assert TrailEntry.objects.filter(action="dashboard read").count() == 1


def stops(execute, sql, params, many, context):
    if "scs_" in sql:
        execute("set local statement_timeout = 1", None, False, context)
        return execute("select pg_sleep(600)", None, False, context)
    return execute(sql, params, many, context)
