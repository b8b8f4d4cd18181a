"""What is promised of the signals, on simulated years; the large replay is in docs/signals.md."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from sites.signals import watching
from sites.signals.terms import Method
from sites.simulation.dice import Dice
from sites.simulation.signal_years import best, made, replay

RATE = 2.0
SHIFTED, QUIET = 3, 5  # seeds whose draws are plain to see


def site(factors, seed=1):
    return made(RATE, factors, Dice(f"test|{seed}"))


def found(history, first, last) -> set[Method]:
    return {finding.method for _at, finding in watching.alarms(history, first, last)}


def test_a_threefold_shift_is_found_and_says_how():
    history = site([1.0] * 120 + [3.0] * 8, seed=SHIFTED)
    alarms = list(watching.alarms(history, 120, 127))
    at, first = alarms[0]
    assert at - history.days[120].starts < timedelta(days=2)
    assert first.since >= history.days[118].starts
    assert first.observed > first.expected
    assert {Method.ROLLING_24H, Method.GAPS_3X, Method.EWMA} <= {f.method for _at, f in alarms}


def test_a_new_site_is_not_judged():
    history = site([3.0] * 25)
    assert not found(history, 0, 24)


def test_a_chosen_threshold_stands_above_the_usual_one():
    quiet = site([1.0] * 130, seed=QUIET)
    assert Method.ROLLING_24H not in found(quiet, 120, 129)
    quiet.threshold = 1
    findings = [f for _at, f in watching.alarms(quiet, 120, 129) if f.method is Method.ROLLING_24H]
    assert findings[0].parameters == {"threshold": 1, "chosen": True, "hours": 24}


def test_closed_days_are_no_long_gap_and_no_zero():
    history = site([1.0] * 120)
    usual = watching.usual_of(history, 119)
    for day in history.days[100:117]:
        day.opening, day.events = None, 0
    history.times = [
        at for at in history.times if not history.days[100].starts <= at < history.days[117].starts
    ]
    after = watching.History(history.days, history.times)
    assert watching.usual_of(after, 119).rate == pytest.approx(usual.rate, rel=0.1)
    last = [
        place for at, place in zip(after.times, after.positions, strict=True) if at > after.days[116].ends
    ]
    assert last[0] - after.positions[-len(last) - 1] < 4


def test_sedation_that_lasts_is_a_subject_of_its_own():
    history = site([1.0] * 140)
    assert Method.SEDATION not in found(history, 133, 139)
    for day in history.days[133:]:
        day.prolonged = day.events
    assert Method.SEDATION in found(history, 133, 139)


def test_alarms_within_the_quiet_time_are_one():
    start = watching.datetime(2026, 1, 1)  # noqa: DTZ001 - only differences count
    times = [start + timedelta(days=n) for n in (0, 1, 2, 9)]
    assert watching.episodes(times) == [start, start + timedelta(days=9)]


def test_false_alarms_stay_under_one_a_month_and_doubled_weeks_are_found():
    (result,) = replay([RATE], sites=2, seed=2)
    assert result.false_alarms < 1
    assert result.doubled_weeks >= 0.7
    assert result.tripled_found == 1


def test_no_test_of_one_day_finds_every_shift():
    assert best(1.0, 3.0) == pytest.approx(0.40, abs=0.01)
    assert best(4.0, 3.0) > 0.85


def test_the_command_prints_one_line_a_rate():
    out = StringIO()
    call_command("replay_signals", "--sites", "1", "--rates", "0.5", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert told["rate"] == 0.5
    assert 0 <= told["tripled_24h"] <= 1
    with pytest.raises(CommandError):
        call_command("replay_signals", "--rates", "x")


@pytest.mark.full
def test_two_years_at_twenty_sites_keep_what_the_docs_say():
    for result in replay([1.0, 1.5, 2.0, 3.0, 4.0], sites=20, seed=1):
        assert result.false_alarms < 1, result
        assert result.doubled_weeks >= (0.8 if result.rate > 1 else 0.6), result
        assert result.tripled_24h >= result.best_24h - 0.12, result
