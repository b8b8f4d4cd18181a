"""Limits found by halving are those of the textbook."""

import pytest
from scipy.special import betaincinv, gammaincinv

from sites.dashboard.exact import limits_of_count, limits_of_share


@pytest.mark.parametrize("count", [1, 2, 7, 40, 900])
def test_limits_of_a_count(count):
    expected = (gammaincinv(count, 0.025), gammaincinv(count + 1, 0.975))
    assert limits_of_count(count) == pytest.approx(expected, rel=1e-9)


def test_none_seen_is_at_least_none():
    assert limits_of_count(0) == pytest.approx((0, gammaincinv(1, 0.975)))


@pytest.mark.parametrize(("part", "rest"), [(1, 1), (3, 1), (12, 30), (400, 500)])
def test_limits_of_a_share(part, rest):
    expected = (betaincinv(part, rest + 1, 0.025), betaincinv(part + 1, rest, 0.975))
    assert limits_of_share(part, part + rest) == pytest.approx(expected, rel=1e-9)


def test_none_and_all_of_a_whole_reach_the_ends():
    assert limits_of_share(0, 5)[0] == 0
    assert limits_of_share(5, 5)[1] == 1
