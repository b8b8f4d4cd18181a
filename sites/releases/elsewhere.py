"""What others publish of the same events, and what we published beside it, as relations tie them."""

from collections.abc import Iterable, Iterator
from datetime import date

from sites.indicators.periods import ONE_DAY, Period
from sites.places.models import Site
from sites.releases.models import ExternalFigure, LedgerCell
from sites.releases.relations import family
from sites.releases.released import BY_CODE, adds_up
from sites.releases.terms import Clock
from sites.releases.weaving import Elsewhere, Known


def elsewhere_of(figure: ExternalFigure, sites: Iterable[Site]) -> Elsewhere:
    """A registered figure as the gate reckons with it.

    A calendar day holds parts of two service days, so a calendar period holds at least the service days
    before its last one, and at most those from the day before it on.
    """
    of = tuple(
        site.pk
        for site in sites
        if figure.site_id in (None, site.pk) and figure.region_id in (None, site.region_id)
    )
    first, last = figure.period_start, figure.period_end
    inner: Period | None = (first, last)
    outer: Period = (first, last)
    # Different people of overlapping periods do not add up: theirs are taken for those of the period.
    if figure.clock == Clock.CALENDAR and adds_up(figure.indicator):
        inner = (first, last - ONE_DAY) if first < last else None
        outer = (first - ONE_DAY, last)
    return Elsewhere(of, figure.indicator, inner, outer, figure.lower, figure.upper)


def sealed_beside(figure: Elsewhere) -> list[Known]:
    """What is sealed of the years of a figure, of everything that relations tie to it."""
    first, last = date(figure.outer[0].year, 1, 1), date(figure.outer[1].year, 12, 31)
    its = family(figure.indicator, frozenset(BY_CODE))
    sealed = LedgerCell.objects.filter(
        site__in=figure.sites, indicator__in=its, period_end__gte=first, period_start__lte=last
    )
    return list(known(sealed))


def known(cells: Iterable[LedgerCell]) -> Iterator[Known]:
    for cell in cells:
        yield Known(
            cell.site_id, cell.indicator, cell.category, (cell.period_start, cell.period_end),
            cell.value, cell.base, cell.sealed_at,
        )  # fmt: skip
