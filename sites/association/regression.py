"""What the days before and after say, as numbers to be told: fitted from their shape. No database."""

from collections.abc import Sequence

import numpy as np

from sites.association.fitting import Fit, NoFit, fit
from sites.association.shaping import A_MONTH, A_WEEK, LEVEL, SLOPE, TREND, Day, Segments
from sites.association.terms import Refusal, Term

# A span of at most so many days is shown by week, a longer one by four weeks.
BY_WEEK = 26 * A_WEEK


def regression(segments: Segments) -> dict:
    """{"refusal": …}, or every number that is told: ratios and means as [value, low, high]."""
    counted = {"before": _sums(segments.before), "after": _sums(segments.after)}
    if refusal := segments.refusal():
        return counted | {"refusal": refusal.value}
    terms = segments.terms()
    columns = np.array([segments.row(one.day, terms) for one in segments.days])
    try:
        found = fit([one.events for one in segments.days], [one.exposure for one in segments.days], columns)
    except NoFit:
        return counted | {"refusal": Refusal.NO_FIT.value}
    return counted | {"refusal": ""} | _told(segments, terms, found)


def _sums(days: Sequence[Day]) -> dict:
    return {
        "days": len(days),
        "events": sum(one.events for one in days),
        "exposure": sum(one.exposure for one in days),
    }


def _told(segments: Segments, terms: list[Term], found: Fit) -> dict:
    def ratio(*places: int) -> list[float]:
        return _rounded(found.told([float(n in places) for n in range(len(found.coefficients))]))

    return {
        "terms": [term.value for term in terms],
        "lags": found.lags,
        "dispersion": round(found.dispersion, 2),
        "level": ratio(LEVEL),
        "trend_before": ratio(TREND),
        "trend_after": ratio(TREND, SLOPE),
        "slope": ratio(SLOPE),
        "expected_after": _expected(segments, terms, found),
        "bins": _bins(segments, terms, found),
    }


def _rounded(told: tuple[float, float, float]) -> list[float]:
    return [round(value, 4) for value in told]


def _means(segments: Segments, days: Sequence[Day], terms: list[Term], found: Fit, *, unchanged: bool):
    """(expected events of each day, their columns)."""
    rows = np.array([segments.row(one.day, terms, unchanged=unchanged) for one in days])
    return np.array([one.exposure for one in days]) * np.exp(rows @ found.coefficients), rows


def _expected(segments: Segments, terms: list[Term], found: Fit) -> list[float]:
    """How many one would have seen in the days after, had the trend from before gone on: limits of a count,
    not of its mean (delta method).
    """
    means, rows = _means(segments, segments.after, terms, found, unchanged=True)
    total = float(means.sum())
    return _rounded(found.around(float(np.log(total)), means @ rows / total, found.dispersion / total))


def _bins(segments: Segments, terms: list[Term], found: Fit) -> list[dict]:
    """Weeks, or four weeks, counted outwards from what happened; the oldest first."""
    days = segments.days
    width = A_WEEK if (days[-1].day - days[0].day).days <= BY_WEEK else A_MONTH
    fitted, _rows = _means(segments, days, terms, found, unchanged=False)
    unchanged, _rows = _means(segments, days, terms, found, unchanged=True)
    bins: dict[int, list[tuple[Day, float, float]]] = {}
    for one, mean, as_before in zip(days, fitted, unchanged, strict=True):
        after = one.day > segments.until
        since = (one.day - segments.until).days - 1 if after else (one.day - segments.first).days
        bins.setdefault(since // width, []).append((one, float(mean), float(as_before)))
    return [_bin(bins[place], after=place >= 0) for place in sorted(bins)]


def _bin(held: list[tuple[Day, float, float]], *, after: bool) -> dict:
    return _sums([one for one, _mean, _as_before in held]) | {
        "first": held[0][0].day.isoformat(),
        "last": held[-1][0].day.isoformat(),
        "after": after,
        "fitted": round(sum(mean for _one, mean, _as_before in held), 3),
        "unchanged": round(sum(as_before for _one, _mean, as_before in held), 3),
    }
