"""The smoothed average of NSSP ESSENCE: 28 days of baseline, 2 of guard, weight 0.4.

`detect` is the published detector (Student's t, alert under 0.01), tested against a reference; what raises
a signal is `tail`, the same average judged as a count.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr, stdtrit

from sites.signals.methods.ears import Tail
from sites.signals.methods.tails import predictive_tail

BASELINE, GUARD, WEIGHT, SUDDEN = 28, 2, 0.4, 0.9
ALERT = 0.01


@dataclass(frozen=True)
class Constants:
    """What implementations differ in; these are those of CDC's Rnssp (R), the newest published.

    `shortest` and `baseline`: days of baseline, at first and at most. `warning`: the tail whose quantile
    scales the corrections. `least`: the floor of the standard deviation.
    """

    baseline: int = BASELINE
    shortest: int = 7
    warning: float = 0.05
    least: tuple[float, float] = (0.01, 0.05)


RNSSP = Constants()


@dataclass(frozen=True)
class Point:
    expected: float
    statistic: float
    p: float


def detect(
    counts: Sequence[float],
    *,
    guard: int = GUARD,
    weights: tuple[float, float] = (WEIGHT, SUDDEN),
    constants: Constants = RNSSP,
) -> list[Point | None]:
    """One point a day, None where there is no baseline yet: the more surprising of the two averages."""
    y = np.asarray(counts, float)
    first = constants.shortest + guard
    smooth = [_Average(w, guard, constants, y[:first]) for w in weights]
    points: list[Point | None] = [None] * min(first, len(y))
    for t in range(first, len(y)):
        last = t - guard
        window = y[max(0, last - constants.baseline) : last]
        judged = [average.judge(y[t], window) for average in smooth]
        points.append(min(judged, key=lambda point: point.p))
    return points


class _Average:
    """One exponentially weighted average, pulled back to its limit when it passes it."""

    def __init__(self, weight: float, guard: int, constants: Constants, start: np.ndarray):
        self.weight, self.guard, self.constants, self.value = weight, guard, constants, 0.0
        for n, count in enumerate(start):
            self.value = count if n == 0 else weight * count + (1 - weight) * self.value

    def judge(self, count: float, window: np.ndarray) -> Point:
        freedom = len(window) - 1
        expected, sigma = float(window.mean()), self._sigma(window)
        self.value = self.weight * count + (1 - self.weight) * self.value
        statistic = float((self.value - expected) / sigma)
        limit = round(float(stdtrit(freedom, 1 - ALERT)), 5)
        if abs(statistic) > limit:
            self.value = expected + math.copysign(limit * sigma, statistic)
        return Point(expected, statistic, float(stdtr(freedom, -statistic)))

    def _sigma(self, window: np.ndarray) -> float:
        """Standard deviation of the average, with ESSENCE's corrections for small counts."""
        w, n, rest = self.weight, len(window), 1 - self.weight
        scale = w / round(float(stdtrit(n - 1, 1 - self.constants.warning)), 5)
        carried = rest ** (self.guard + 1) * (1 - rest**n) / n
        shape = math.sqrt(w / (2 - w) + 1 / n - 2 * carried)
        small = (0.1289 - (0.2414 - 0.1826 * rest**4) * math.log(0.5)) * scale
        flat, steep = self.constants.least
        least = scale * (flat + steep * rest**2)
        return max(least, float(window.std(ddof=1)) * shape + small)


def tail(counts: Sequence[float], exposures: Sequence[float], spread: float = 1.0) -> Tail | None:
    """The smoothed count of the last days against the baseline before the guard; None with too few days.

    An average of weight w has the variance of (2 − w) / w days: it is judged as a count over that many.
    """
    if len(counts) < RNSSP.shortest + GUARD + 1:
        return None
    end = len(counts) - GUARD - 1
    past = slice(max(0, end - BASELINE), end)
    base, base_exposure = sum(counts[past]), sum(exposures[past])
    if base_exposure <= 0:
        return None
    recent = range(len(counts) - 1, max(-1, len(counts) - 15), -1)
    weights = [WEIGHT * (1 - WEIGHT) ** n for n in range(len(recent))]
    total = sum(weights)
    seen = sum(w * counts[t] for w, t in zip(weights, recent, strict=True)) / total
    exposed = sum(w * exposures[t] for w, t in zip(weights, recent, strict=True)) / total
    days = (2 - WEIGHT) / WEIGHT
    p = predictive_tail(seen * days, exposed * days, base, base_exposure, spread)
    return Tail(round(seen, 2), base * exposed / base_exposure, p)
