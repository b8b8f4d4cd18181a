"""Exact 95 % limits of a count and of a share, found by halving.

scipy has them, and would stay in the web for these two numbers alone, with its 60 MiB.
"""

from collections.abc import Callable
from functools import lru_cache
from math import exp, fsum, lgamma, log, log1p, sqrt

TAIL = 0.025
HALVINGS = 60


@lru_cache(maxsize=1000)
def limits_of_count(count: int) -> tuple[float, float]:
    """The means of a Poisson count that it does not speak against (Garwood)."""
    reach = count + 10 * sqrt(count + 1) + 10
    low = _falling_to(1 - TAIL, lambda mean: _poisson(count - 1, mean), reach) if count else 0.0
    return low, _falling_to(TAIL, lambda mean: _poisson(count, mean), reach)


@lru_cache(maxsize=1000)
def limits_of_share(part: int, whole: int) -> tuple[float, float]:
    """The shares of a whole that a part of it does not speak against (Clopper–Pearson)."""
    low = _falling_to(1 - TAIL, lambda share: _binomial(part - 1, whole, share), 1.0) if part else 0.0
    high = _falling_to(TAIL, lambda share: _binomial(part, whole, share), 1.0) if part < whole else 1.0
    return low, high


def _falling_to(level: float, falling: Callable[[float], float], most: float) -> float:
    """Where a falling function passes a level, between 0 and `most`."""
    low, high = 0.0, most
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > level else (low, middle)
    return (low + high) / 2


def _poisson(most: int, mean: float) -> float:
    """The chance of `most` or fewer."""
    return fsum(exp(n * log(mean) - mean - lgamma(n + 1)) for n in range(most + 1))


def _binomial(most: int, whole: int, share: float) -> float:
    all_ways = lgamma(whole + 1)
    return fsum(
        exp(all_ways - lgamma(n + 1) - lgamma(whole - n + 1) + n * log(share) + (whole - n) * log1p(-share))
        for n in range(most + 1)
    )
