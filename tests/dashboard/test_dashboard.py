"""The dashboard: numbers from the registry, the same beside them, and the records behind each."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from sites.dashboard.behind import LISTS, behind
from sites.dashboard.pages import PERIODS, Dashboard
from sites.indicators.queries import read_period
from sites.indicators.registry import REGISTRY
from sites.indicators.services import recount_due
from sites.trail.models import TrailEntry
from tests.factories import at, make_staff, send
from tests.indicators.test_counts import a_visit, an_event

DAY = date(2026, 11, 20)
NEXT_EVENING = at("2026-11-21 23:30")


@pytest.fixture
def busy(site):
    """A Friday with two visits and two overdoses; the same hours of the week before; a visit today."""
    with time_machine.travel(NEXT_EVENING, tick=True):
        for day in ("2026-11-20", "2026-11-13", "2026-11-14"):
            send(site, *a_visit(f"{day} 20:00")[1])
        send(site, *a_visit("2026-11-20 21:00")[1])
        steps, closed = [{"step": "stimulation"}], {"presentation": "opioid_resp_depression"}
        send(site, *an_event("2026-11-20 22:00", steps=steps, closed=closed)[1])
        send(site, *a_visit("2026-11-21 20:30")[1])
        recount_due()
        yield site


@pytest.fixture
def manager(busy) -> Client:
    client = Client()
    client.force_login(make_staff("s01-mgr", busy, "manager"))
    return client


def numbers(site, period) -> dict:
    return {number.code: number for number in Dashboard(site, period).numbers()}


def test_yesterday_stands_beside_the_same_day_a_week_before(busy):
    shown = numbers(busy, "yesterday")
    assert (shown["visits"].value, shown["visits"].before) == (2, 1)
    assert (shown["overdose_events"].value, shown["overdose_events"].before) == (1, 0)


def test_today_so_far_stands_beside_the_same_hour_of_that_weekday(busy):
    shown = numbers(busy, "today")
    assert shown["visits"].value == 1
    assert (shown["visits"].usual.low, shown["visits"].usual.high) == (0, 0)
    assert shown["visits"].before is None


def test_people_are_never_added_up(busy):
    for period in ("week", "year"):
        unique = numbers(busy, period)["unique_clients_day"]
        assert unique.value is None
        assert unique.why_none
    assert "unique_clients_month_to_date" in numbers(busy, "month")


def test_a_week_ends_with_the_last_closed_day(busy):
    shown = Dashboard(busy, "week")
    assert (shown.first, shown.last) == (date(2026, 11, 16), DAY)
    assert shown.before == (date(2026, 11, 9), date(2026, 11, 13))


@pytest.mark.parametrize("code", ["visits", "overdose_events", "reversals"])
def test_the_list_behind_a_number_is_as_long_as_the_number(busy, code):
    first = DAY - timedelta(days=10)
    rows, count = behind(busy, code, first, DAY)
    assert len(rows) == count == read_period(busy, first, DAY, [code]).value(code) > 0


@pytest.mark.parametrize(("code", "counter"), [
    ("pct_oxygen_only", "od_oxygen_only"), ("pct_left_no_consume", "left_no_consume"),
    ("pct_with_endpoint", "events_closed"), ("naloxone_per_overdose", "od_naloxone_staff"),
])  # fmt: skip
def test_a_share_is_made_of_what_it_lists(busy, code, counter):
    _rows, count = behind(busy, code, DAY, DAY)
    assert count == read_period(busy, DAY, DAY, [counter]).value(counter)


@pytest.mark.parametrize("period", PERIODS)
def test_each_period_has_its_page_and_its_table(manager, period):
    page = manager.get(f"/dashboard/?period={period}")
    assert page.status_code == 200
    assert page.content.count(b'<svg class="chart"') == 2
    assert b"<table" in page.content


def test_an_unknown_period_or_number_is_not_there(manager):
    assert manager.get("/dashboard/?period=decade").status_code == 404
    assert manager.get("/dashboard/nothing/?first=2026-11-20&last=2026-11-20").status_code == 404
    assert manager.get("/dashboard/visits/?first=x&last=2026-11-20").status_code == 404


def test_reading_what_is_behind_a_number_is_in_the_trail(manager, busy):
    page = manager.get("/dashboard/overdose_events/?first=2026-11-20&last=2026-11-20")
    assert page.status_code == 200
    assert page.content.count(b'class="row-link"') == 1
    (entry,) = TrailEntry.objects.filter(action="records behind a number read")
    assert (entry.actor, entry.about_id) == ("s01-mgr", "overdose_events 2026-11-20/2026-11-20")


def test_who_reads_no_report_sees_neither(busy):
    client = Client()
    client.force_login(make_staff("s01-09", busy, "shift_lead"))
    assert client.get("/dashboard/").status_code == 403
    assert client.get("/dashboard/visits/?first=2026-11-20&last=2026-11-20").status_code == 404


def test_every_number_with_a_list_is_one_of_the_registry():
    assert set(LISTS) <= set(REGISTRY)
