"""The attacker itself: on small releases whose secrets we planted, it must find them and no others."""

import random
from datetime import date, timedelta

import pytest

from tests.releases.attacker import Fact, attack

D = date(2026, 9, 7)  # a Monday
MONTH = (date(2026, 9, 1), date(2026, 9, 30))


def fact(low, high, first=D, last=None, site="S01", indicator="reversals", category="ALL", release=""):
    return Fact(site, "R01", indicator, category, first, last or first, low, high, release)


def rounded(count: int, rng: random.Random) -> tuple[int, int]:
    """Random rounding to base 5, as a reader may undo it."""
    whole, rest = divmod(count, 5)
    value = 5 * whole + (5 if rng.random() < rest / 5 else 0)
    return max(0, value - 4), value + 4


def test_cells_drawn_once_and_their_sums_tell_nothing():
    days = [fact(96, 104, D + timedelta(n)) for n in range(7)]
    week = fact(96 * 7, 104 * 7, D, D + timedelta(6))
    region = [fact(96, 104, f.first, site="ALL") for f in days]
    assert attack([*days, week, *region]).leaks == []


def test_a_total_rounded_on_its_own_pins_its_parts():
    """7 days of at least 1 and a week of at most 9, rounded apart: no day holds more than 3."""
    days = [fact(1, 9, D + timedelta(n)) for n in range(7)]
    found = attack([*days, fact(1, 9, D, D + timedelta(6))])
    assert {(leak.low, leak.high) for leak in found.leaks} == {(1, 3)}
    assert len(found.leaks) == found.cells == 7


def test_the_last_hidden_cell_is_the_total_without_the_others():
    """What a threshold hides (1 to 4) is found by subtraction."""
    sites = [fact(12, 12, site="S01"), fact(1, 4, site="S02"), fact(9, 9, site="S03")]
    found = attack([*sites, fact(24, 24, site="ALL")])
    assert [(leak.fact.site, leak.low, leak.high) for leak in found.leaks if leak.fact.site == "S02"] == [
        ("S02", 3, 3)
    ]


def test_a_week_across_two_months_is_put_together_from_both():
    """Days are hidden; the week and the month each leave one unknown piece."""
    week = fact(10, 10, date(2026, 9, 28), date(2026, 10, 4))
    in_september = fact(6, 6, date(2026, 9, 28), date(2026, 9, 30))
    in_october = fact(0, 20, date(2026, 10, 1), date(2026, 10, 4))
    found = attack([week, in_september, in_october])
    assert [(leak.low, leak.high) for leak in found.leaks if leak.fact is in_october] == [(4, 4)]


def test_two_breakdowns_of_few_events_pin_each_other():
    by_substance = [fact(0, 4, *MONTH, indicator="visits_by_substance", category=c) for c in "ab"]
    ages = {"c": (1, 9), "d": (6, 14)}

    def by_age(release: str) -> list[Fact]:
        return [fact(*ages[c], *MONTH, indicator="visits_by_age", category=c, release=release) for c in ages]

    found = attack([*by_substance, *by_age("")], nothing_late=False)
    assert {(leak.fact.category, leak.low, leak.high) for leak in found.leaks} == {
        ("a", 3, 4), ("b", 3, 4), ("c", 1, 2), ("d", 6, 7),
    }  # fmt: skip
    # Out on another day, it takes believing that nothing came late in between.
    assert len(attack([*by_substance, *by_age("later")]).leaks) == 4
    assert attack([*by_substance, *by_age("later")], nothing_late=False).leaks == []


def test_late_parts_of_breakdowns_that_came_out_together_are_one_number():
    cuts = [fact(96, 104, *MONTH, indicator=f"visits_by_{cut}") for cut in ("age", "substance")]
    year = (date(2026, 1, 1), date(2026, 12, 31))
    late = [
        fact(*bounds, *year, indicator=f"visits_by_{cut}_late")
        for cut, bounds in (("age", (0, 4)), ("substance", (1, 9)))
    ]
    assert {(leak.low, leak.high) for leak in attack([*cuts, *late]).leaks} == {(1, 4)}


def test_a_subset_pins_its_superset():
    month = {"first": MONTH[0], "last": MONTH[1]}
    inner = fact(1, 9, **month, indicator="od_naloxone_staff")
    outer = fact(0, 4, **month, indicator="naloxone_doses_staff")
    assert {(leak.low, leak.high) for leak in attack([inner, outer]).leaks} == {(1, 4)}


def test_an_assumption_that_the_release_refutes_is_given_up():
    days = fact(100, 108, *MONTH, indicator="visits", release="before")
    parts = [fact(10, 18, *MONTH, indicator="visits_by_age", category=c) for c in "ab"]
    assert attack([days, *parts]).leaks == []


def naive(days: int, seed: int) -> list[Fact]:
    """Reversals of three sites, each day, week, site and region rounded at random on its own."""
    rng = random.Random(seed)
    counts = {(s, n): rng.choice([0, 0, 1, 1, 2, 3]) for s in range(3) for n in range(days)}
    told = []
    for n in range(days):
        for site in range(3):
            told.append(fact(*rounded(counts[site, n], rng), D + timedelta(n), site=f"S0{site + 1}"))
        total = sum(counts[site, n] for site in range(3))
        told.append(fact(*rounded(total, rng), D + timedelta(n), site="ALL"))
    for week in range(days // 7):
        for site in range(3):
            total = sum(counts[site, n] for n in range(7 * week, 7 * week + 7))
            span = (D + timedelta(7 * week), D + timedelta(7 * week + 6))
            told.append(fact(*rounded(total, rng), *span, site=f"S0{site + 1}"))
    return told


@pytest.mark.parametrize("seed", range(3))
def test_rounding_every_level_on_its_own_leaks(seed):
    found = attack(naive(28, seed))
    assert found.leaks
    assert found.cells == 84
