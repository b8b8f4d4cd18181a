"""EARS C1, C2, C3 (Hutwagner and others 2003; Fricker and others 2008): seven days before, and no history.

`upper_bounds` is the method as published, and tested against R's surveillance; what raises a signal is
the tail of the count itself, `tails`, because a z score of counts of few means little.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from sites.signals.methods.tails import predictive_tail

BASELINE, LAG = 7, 2
MIN_SIGMA = 0.5
METHODS = ("C1", "C2", "C3")


def first_index(method: str, baseline: int = BASELINE) -> int:
    """The first day that can be judged."""
    return baseline + {"C1": 0, "C2": LAG, "C3": 2 * LAG}[method]


def upper_bounds(
    counts: Sequence[float], method: str, *, alpha: float, baseline: int = BASELINE, min_sigma: float = 0.0
) -> list[float]:
    """What a count must pass, for each day from `first_index` on."""
    y, z = np.asarray(counts, float), float(ndtri(1 - alpha))
    days = range(first_index(method, baseline), len(y))
    if method == "C1":
        return [_bound(y[t - baseline : t], z, min_sigma) for t in days]
    if method == "C2":
        return [_bound(_lagged(y, t, baseline), z, min_sigma) for t in days]
    bounds = []
    for t in days:
        carried = sum(max(0.0, _score(y, n, baseline, min_sigma) - 1) for n in (t - 2, t - 1))
        sigma = max(_lagged(y, t, baseline).std(ddof=1), min_sigma)
        bounds.append(max(0.0, y[t] + sigma * (z - carried)))
    return bounds


def _lagged(y: np.ndarray, t: int, baseline: int) -> np.ndarray:
    return y[t - LAG - baseline : t - LAG]


def _bound(window: np.ndarray, z: float, min_sigma: float) -> float:
    return float(window.mean() + z * max(window.std(ddof=1), min_sigma))


def _score(y: np.ndarray, t: int, baseline: int, min_sigma: float) -> float:
    window = _lagged(y, t, baseline)
    return float((y[t] - window.mean()) / max(window.std(ddof=1), min_sigma))


@dataclass(frozen=True)
class Tail:
    """What was seen, what was expected, and the chance of that many."""

    observed: float
    expected: float
    p: float


def tail(
    counts: Sequence[float], exposures: Sequence[float], method: str, spread: float = 1.0
) -> Tail | None:
    """The last day (C1, C2) or the last three (C3) against its baseline; None with too few days.

    `exposures`: 1 a day for counts, consumptions for rates.
    """
    if len(counts) <= first_index(method):
        return None
    end = len(counts) - (3 if method == "C3" else 1)
    past = slice(end - BASELINE, end) if method != "C2" else slice(end - LAG - BASELINE, end - LAG)
    base, base_exposure = sum(counts[past]), sum(exposures[past])
    seen, exposure = sum(counts[end:]), sum(exposures[end:])
    if base_exposure <= 0:
        return None
    p = predictive_tail(seen, exposure, base, base_exposure, spread)
    return Tail(float(seen), base * exposure / base_exposure, p)
