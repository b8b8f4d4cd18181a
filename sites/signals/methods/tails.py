"""How surprising a count is: upper tails of Poisson and negative binomial counts, never of a normal one.

A site sees 0 to 3 suspected overdoses a day: a z score of such counts says little.
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import bdtrc, betainc, pdtrc

HALF = 0.5  # the flat prior on a rate: a baseline without events does not make one event impossible


def poisson_tail(count: float, mean: float) -> float:
    """P(X ≥ count); `count` may lie between whole numbers, as a smoothed one does."""
    return 1.0 if count <= 0 else float(pdtrc(count - 1, mean)) if mean > 0 else 0.0


def negative_binomial_tail(count: float, mean: float, size: float) -> float:
    """P(X ≥ count) for variance mean + mean² / size."""
    return 1.0 if count <= 0 else float(betainc(count, size, mean / (mean + size)))


def binomial_tail(count: int, of: int, share: float) -> float:
    """P(X ≥ count) among `of` with that chance each."""
    return 1.0 if count <= 0 else float(bdtrc(count - 1, of, share))


def predictive_tail(
    count: float, exposure: float, base_count: float, base_exposure: float, spread: float = 1.0
) -> float:
    """P(X ≥ count) over `exposure`, when a baseline had `base_count` over `base_exposure`.

    The baseline's own uncertainty counts (gamma–Poisson, a negative binomial); `spread` ≥ 1 is variance
    over mean beyond that.
    """
    if base_exposure <= 0 or exposure <= 0:
        return 1.0
    size = (base_count + HALF) / spread
    mean = (base_count + HALF) * exposure / base_exposure
    return negative_binomial_tail(count / spread, mean / spread, size)


def spread_of(counts: Sequence[float]) -> float:
    """Variance over mean, never under 1."""
    values = np.asarray(counts, float)
    if len(values) < 2 or values.mean() <= 0:
        return 1.0
    return max(1.0, float(values.var(ddof=1) / values.mean()))
