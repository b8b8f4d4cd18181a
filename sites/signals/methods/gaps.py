"""Time between events: a cumulative sum that grows when events come closer than usual (Lucas 1985).

For rates of a few a day this sees a rise before any daily count does: it is asked at each event. Time is
counted in open days, so that a closed one is no long gap.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

CELLS = 80
GRID = 1.1  # limits are worked out for events a tenth apart


def worth(gap: float, rate: float, times: float) -> float:
    """What one gap says for `times` the usual rate against the usual rate (a log likelihood ratio)."""
    return math.log(times) - (times - 1) * rate * gap


def last_reached(gaps: Sequence[float], rate: float, times: float, limit: float) -> tuple[int, int] | None:
    """The run of gaps that last brought the sum to its limit, as (first gap, last gap); None when none did.

    The sum never falls under zero, and begins anew at zero when it has reached the limit.
    """
    total, first, found = 0.0, 0, None
    for n, gap in enumerate(gaps):
        if total == 0.0:
            first = n
        total = max(0.0, total + worth(gap, rate, times))
        if total >= limit:
            found, total = (first, n), 0.0
    return found


def events_to_false_alarm(limit: float, times: float) -> float:
    """How many events pass, on average, before the sum reaches the limit although nothing changed.

    By a chain of `CELLS` steps (Brook and Evans 1972), for gaps that are exponential.
    """
    width = limit / CELLS
    middles = (np.arange(CELLS) + 0.5) * width
    middles[0] = 0.0
    edges = np.arange(CELLS + 1) * width
    step = math.log(times)

    def below(edge: np.ndarray, start: np.ndarray) -> np.ndarray:
        """P(next sum ≤ edge | start): the gap must be at least that long."""
        need = (start[:, None] + step - edge[None, :]) / (times - 1)
        return np.exp(-np.maximum(need, 0.0))

    reach = below(edges[1:], middles)
    moves = np.diff(reach, axis=1, prepend=0.0)
    return float(np.linalg.solve(np.eye(CELLS) - moves, np.ones(CELLS))[0])


def rounded(events: float) -> int:
    """The number on the grid that is nearest, never under 5."""
    return max(5, round(GRID ** round(math.log(max(events, 5.0), GRID))))


@lru_cache(maxsize=256)
def limit_for(events: int, times: float) -> float:
    """The limit that is reached by chance once in that many events, to a hundredth."""
    low, high = 0.1, 20.0
    while high - low > 0.01:
        middle = (low + high) / 2
        low, high = (middle, high) if events_to_false_alarm(middle, times) < events else (low, middle)
    return round(high, 2)
