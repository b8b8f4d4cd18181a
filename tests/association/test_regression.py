"""The fit against R and a published paper; what is told, and what is refused."""

from datetime import date, timedelta
from math import exp, log

import numpy as np
import pytest

from sites.association.fitting import NoFit, fit, lags_for
from sites.association.regression import regression
from sites.association.shaping import Day, Segments
from sites.association.terms import Refusal, Term
from tests.association import reference

FIRST = date(2026, 3, 2)


def columns(*, slope: bool) -> np.ndarray:
    time = np.arange(1, len(reference.EPISODES) + 1)
    after = (time > reference.BAN).astype(float)
    parts = [np.ones(len(time)), time, after, (time - reference.BAN) * after]
    return np.column_stack(parts if slope else parts[:3])


def test_coefficients_and_both_covariances_are_those_of_r():
    found = fit(reference.EPISODES, reference.POPULATION, columns(slope=True), lags=3)
    assert found.coefficients == pytest.approx(reference.COEFFICIENTS, rel=1e-6)
    assert np.sqrt(np.diag(found.by_dispersion)) == pytest.approx(reference.BY_DISPERSION, rel=1e-5)
    assert np.sqrt(np.diag(found.by_neighbours)) == pytest.approx(reference.BY_NEIGHBOURS, rel=1e-5)
    assert found.dispersion == pytest.approx(reference.DISPERSION, rel=1e-4)


def test_the_level_is_the_one_the_paper_published_and_our_limits_are_wider_than_poissons():
    found = fit(reference.EPISODES, reference.POPULATION, columns(slope=False))
    value, low, high = found.told([0, 0, 1])
    assert value == pytest.approx(reference.PAPER[0], abs=5e-4)
    assert low < reference.PAPER[1]
    assert high > reference.PAPER[2]


def days(before=200, after=80, *, events=lambda day, is_after: 2, exposure=100) -> Segments:
    places = [n for n in range(-before, after + 1) if n != 0]
    rows = [FIRST + timedelta(n) for n in places]
    return Segments(
        [
            Day(day, events(day, n > 0), exposure + n % 3)
            for day, n in zip(rows, places, strict=True)
        ],
        FIRST,
        FIRST,
    )  # fmt: skip


def drawn(level=1.0, seed=4):
    chance = np.random.default_rng(seed)
    return lambda day, is_after: int(chance.poisson(2 * (level if is_after else 1)))


def test_a_planted_level_is_found_and_nothing_where_nothing_was_planted():
    twice = regression(days(events=drawn(level=2.5)))
    assert twice["refusal"] == ""
    assert twice["level"][1] > 1
    assert twice["after"]["events"] > twice["expected_after"][2]
    plain = regression(days(events=drawn()))
    assert plain["level"][1] < 1 < plain["level"][2]
    assert plain["slope"][1] < 1 < plain["slope"][2]
    assert plain["expected_after"][1] < plain["after"]["events"] < plain["expected_after"][2]


def test_a_level_without_noise_is_told_exactly():
    found = regression(days(events=lambda day, is_after: 6 if is_after else 3, exposure=300))
    assert found["level"][0] == pytest.approx(2, abs=0.02)
    assert found["trend_before"][0] == pytest.approx(1, abs=0.01)
    assert found["expected_after"][0] == pytest.approx(240, rel=0.02)


def test_ten_times_the_exposure_changes_no_ratio():
    one, ten = regression(days(events=drawn())), regression(days(events=drawn(), exposure=1000))
    assert one["level"] == pytest.approx(ten["level"], rel=0.01)


def test_a_day_of_the_week_is_told_apart_when_there_is_enough():
    found = regression(days(events=lambda day, is_after: 6 if day.weekday() == 4 else 1))
    assert found["terms"] == [Term.WEEKDAY]
    assert found["level"][0] == pytest.approx(1, abs=0.15)
    years = days(before=730, after=182, events=drawn())
    assert years.terms() == [Term.WEEKDAY, Term.SEASON]


@pytest.mark.parametrize(
    ("segments", "why"),
    [
        (days(before=55), Refusal.FEW_BEFORE),
        (days(after=27), Refusal.FEW_AFTER),
        (days(events=lambda day, is_after: int(day.day == 1)), Refusal.FEW_EVENTS),
        (days(events=lambda day, is_after: 0 if is_after else 2), Refusal.FEW_EVENTS),
    ],
)
def test_too_little_is_refused_and_says_what_there_is(segments, why):
    found = regression(segments)
    assert found["refusal"] == why
    assert set(found) == {"before", "after", "refusal"}
    assert found["before"]["days"] == len(segments.before)


def test_columns_that_say_the_same_give_no_fit():
    same = np.column_stack([np.ones(40), np.ones(40)])
    with pytest.raises(NoFit):
        fit([1, 2] * 20, [100] * 40, same)


def test_weeks_are_counted_outwards_and_add_up():
    segments = days(before=70, after=35, events=drawn())
    rows = regression(segments)["bins"]
    assert [row["after"] for row in rows] == [False] * 10 + [True] * 5
    assert sum(row["events"] for row in rows) == sum(one.events for one in segments.days)
    # Poisson with an intercept: what is fitted adds up to what was seen.
    assert sum(row["fitted"] for row in rows) == pytest.approx(sum(row["events"] for row in rows), rel=1e-3)
    assert all(row["fitted"] == row["unchanged"] for row in rows if not row["after"])
    assert rows[10]["first"] == (FIRST + timedelta(1)).isoformat()
    long = regression(days(before=300, after=60, events=drawn()))["bins"]
    assert max(row["days"] for row in long) == 28


def test_neighbours_reach_a_week_at_least():
    assert [lags_for(n) for n in (20, 100, 900)] == [5, 7, 7]
    assert lags_for(5000) == 9


def test_limits_are_told_on_the_scale_of_rates():
    found = fit([2, 3] * 50, [100] * 100, np.ones((100, 1)))
    value, low, high = found.told([1])
    assert value == pytest.approx(0.025)
    assert log(high / value) == pytest.approx(log(value / low))
    assert exp(found.coefficients[0]) == pytest.approx(value)
