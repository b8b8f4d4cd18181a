"""Signals raised by the tick: from real records, once, with what they are made of."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from harmreduction.pg.scope import acting
from sites.indicators.services import recount_due
from sites.overdoses.models import OverdoseEvent
from sites.places.queries import day_bounds, service_date
from sites.signals import looking, services
from sites.signals.models import Signal, SignalFinding
from sites.signals.queries import history_of
from sites.signals.terms import Method, Subject
from sites.tasks import DUE
from sites.trail.models import TrailEntry
from tests.factories import at, record, ref, send

NOW = at("2026-11-20 23:30")
QUIET_DAYS = 70


def past_event(site, when: datetime, **more) -> None:
    """As the fold leaves it: what is tested here is not the fold."""
    OverdoseEvent.objects.create(
        site=site, ref=ref(), opened_at=when, service_date=service_date(site, when), location="booth",
        outside=False, closed_at=when + timedelta(minutes=20), outcome="recov", endpoint_awake="yes",
        **{"event_class": "overdose", "presentation": "opioid_resp_depression"} | more,
    )  # fmt: skip


def opened(site, when: datetime) -> str:
    """An overdose that begins, through the door of the records."""
    event = ref()
    send(site, record("overdose.opened", {"event": event, "location": "booth"}, when=when))
    return event


@pytest.fixture
def quiet_past(site):
    """Ten weeks with a visit each day and an overdose every other day."""
    with time_machine.travel(NOW, tick=True):
        for n in range(1, QUIET_DAYS):
            when = NOW - timedelta(days=n, hours=2)
            send(site, record("turnaway.recorded", {"reason": "full", "count": 1}, when=when))
            if n % 2:
                past_event(site, when)
        recount_due()
        yield site


def test_five_in_a_day_raise_one_signal_with_all_that_explains_it(quiet_past):
    site = quiet_past
    looking.watch_due()
    assert not Signal.objects.exists()
    for n in range(5):
        opened(site, NOW - timedelta(hours=5) + timedelta(minutes=70 * n))
        looking.watch_due()
    (signal,) = Signal.objects.all()
    assert (signal.subject, signal.acknowledged_at) == (Subject.FREQUENCY, None)
    findings = {f.method: f for f in signal.findings.all()}
    assert {Method.ROLLING_24H, Method.GAPS_3X} <= set(findings)
    rolling = findings[Method.ROLLING_24H]
    assert rolling.parameters == {"threshold": 4, "chosen": False, "hours": 24}
    assert (rolling.observed, rolling.since) == (5, NOW - timedelta(hours=5))
    assert rolling.expected == pytest.approx(0.5, abs=0.05)
    assert rolling.data_cutoff >= NOW
    assert rolling.false_alarms == 0
    assert 60 <= rolling.watched_days <= QUIET_DAYS
    assert TrailEntry.objects.filter(action="signal raised").count() == 1


def test_a_signal_goes_on_and_is_not_raised_again(quiet_past):
    for n in range(5):
        opened(quiet_past, NOW - timedelta(hours=4) + timedelta(minutes=20 * n))
    looking.watch_due()
    before = SignalFinding.objects.count()
    looking.watch_due()
    assert (Signal.objects.count(), SignalFinding.objects.count()) == (1, before)
    with time_machine.travel(NOW + timedelta(days=6), tick=True):
        for n in range(5):
            opened(quiet_past, NOW + timedelta(days=6, minutes=-60 + 10 * n))
        looking.watch_due()
    assert Signal.objects.count() == 2


def test_three_within_two_hours_are_a_cluster(quiet_past):
    for n in range(3):
        opened(quiet_past, NOW - timedelta(hours=1) + timedelta(minutes=25 * n))
    looking.watch_due()
    found = SignalFinding.objects.get(method=Method.CLUSTER_2H)
    assert (found.observed, found.parameters["limit"]) == (3, 3)


def test_other_emergencies_and_voided_events_raise_nothing(quiet_past):
    for n in range(6):
        past_event(
            quiet_past, NOW - timedelta(hours=3, minutes=-10 * n), event_class="medical_other",
            presentation="injury",
        )  # fmt: skip
    looking.watch_due()
    assert not Signal.objects.exists()


def test_a_closed_day_is_judged_once_and_again_when_its_counts_change(quiet_past, monkeypatch):
    looking.watch_due()
    looked = []
    monkeypatch.setattr(looking, "history_of", lambda *a, **k: looked.append(a) or history_of(*a, **k))
    looking.watch_due()
    assert not looked
    send(
        quiet_past,
        record("turnaway.recorded", {"reason": "full", "count": 3}, when=NOW - timedelta(days=1, hours=2)),
    )
    recount_due()
    looking.watch_due()
    assert len(looked) == 1


def test_an_idle_look_costs_a_handful_of_queries(quiet_past):
    looking.watch_due()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        looking.watch_due()
    assert (
        len([q for q in asked if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))]) <= 6
    )


def test_the_history_has_every_day_and_event_once(quiet_past):
    history = history_of(quiet_past, 30)
    assert len(history.days) == 31
    assert sum(day.events for day in history.days) == len(history.times) == 15
    assert history.days[-1].ends == day_bounds(quiet_past, history.days[-1].day)[1]
    assert all(day.opening for day in history.days)


def test_a_chosen_threshold_is_used(quiet_past):
    services.choose_threshold(quiet_past, 2, by="s01-05")
    for n in range(3):
        opened(quiet_past, NOW - timedelta(hours=9) + timedelta(hours=3 * n))
    looking.watch_due()
    told = SignalFinding.objects.get(method=Method.ROLLING_24H).parameters
    assert told == {"threshold": 2, "chosen": True, "hours": 24}


def test_the_tick_looks_once_it_has_counted_and_before_it_reports():
    names = [work.__name__ for work in DUE]
    assert names.index("count_days") < names.index("watch_sites") < names.index("build_reports")


def test_each_site_is_looked_at_with_its_own_rows_alone(quiet_past, other_site):
    for n in range(5):
        opened(quiet_past, NOW - timedelta(hours=4) + timedelta(minutes=20 * n))
    looking.watch_due()
    with acting(sites=[other_site.pk]):
        assert not Signal.objects.exists()
