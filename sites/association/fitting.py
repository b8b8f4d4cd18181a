"""A segmented Poisson regression of counts a day on exposure: level and slope before, level and slope after.

No database. statsmodels fits; each limit is the wider of Newey–West's, which holds when days resemble their
neighbours, and quasi-Poisson's, which holds when counts vary more than Poisson's. What it finds is associated
with what happened, never shown to be caused by it (Lopez Bernal and others 2017).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, sqrt
from warnings import catch_warnings, simplefilter

import numpy as np
from scipy.special import stdtrit
from statsmodels.genmod.families import Poisson
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import PerfectSeparationError

CONFIDENCE = 0.95
A_WEEK = 7


@dataclass(frozen=True)
class Fit:
    """Coefficients on the log scale, two covariances of them, and what is left to judge by."""

    coefficients: np.ndarray
    by_neighbours: np.ndarray
    by_dispersion: np.ndarray
    freedom: int
    dispersion: float
    lags: int

    def told(self, contrast: Sequence[float]) -> tuple[float, float, float]:
        """exp of a sum of coefficients with its 95 % limits."""
        c = np.asarray(contrast, float)
        return self.around(float(c @ self.coefficients), c)

    def around(self, value: float, gradient: np.ndarray, noise: float = 0.0) -> tuple[float, float, float]:
        """exp of a value with its limits; `gradient`: how it moves with the coefficients.

        `noise`: the variance of what is seen around it.
        """
        covariances = (self.by_neighbours, self.by_dispersion)
        wide = noise + max(float(gradient @ cov @ gradient) for cov in covariances)
        half = float(stdtrit(self.freedom, 1 - (1 - CONFIDENCE) / 2)) * sqrt(max(0.0, wide))
        low, middle, high = (float(np.exp(value + side * half)) for side in (-1, 0, 1))
        return middle, low, high


class NoFit(Exception):
    """The counts do not settle the coefficients."""


def lags_for(count: int) -> int:
    """How far days are taken to resemble each other: Newey and West's rule, a week at least."""
    return min(max(A_WEEK, floor(4 * (count / 100) ** (2 / 9))), max(1, count // 4))


def fit(
    counts: Sequence[float], exposures: Sequence[float], columns: np.ndarray, lags: int | None = None
) -> Fit:
    """Counts on columns with the log of exposure as offset; NoFit when nothing firm comes of it."""
    lags = lags_for(len(counts)) if lags is None else lags
    model = GLM(np.asarray(counts, float), columns, family=Poisson(), offset=np.log(exposures))
    with catch_warnings():
        simplefilter("error")
        try:
            plain = model.fit()
            near = model.fit(cov_type="HAC", cov_kwds={"maxlags": lags, "use_correction": True})
        except (Warning, PerfectSeparationError, np.linalg.LinAlgError, ValueError) as why:
            raise NoFit from why
    freedom = int(plain.df_resid)
    if not plain.converged or freedom < 1 or np.linalg.matrix_rank(columns) < columns.shape[1]:
        raise NoFit
    dispersion = max(1.0, float(plain.pearson_chi2) / freedom)
    return Fit(
        coefficients=np.asarray(plain.params),
        by_neighbours=np.asarray(near.cov_params()),
        by_dispersion=np.asarray(plain.cov_params()) * dispersion,
        freedom=freedom,
        dispersion=dispersion,
        lags=lags,
    )
