"""The plan of a site as a manager reads it: what is published, how far off it will be, and what comes next.

Reads the plan and the published values, never a fact.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from math import sqrt

from django.utils.translation import get_language

from harmreduction.pg.scope import RELEASE, acting
from sites.places.models import Site
from sites.places.queries import today
from sites.releases.models import PlanLine, Stop
from sites.releases.newyear import planned_means, published_means
from sites.releases.plan import in_force
from sites.releases.planning import (
    Figure,
    Means,
    Proposed,
    TooSmall,
    begins,
    chosen,
    figures_of,
    propose,
    typed_means,
)
from sites.releases.released import BY_CODE, PLAN_ORDER, RELEASED, Released
from sites.releases.terms import ALL, LATE, Basis, Grain

CELLS_A_YEAR = {"day": 365, "week": 52, "month": 12, "quarter": 4, "year": 1}
# The same to one decimal, as it is typed.
CLOSE = 0.05
# Visits a day of a site that nobody knows yet.
TYPICAL_VISITS = 40
FINEST, NONE = "finest", "none"


def _label(thing) -> str:
    return thing.label_en if (get_language() or "fr").startswith("en") else thing.label_fr


@dataclass(frozen=True)
class Shown:
    """One planned figure: how far off it will be, and a year of it."""

    figure: Figure
    grain: str
    adds_up: bool

    @property
    def part(self) -> str:
        return "" if self.figure.part.code == ALL else _label(self.figure.part)

    @property
    def year_percent(self) -> float | None:
        """Of the sum of a year; None where periods do not add up, or one is a year already."""
        cells = CELLS_A_YEAR[self.grain]
        if cells == 1 or not self.adds_up or not self.figure.mean:
            return None
        return 100 * self.figure.error / (self.figure.mean * sqrt(cells))


@dataclass(frozen=True)
class Row:
    """One indicator of a plan, written or proposed. Without a grain it is not published."""

    released: Released
    grain: str
    lag_days: int
    figures: list[Shown]
    why_not: str = ""

    @property
    def name(self) -> str:
        return _label(self.released.told)

    @property
    def grain_words(self) -> str:
        return str(Grain(self.grain).label) if self.grain else ""


@dataclass(frozen=True)
class Version:
    """A version of the plan, as the history tells it."""

    name: str
    begins: date
    basis: str
    made_by: str
    made_at: datetime
    indicators: int
    state: str


def rows_of(lines: Iterable[PlanLine]) -> list[Row]:
    on_time = [line for line in lines if not line.indicator.endswith(LATE)]
    return [
        _row(BY_CODE[line.indicator], line.grain, line.lag_days, figures_of(line))
        for line in sorted(on_time, key=lambda line: PLAN_ORDER[line.indicator])
    ]


def rows_proposed(proposed: Iterable[Proposed]) -> list[Row]:
    return [_row(one.released, one.grain, one.lag_days, one.figures, one.why_not) for one in proposed]


def _row(released: Released, grain: str, lag: int, figures: Iterable[Figure], why_not: str = "") -> Row:
    return Row(released, grain, lag, [Shown(f, grain, released.adds_up) for f in figures], why_not)


# --- What is written ---------------------------------------------------------------------
def plan_on(site: Site, day: date) -> list[PlanLine]:
    """The lines in force on a day."""
    held = in_force(PlanLine.objects.at(site))
    return [one.line for its in held.values() for one in its if one.begins <= day <= one.until]


def history(site: Site) -> list[Version]:
    """Every version, the newest first. Of two from one day the one written last holds."""
    versions: dict[str, list[PlanLine]] = {}
    for line in PlanLine.objects.at(site).order_by("pk"):
        versions.setdefault(line.plan_version, []).append(line)
    holds = {its[0].in_force_from: name for name, its in versions.items()}
    starts, now = sorted(holds), today(site)
    current = max((day for day in starts if day <= now), default=None)

    def state(name: str, day: date) -> str:
        if holds[day] != name:
            return "replaced"
        return "next" if day > now else "current" if day == current else "past"

    told = [
        Version(name, its[0].in_force_from, str(Basis(its[0].basis).label), its[0].made_by, its[0].made_at,
                sum(not line.indicator.endswith(LATE) for line in its), state(name, its[0].in_force_from))
        for name, its in versions.items()
    ]  # fmt: skip
    return sorted(told, key=lambda version: (version.begins, version.made_at), reverse=True)


def stops_of(site: Site) -> list[Stop]:
    return list(Stop.objects.at(site).order_by("-at"))


# --- What is proposed --------------------------------------------------------------------
def known_means(site: Site) -> dict[str, Means]:
    """Indicator → the mean of each part, from what was published, else from what was planned."""
    day = begins(site)
    lines = [line for line in plan_on(site, today(site)) if not line.indicator.endswith(LATE)]
    with acting(role=RELEASE, sites=[site.pk]):
        return {line.indicator: published_means(site, day, line) or planned_means(line) for line in lines}


def estimates(known: dict[str, Means]) -> dict[str, float]:
    """What to expect of each indicator, in its own unit, as the form starts."""
    visits = sum(known.get("visits", {}).values()) or TYPICAL_VISITS
    whole = {code: sum(means.values()) for code, means in known.items()}
    return {one.code: round(whole.get(one.code, visits * one.typical), 1) for one in RELEASED}


def proposal(released: Released, estimate: float, grain: str, known: Means | None) -> Proposed:
    """What an estimate makes of an indicator. Raises TooSmall for a grain that someone chose too fine."""
    same = known is not None and abs(sum(known.values()) - estimate) <= CLOSE
    means = known if known is not None and same else typed_means(released, estimate)
    if grain == FINEST:
        return propose(released, means)
    for cut in released.cuts[:-1]:
        try:
            return chosen(released, cut, grain, means)
        except TooSmall:
            continue
    return chosen(released, released.cuts[-1], grain, means)
