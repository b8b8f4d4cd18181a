import hashlib
import hmac
import random
from datetime import date, timedelta
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sites.releases.draw import cell_id, coin, drawn, lower, upper

KEY = bytes(range(32))
keys = st.binary(min_size=32, max_size=32)
bases = st.sampled_from([5, 10])
counts = st.integers(0, 5000)
cells = st.text(min_size=1, max_size=40)


@given(keys, cells, counts, bases)
def test_it_is_a_neighbouring_multiple_and_always_the_same(key, cell, count, base):
    value = drawn(key, "2026-1", cell, count, base)
    assert value % base == 0
    assert abs(value - count) <= base - 1
    assert lower(value, base) <= count <= upper(value, base)
    assert value == drawn(key, "2026-1", cell, count, base)


@given(keys, cells, st.integers(0, 500), bases)
def test_a_multiple_stays_what_it_is(key, cell, whole, base):
    assert drawn(key, "2026-1", cell, whole * base, base) == whole * base


@given(keys, cells, counts)
def test_one_coin_a_cell_whatever_the_count(key, cell, count):
    """The same u for every count: more events never give a smaller number."""
    values = [drawn(key, "2026-1", cell, count + more, 5) for more in range(6)]
    assert values == sorted(values)
    ups = [value > 5 * ((count + more) // 5) for more, value in enumerate(values)]
    u = coin(key, "2026-1", cell) / 2**64
    assert ups == [u < ((count + more) % 5) / 5 for more in range(6)]


def test_the_coin_is_the_one_that_is_promised():
    cell = cell_id("S01", "visits", "day", "2026-11-20", "ALL")
    mac = hmac.new(KEY, f"2026-1|{cell}".encode(), hashlib.sha256).digest()
    assert coin(KEY, "2026-1", cell) == int.from_bytes(mac[:8], "big")


# --- Five thousand draws --------------------------------------------------------------------
SITES = [f"S{n:02}" for n in range(1, 6)]
DAYS = [(date(2026, 1, 1) + timedelta(days=n)).isoformat() for n in range(1000)]
KEYS = {site: hashlib.sha256(site.encode()).digest() for site in SITES}


def cell_of(site: str, day: str, indicator: str = "visits") -> str:
    return cell_id(site, indicator, "day", day, "ALL")


def draws(base: int) -> list[tuple[int, int]]:
    """(count, drawn) of five sites and a thousand days, with every remainder."""
    rng = random.Random(base)
    counts = {(site, day): rng.randrange(12 * base) for site in SITES for day in DAYS}
    return [
        (count, drawn(KEYS[site], "2026-1", cell_of(site, day), count, base))
        for (site, day), count in counts.items()
    ]


@pytest.mark.parametrize("base", [5, 10])
def test_five_thousand_draws_are_unbiased_and_bounded(base):
    pairs = draws(base)
    errors = [value - count for count, value in pairs]
    sigma = sqrt(sum(count % base * (base - count % base) for count, _ in pairs))
    assert len(pairs) == 5000
    assert abs(sum(errors)) < 3 * sigma
    assert max(map(abs, errors)) == base - 1


@pytest.mark.parametrize("base", [5, 10])
def test_each_remainder_goes_up_as_often_as_it_should(base):
    by_rest: dict[int, list[bool]] = {}
    for count, value in draws(base):
        by_rest.setdefault(count % base, []).append(value > count)
    assert sorted(by_rest) == list(range(base))
    for rest, ups in by_rest.items():
        chance = rest / base
        assert abs(sum(ups) - chance * len(ups)) <= 3 * sqrt(chance * (1 - chance) * len(ups))


def coins(*, site="S01", plan="2026-1", indicator="visits", key="S01") -> list[float]:
    return [coin(KEYS[key], plan, cell_of(site, day, indicator)) / 2**64 for day in DAYS]


def correlation(one: list[float], other: list[float]) -> float:
    """In sigmas, of coins that are drawn apart."""
    return sum((a - 0.5) * (b - 0.5) for a, b in zip(one, other, strict=True)) * 12 / sqrt(len(one))


@pytest.mark.parametrize(
    "other",
    [
        {"site": "S02"},
        {"key": "S02"},
        {"plan": "2027-1"},
        {"indicator": "reversals"},
        {"site": "S02", "key": "S02"},
    ],
)
def test_cells_sites_plans_and_keys_are_drawn_apart(other):
    assert abs(correlation(coins(), coins(**other))) < 3


@pytest.mark.parametrize("apart", [1, 2, 7, 28])
def test_days_are_drawn_apart(apart):
    for site in SITES:
        its = coins(site=site, key=site)
        assert abs(correlation(its[:-apart], its[apart:])) < 3


def test_coins_are_spread_evenly():
    for site in SITES:
        its = coins(site=site, key=site)
        tenths = [sum(n / 10 <= u < (n + 1) / 10 for u in its) for n in range(10)]
        assert all(abs(count - 100) < 3 * sqrt(90) for count in tenths)


def test_a_count_below_zero_is_a_mistake():
    with pytest.raises(ValueError, match="below zero"):
        drawn(KEY, "2026-1", "cell", -1, 5)
