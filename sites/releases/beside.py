"""What the gate must look at beside the candidates: the ledger and what others publish. No count.

Only what relations tie is read: on most mornings nothing is, and every cell is bounded in closed form.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max

from sites.indicators.periods import Period, containing
from sites.places.models import Site
from sites.releases.elsewhere import elsewhere_of, known
from sites.releases.gate import Beside, Candidate
from sites.releases.models import ExternalFigure, LedgerCell, PlanLine
from sites.releases.relations import events_of, family
from sites.releases.terms import LATE, ORDER, Grain
from sites.releases.weaving import Elsewhere

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Tied:
    """Candidates that are judged together, and what is beside them."""

    candidates: list[Candidate]
    beside: Beside


def tied(candidates: Sequence[Candidate], sites: dict[int, Site]) -> list[Tied]:
    """Groups of candidates that relations tie to each other or to what was published, in plan order.

    A candidate in no group is under no relation. All are on time, or all late.
    """
    if not candidates:
        return []
    if candidates[0].drawn.indicator.endswith(LATE):
        return list(_late(candidates))
    return list(Reading(candidates, sites).tied())


class Reading:
    """One pass over the plan, the ledger and the figures of others, for candidates on time."""

    def __init__(self, candidates: Sequence[Candidate], sites: dict[int, Site]):
        self.candidates, self.sites = candidates, sites
        self.grains: dict[tuple[int, str], set[str]] = {}
        planned = PlanLine.objects.filter(site__in={one.drawn.site for one in candidates})
        for site, indicator, grain in planned.values_list("site", "indicator", "grain").distinct():
            if not indicator.endswith(LATE):
                self.grains.setdefault((site, indicator), set()).add(grain)
        self.elsewhere = list(self._elsewhere())

    def tied(self) -> Iterator[Tied]:
        families: dict[tuple[int, str], frozenset[str]] = {}
        groups: dict[tuple, list[Candidate]] = {}
        for one in self.candidates:
            place = (one.drawn.site, one.drawn.indicator)
            its = families.setdefault(place, family(place[1], self._present(place[0])))
            groups.setdefault(self._together(place[0], its), []).append(one)
        spans = {place: self._span(place[0], group) for place, group in groups.items()}
        last_sealed = self._last_sealed(spans)
        for place, group in groups.items():
            yield from self._tied(place[0], group, spans[place], last_sealed)

    def _present(self, site: int) -> frozenset[str]:
        planned = {indicator for place, indicator in self.grains if place == site}
        return frozenset(planned | {figure.indicator for figure in self.elsewhere if site in figure.sites})

    def _together(self, site: int, its: frozenset[str]) -> tuple[frozenset[str], tuple[int, ...]]:
        """Sites that a figure of someone else ties are judged together."""
        sites = {site}
        for figure in self.elsewhere:
            if figure.indicator in its and sites & set(figure.sites):
                sites |= set(figure.sites)
        return its, tuple(sorted(sites))

    def _last_sealed(self, spans: dict[tuple, Period]) -> dict[tuple[int, str], date]:
        """(site, indicator) → the last sealed day, of what relations may tie to the candidates: one query."""
        members = {indicator for its, _where in spans if len(its) > 1 for indicator in its}
        if not members:
            return {}
        since = min(first for first, _last in spans.values())
        cells = LedgerCell.objects.filter(indicator__in=members, period_end__gte=since).order_by()
        ends = cells.values_list("site", "indicator").annotate(last=Max("period_end"))
        return {(site, indicator): last for site, indicator, last in ends}

    def _tied(
        self,
        its: frozenset[str],
        group: list[Candidate],
        span: Period,
        last_sealed: dict[tuple[int, str], date],
    ) -> Iterator[Tied]:
        first, last = span
        sites = {one.drawn.site for one in group}
        elsewhere = tuple(
            figure
            for figure in self.elsewhere
            if figure.indicator in its and figure.outer[0] <= last and first <= figure.outer[1]
        )
        sites |= {site for figure in elsewhere for site in figure.sites}
        brought = {one.drawn.indicator for one in group}
        others = any(
            last_sealed.get((site, other), date.min) >= first for site in sites for other in its - brought
        )
        if not elsewhere and len(brought) == 1 and not others:
            return
        sealed = LedgerCell.objects.filter(
            site__in=sites, indicator__in=its, period_end__gte=first, period_start__lte=last
        )
        yield Tied(group, Beside(tuple(known(sealed)), elsewhere))

    def _span(self, its: frozenset[str], group: list[Candidate]) -> Period:
        """The days that the tied cells of these candidates may cover: the coarsest period of the family."""
        spans = []
        for one in group:
            grains = {
                grain
                for (site, indicator), its_grains in self.grains.items()
                if site == one.drawn.site and indicator in its
                for grain in its_grains
            }
            coarsest = Grain.YEAR if Grain.WEEK in grains else max(grains, key=ORDER.__getitem__)
            first, last = one.drawn.period
            spans += [containing(coarsest, first), containing(coarsest, last)]
        return min(first for first, _ in spans), max(last for _, last in spans)

    def _elsewhere(self) -> Iterator[Elsewhere]:
        first = min(one.drawn.period[0] for one in self.candidates)
        last = max(one.drawn.period[1] for one in self.candidates)
        # A figure of a year is tied to the first cell of that year, and the other way round.
        since, until = date(first.year, 1, 1) - ONE_DAY, date(last.year, 12, 31) + ONE_DAY
        figures = ExternalFigure.objects.filter(period_end__gte=since, period_start__lte=until)
        for figure in figures.order_by("pk"):
            yield elsewhere_of(figure, self.sites.values())


def _late(candidates: Sequence[Candidate]) -> Iterator[Tied]:
    """Late parts of the same events of one site and year, with the cells of that year."""
    groups: dict[tuple[int, str, Period], list[Candidate]] = {}
    for one in candidates:
        events = events_of(one.drawn.indicator.removesuffix(LATE))
        groups.setdefault((one.drawn.site, events, one.drawn.period), []).append(one)
    for (site, _events, (first, last)), group in groups.items():
        if len(group) > 1:
            its = [one.drawn.indicator.removesuffix(LATE) for one in group]
            sealed = LedgerCell.objects.filter(
                site=site, indicator__in=its, period_start__gte=first, period_end__lte=last
            )
            yield Tied(group, Beside(tuple(known(sealed)), late=True))
