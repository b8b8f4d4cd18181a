"""Farrington Flexible: a week against the same weeks of three years or more (Farrington and others 1996;
Noufaily and others 2013).

A quasi-Poisson regression of the weeks before on trend and season, fitted twice so that past outbreaks weigh
less; the week must pass a negative binomial limit around the upper limit of its mean. Only a worker with a
week to judge loads this: statsmodels is large.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri
from scipy.stats import nbinom, poisson
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM, GLMResults

WEEKS_A_YEAR = 52
HALF, PERIODS, GUARD = 3, 10, 26
OUTLYING = 2.58
FEWEST_CASES, RECENT_WEEKS = 5, 4


@dataclass(frozen=True)
class Judged:
    """A week: what its mean would be, how much weeks vary beyond Poisson, what must be passed, and the chance
    of as many when the mean is at its upper limit.
    """

    observed: float
    expected: float
    dispersion: float
    limit: float
    p: float


def judge(counts: Sequence[float], week: int, *, years: int, alpha: float) -> Judged | None:
    """The week at that index; None when so few cases came lately that nothing is said, or nothing fits."""
    y = np.asarray(counts, float)
    if y[week - RECENT_WEEKS + 1 : week + 1].sum() < FEWEST_CASES:
        return None
    season = seasons(week, years)
    known = np.array([n for n in sorted(season) if n < week - GUARD])
    found = _with_trend(y, known, season, week) or _twice(y, known, season, trend=False)
    if found is None:
        return None
    row = _row(week, PERIODS, trend=found.model.exog.shape[1] > PERIODS)
    spread = _spread(found)
    mean, error = float(row @ found.params), float(np.sqrt(spread * (row @ found.cov_params() @ row)))
    upper = float(np.exp(mean + float(ndtri(1 - alpha)) * error))
    limit, p = limit_of(upper, spread, alpha), tail_of(float(y[week]), upper, spread)
    return Judged(float(y[week]), float(np.exp(mean)), spread, limit, p)


def limit_of(mean: float, spread: float, alpha: float) -> float:
    """What a count passes with that chance at most, its variance `spread` times its mean."""
    if spread > 1:
        return float(nbinom.ppf(1 - alpha, mean / (spread - 1), 1 / spread))
    return float(poisson.ppf(1 - alpha, mean))


def tail_of(count: float, mean: float, spread: float) -> float:
    """P(X ≥ count)."""
    if spread > 1:
        return float(nbinom.sf(count - 1, mean / (spread - 1), 1 / spread))
    return float(poisson.sf(count - 1, mean))


def seasons(week: int, years: int) -> dict[int, int]:
    """week → its part of the year: PERIODS for the same weeks of each year, and around the judged one; 1 to
    PERIODS − 1 for what lies between, in parts whose lengths differ by one at most, the longer ones first.
    """
    parts = dict.fromkeys(range(week - HALF, week + 1), PERIODS)
    later = week
    for year in range(1, years + 1):
        same = week - year * WEEKS_A_YEAR
        parts |= dict.fromkeys(range(same - HALF, same + HALF + 1), PERIODS)
        between = range(same + HALF + 1, later - HALF)
        for part, weeks in enumerate(np.array_split(np.array(between), PERIODS - 1), start=1):
            parts |= dict.fromkeys(weeks.tolist(), part)
        later = same
    return parts


def _row(week: int, part: int, *, trend: bool) -> np.ndarray:
    """One, the parts but the first, the week."""
    row = [1.0, *(float(part == other) for other in range(2, PERIODS + 1))]
    return np.array([*row, float(week)] if trend else row)


def _with_trend(y: np.ndarray, known: np.ndarray, season: dict[int, int], week: int) -> GLMResults | None:
    """None when the trend would lead above everything that was ever seen."""
    found = _twice(y, known, season, trend=True)
    if found is None:
        return None
    mean = float(np.exp(_row(week, PERIODS, trend=True) @ found.params))
    return found if mean <= y[known].max() else None


def _twice(y: np.ndarray, known: np.ndarray, season: dict[int, int], *, trend: bool) -> GLMResults | None:
    """Fitted, then fitted again with what stood out weighing less."""
    columns = np.array([_row(n, season[n], trend=trend) for n in known])
    first = GLM(y[known], columns, family=Poisson()).fit()
    if not first.converged:
        return None
    standing_out = _anscombe(first) / np.sqrt(_spread(first))
    heavy = standing_out > OUTLYING
    weights = np.ones(len(known))
    weights[heavy] = standing_out[heavy] ** -2
    weights *= len(known) / weights.sum()
    again = GLM(y[known], columns, family=Poisson(), var_weights=weights).fit()
    return again if again.converged else None


def _spread(found: GLMResults) -> float:
    """Variance over mean, never under Poisson's."""
    return max(1.0, float(found.pearson_chi2) / float(found.df_resid))


def _anscombe(found: GLMResults) -> np.ndarray:
    """Anscombe's residuals of Poisson counts, by how much each week draws the fit to itself."""
    y, mean = found.model.endog, found.fittedvalues
    leverage = found.get_hat_matrix_diag()
    return 1.5 * (y ** (2 / 3) - mean ** (2 / 3)) / mean ** (1 / 6) / np.sqrt(1 - leverage)
