import hashlib
import hmac
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


@pytest.mark.parametrize(("base", "rest"), [(5, 1), (5, 2), (5, 3), (5, 4), (10, 1), (10, 7)])
def test_five_thousand_draws_are_unbiased(base, rest):
    count, n = 3 * base + rest, 5000
    drawn_values = [drawn(KEY, "2026-1", f"cell {i}", count, base) for i in range(n)]
    share = sum(value > count for value in drawn_values) / n
    chance = rest / base
    assert abs(share - chance) < 4 * sqrt(chance * (1 - chance) / n)


def test_neighbouring_days_and_other_plans_are_drawn_apart():
    days = [f"S01|visits|day|{i}|ALL" for i in range(2000)]
    ups = [coin(KEY, "2026-1", day) < 2**63 for day in days]
    together = sum(a == b for a, b in zip(ups, ups[1:], strict=False)) / (len(ups) - 1)
    assert abs(together - 0.5) < 0.05
    others = [coin(KEY, "2027-1", day) < 2**63 for day in days]
    assert abs(sum(a == b for a, b in zip(ups, others, strict=True)) / len(ups) - 0.5) < 0.05


def test_a_count_below_zero_is_a_mistake():
    with pytest.raises(ValueError, match="below zero"):
        drawn(KEY, "2026-1", "cell", -1, 5)
