"""Deciding a publication plan: grains, parts and the error to expect, never from facts (privacy.md R1).

A plan is decided from a typed estimate, or, at New Year, from what last year's plan published.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import exp, lgamma, log, sqrt

from django.utils.translation import gettext as _

from sites.clockwork.services import now
from sites.places.models import Site
from sites.places.queries import today
from sites.releases.models import PlanLine
from sites.releases.periods import LAG, LATE_LAG
from sites.releases.released import BY_CODE, RELEASED, WHOLE, Cut, Part, Released
from sites.releases.terms import SMALLEST_MEAN, Basis, Grain
from sites.trail.services import note

# A cell sealed after its late part would be counted in neither.
LONGEST_LAG = LATE_LAG - 1
LARGE = 60


class TooSmall(ValueError):
    """Says in one sentence why a figure cannot be planned."""


@dataclass(frozen=True)
class Figure:
    """One planned figure: a part in one period of the grain, and how far off it will be."""

    part: Part
    mean: float
    base: int

    @property
    def error(self) -> float:
        """RMSE of one cell."""
        return rounding_error(self.base, self.mean)

    @property
    def percent(self) -> float | None:
        return 100 * self.error / self.mean if self.mean else None

    def error_of_sum(self, cells: int) -> float:
        """RMSE of a sum of so many cells drawn apart: a year of months has 12."""
        return self.error * sqrt(cells)


@dataclass(frozen=True)
class Proposed:
    """An indicator as it may be planned. Without a grain it is not published, and `why_not` says why."""

    released: Released
    grain: str
    figures: tuple[Figure, ...]
    lag_days: int
    why_not: str = ""

    @property
    def parts(self) -> list[dict]:
        return [{"code": f.part.code, "of": list(f.part.of), "mean": round(f.mean, 2)} for f in self.figures]


def rounding_error(base: int, mean: float) -> float:
    """RMSE of a base cell whose count is Poisson with this mean: the root of the mean of r(b − r)."""
    variances = [rest * (base - rest) for rest in range(base)]
    if mean > LARGE:
        return sqrt(sum(variances) / base)
    if mean <= 0:
        return 0.0
    most = int(mean + 12 * sqrt(mean)) + base
    chances = (exp(n * log(mean) - mean - lgamma(n + 1)) for n in range(most))
    return sqrt(sum(chance * variances[n % base] for n, chance in enumerate(chances)))


Means = Mapping[frozenset[str], float]


def typed_means(released: Released, estimate: float) -> Means:
    """What each part of each cut may expect, by the usual shares, for one estimate of the whole."""
    return {frozenset(part.of): estimate * part.share for cut in released.cuts for part in cut}


def propose(released: Released, means: Means) -> Proposed:
    """The finest parts, then the finest grain, whose smallest planned mean is at least 10.

    `means`: for each set of categories that is known, the mean in the unit of the estimate.
    """
    for cut in released.cuts:
        if (its := _means_of(cut, means)) is None:
            continue
        for grain, length in released.lengths.items():
            if min(its) * length >= SMALLEST_MEAN:
                return _proposed(released, cut, grain, [mean * length for mean in its])
    return Proposed(released, "", (), 0, _why_not(released, means))


def _means_of(cut: Cut, means: Means) -> list[float] | None:
    """The mean of each part, added up from what is known; None when a part cannot be."""
    found = []
    for part in cut:
        inside = [known for known in means if known <= set(part.of)]
        exact = means.get(frozenset(part.of))
        if exact is None and set().union(*inside) != set(part.of):
            return None
        found.append(exact if exact is not None else sum(means[known] for known in inside))
    return found


def _proposed(released: Released, cut: Cut, grain: str, means: Iterable[float]) -> Proposed:
    figures = tuple(Figure(part, mean, released.base) for part, mean in zip(cut, means, strict=True))
    return Proposed(released, grain, figures, LAG[grain])


def _why_not(released: Released, means: Means) -> str:
    grain, length = list(released.lengths.items())[-1]
    smallest = [min(its) for cut in released.cuts if (its := _means_of(cut, means)) is not None]
    return _too_small(max(smallest, default=0) * length, grain)


def _too_small(mean: float, grain: str) -> str:
    return _(
        "%(mean)s en moyenne par %(grain)s : il en faut au moins %(least)s pour qu’un chiffre arrondi "
        "dise encore quelque chose et ne désigne personne."
    ) % {"mean": round(mean, 1), "grain": Grain(grain).label, "least": SMALLEST_MEAN}


def chosen(released: Released, cut: Cut, grain: str, means: Means) -> Proposed:
    """The same with a grain and parts that someone chose. Raises TooSmall."""
    its = _means_of(cut, means)
    if grain not in released.lengths or its is None:
        raise TooSmall(_("Cet indicateur ne se publie pas ainsi."))
    its = [mean * released.lengths[grain] for mean in its]
    if min(its) < SMALLEST_MEAN:
        raise TooSmall(_too_small(min(its), grain))
    return _proposed(released, cut, grain, its)


# --- Estimates ---------------------------------------------------------------------------
def typical_estimates(visits_per_day: float) -> dict[str, float]:
    """What a site of this size may expect of each indicator, from the visits a day that someone typed."""
    return {released.code: visits_per_day * released.typical for released in RELEASED}


def default_plan(estimates: Mapping[str, float]) -> list[Proposed]:
    """The default plan for these estimates; `visits` a day stands for those that are not given."""
    known = typical_estimates(estimates["visits"]) | dict(estimates)
    return [
        propose(released, typed_means(released, known[released.code]))
        for released in RELEASED
        if released.by_default
    ]


# --- Written -----------------------------------------------------------------------------
def adopt(
    site: Site,
    version: str,
    in_force_from: date,
    proposed: Iterable[Proposed],
    *,
    basis: str = Basis.TYPED,
    by: str = "plan",
) -> list[PlanLine]:
    """Write a version of a site's plan; one that exists stays as it is.

    Each indicator comes with its late part, a year of it. Raises ValueError for another day than
    1 January, and TooSmall for a figure under the smallest mean.
    """
    if (in_force_from.month, in_force_from.day) != (1, 1):
        raise ValueError("a plan is in force from 1 January")
    common = {
        "site": site, "plan_version": version, "in_force_from": in_force_from, "basis": basis,
        "made_by": by, "made_at": now(),
    }  # fmt: skip
    made = [line for one in proposed if one.grain for line in _lines(one, common)]
    PlanLine.objects.bulk_create(made, ignore_conflicts=True)
    note("plan adopted", actor=by, site_id=site.pk, about="plan", about_id=version)
    return list(PlanLine.objects.at(site).filter(plan_version=version))


def _lines(one: Proposed, common: dict) -> list[PlanLine]:
    released = one.released
    for figure in one.figures:
        if figure.mean < SMALLEST_MEAN:
            raise TooSmall(_too_small(figure.mean, one.grain))
    if not LAG[one.grain] <= one.lag_days <= LONGEST_LAG:
        raise ValueError("the lag of a cell is at least that of its grain, and ends before the late part")
    common = common | {"base": released.base, "cap": released.cap}
    whole = [{"code": part.code, "of": list(part.of), "mean": 0} for part in WHOLE]
    return [
        PlanLine(
            **common, indicator=released.code, grain=one.grain, lag_days=one.lag_days, parts=one.parts
        ),
        PlanLine(
            **common, indicator=released.late, grain=Grain.YEAR, lag_days=LATE_LAG, parts=whole
        ),
    ]  # fmt: skip


def begins(site: Site) -> date:
    """From when a plan that someone adopts now can be in force: the next New Year, or, for a site without a
    plan, the one of this year. A plan is never decided in the period it is for."""
    this_year = today(site).replace(month=1, day=1)
    planned = PlanLine.objects.at(site).filter(in_force_from__lte=this_year).exists()
    return this_year.replace(year=this_year.year + 1) if planned else this_year


def adopt_next(site: Site, proposed: Iterable[Proposed], *, by: str) -> list[PlanLine]:
    """Write the plan that someone decided, in force from `begins`; of a year, the one written last holds."""
    day = begins(site)
    versions = PlanLine.objects.at(site).filter(in_force_from=day).values("plan_version").distinct().count()
    version = f"{day.year}" if not versions else f"{day.year}-{versions + 1}"
    return adopt(site, version, day, proposed, by=by)


def make_default(
    site: Site, version: str, in_force_from: date, estimates: Mapping[str, float], by: str = "plan"
) -> list[PlanLine]:
    """Write the default plan of a site. `estimates`: visits a day; others by the unit of their lengths."""
    return adopt(site, version, in_force_from, default_plan(estimates), by=by)


def plan_from(site: Site, first: date, visits_per_day: float) -> None:
    """The default plan from the year of `first` on, unless one already holds then."""
    new_year = first.replace(month=1, day=1)
    if not PlanLine.objects.at(site).filter(in_force_from__lte=new_year).exists():
        make_default(site, f"{first.year}", new_year, {"visits": visits_per_day})


def figures_of(line: PlanLine) -> tuple[Figure, ...]:
    """The planned figures of a line that was written."""
    parts = {p.code: p for cut in BY_CODE[line.indicator].cuts for p in cut}
    return tuple(Figure(parts[one["code"]], one["mean"], line.base) for one in line.parts)
