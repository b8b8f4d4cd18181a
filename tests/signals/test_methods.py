"""Each method against what a published implementation says of the same series (reference.py)."""

import math
import random
from datetime import timedelta

import pytest
from scipy.stats import binom, nbinom, poisson

from sites.signals.methods import ears, ewma, gaps, rolling, severity, tails
from tests.factories import at
from tests.signals import reference as known


def bounds(method: str, first: int, count: int, **more) -> list[float]:
    found = ears.upper_bounds(known.NEWPORT, method, **more)
    start = first - ears.first_index(method)
    return found[start : start + count]


def test_c1_is_that_of_surveillance():
    found = bounds("C1", known.FIRST_OF_2011, 4, alpha=0.05)
    assert found == pytest.approx(known.EARS_C1_2011, abs=1e-6)


@pytest.mark.parametrize(
    ("method", "alpha", "first", "expected"),
    [
        ("C2", 0.001, known.FIRST_OF_2011, known.EARS_C2_2011),
        ("C2", 0.001, known.OUTBREAK, known.EARS_C2_OUTBREAK),
        ("C3", 0.025, known.FIRST_OF_2011, known.EARS_C3_2011),
        ("C3", 0.025, known.OUTBREAK, known.EARS_C3_OUTBREAK),
    ],
)
def test_c2_and_c3_follow_the_published_formulas(method, alpha, first, expected):
    found = bounds(method, first, 6, alpha=alpha, min_sigma=0.5)
    assert found == pytest.approx(expected, abs=1e-5)


def test_ewma_is_that_of_the_national_program():
    as_pynssp = ewma.Constants(baseline=29, shortest=11, warning=0.025, least=(1.0, 0.5))
    found = ewma.detect(known.WEEKS_2012, constants=as_pynssp)
    assert found[: known.FIRST_EWMA] == [None] * known.FIRST_EWMA
    told = [(p.expected, p.statistic, p.p) for p in found[known.FIRST_EWMA :]]
    for mine, theirs in zip(told, known.EWMA_2012, strict=True):
        assert mine == pytest.approx(theirs, abs=1e-6)


def test_ewma_keeps_at_most_28_days_and_needs_seven():
    found = ewma.detect([1, 2] * 30)
    assert found[8] is None
    assert found[9] is not None
    grown = ewma.detect([50] * 10 + [1, 2] * 30)
    assert grown[-1].expected == pytest.approx(1.5)


def test_the_tail_of_ewma_sees_a_step_and_not_noise():
    quiet = [1, 0, 2, 1, 1, 0, 1] * 6
    assert ewma.tail(quiet, [1.0] * len(quiet)).p > 0.2
    risen = [*quiet, 3, 4, 3, 4]
    assert ewma.tail(risen, [1.0] * len(risen)).p < 0.01
    assert ewma.tail([1] * 9, [1.0] * 9) is None


def test_tails_are_those_of_the_distributions():
    assert tails.poisson_tail(4, 1.3) == pytest.approx(poisson.sf(3, 1.3))
    size, mean = 3.5, 2.2
    assert tails.negative_binomial_tail(5, mean, size) == pytest.approx(
        nbinom.sf(4, size, size / (size + mean))
    )
    assert tails.binomial_tail(3, 8, 0.2) == pytest.approx(binom.sf(2, 8, 0.2))
    assert tails.poisson_tail(0, 1) == tails.binomial_tail(0, 5, 0.1) == 1.0


def test_a_short_baseline_makes_a_count_less_surprising():
    long, short = (tails.predictive_tail(5, 1, 1.0 * days, days) for days in (700, 7))
    assert long == pytest.approx(poisson.sf(4, 1), rel=0.05)
    assert short > 2 * long
    assert tails.predictive_tail(5, 1, 90, 90, spread=2.0) > tails.predictive_tail(5, 1, 90, 90)


def test_rates_forgive_a_busy_day():
    counts, consumptions = [1.0] * 10 + [4.0], [100.0] * 10 + [400.0]
    busy = ears.tail(counts, consumptions, "C1")
    assert busy.p > 0.2
    assert busy.expected == pytest.approx(4)
    assert ears.tail(counts, [1.0] * 11, "C1").p < 0.05


def test_c3_adds_up_three_days():
    counts = [1.0] * 10 + [3.0, 3.0, 3.0]
    three, one = (ears.tail(counts, [1.0] * 13, method) for method in ("C3", "C2"))
    assert (three.observed, three.expected) == (9, 3)
    assert three.p < one.p


@pytest.mark.parametrize("factor", [2.0, 3.0])
def test_the_limit_of_gaps_gives_the_false_alarms_it_promises(factor):
    limit, dice = gaps.limit_for(60, factor), random.Random(4)
    runs = []
    for _run in range(800):
        total, n = 0.0, 0
        while total < limit:
            total, n = max(0.0, total + gaps.worth(dice.expovariate(1), 1.0, factor)), n + 1
        runs.append(n)
    assert sum(runs) / len(runs) == pytest.approx(60, rel=0.12)


def test_gaps_reach_the_limit_when_events_come_faster_and_begin_anew():
    slow, fast = [1.0] * 10, [0.2] * 6
    limit = gaps.limit_for(60, 3.0)
    assert gaps.last_reached(slow, 1.0, 3.0, limit) is None
    first, last = gaps.last_reached(slow + fast, 1.0, 3.0, limit)
    assert first >= 9
    assert last == gaps.last_reached(slow + fast[: last - 9], 1.0, 3.0, limit)[1]


def test_limits_stand_on_a_coarse_grid():
    assert gaps.rounded(95) == gaps.rounded(99)
    assert gaps.rounded(0.1) == 5
    assert math.isclose(gaps.rounded(1000), 1000, rel_tol=0.06)


def test_a_window_ends_with_its_event_and_leaves_out_its_first_moment():
    start = at("2026-11-20 10:00")
    times = [start, start + timedelta(hours=2), start + timedelta(hours=3)]
    assert rolling.window_counts(times, rolling.SHORT) == [1, 1, 2]
    day = (start.date(), start, start + timedelta(hours=3))
    assert rolling.daily_highest(times, [day], rolling.DAY) == [2]


def test_the_usual_most_is_not_passed_on_95_of_100_days():
    assert rolling.usual_most([1] * 90, 4) == 4
    assert rolling.usual_most([1] * 80 + [7] * 10, 4) == 7
    assert rolling.usual_most([1] * 97 + [7] * 3, 4) == 4
    assert rolling.usual_most([], 4) == 4


def test_harder_events_show_in_doses_and_in_sedation():
    events, doses = [1] * 40 + [1] * 7, [1] * 20 + [0] * 20 + [3] * 7
    seen = severity.doses_per_event(events, doses, 7)
    assert (seen.observed, seen.expected) == (3, 0.5)
    assert seen.p < 0.001
    prolonged = [0, 0, 0, 0, 1] * 8 + [1] * 5 + [0] * 2
    share = severity.prolonged_share(events, prolonged, 7)
    assert share.observed == pytest.approx(5 / 7)
    assert share.p < 0.02
    assert severity.prolonged_share([1] * 4, [1] * 4, 2) is None
    assert severity.doses_per_event([1] * 8, [1] * 8, 4) is None
