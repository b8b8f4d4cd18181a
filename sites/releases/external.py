"""Figures about the same events that others publish, or that we return to an authority (privacy.md R9, R11).

Once registered, the gate reckons with them for every cell that is sealed afterwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from harmreduction.pg.scope import RELEASE, acting
from sites.clockwork.services import now
from sites.places.models import Region, Site
from sites.releases.beside import elsewhere_of, sealed_beside
from sites.releases.bounds import bounds
from sites.releases.models import ExternalFigure
from sites.releases.released import BY_CODE
from sites.releases.terms import NARROWEST, Clock
from sites.releases.weaving import Elsewhere, Known, weave
from sites.trail.services import note


@dataclass(frozen=True)
class Told:
    """What someone else says: between `lower` and `upper` events of an indicator in a period.

    Of one site, of a region, or of all when neither is named. Both ends of the period are included.
    """

    publisher: str
    indicator: str
    period: tuple[date, date]
    lower: int
    upper: int
    site: Site | None = None
    region: Region | None = None
    clock: str = Clock.CALENDAR
    source: str = ""

    def row(self) -> ExternalFigure:
        return ExternalFigure(
            publisher=self.publisher, source=self.source, site=self.site, region=self.region,
            indicator=self.indicator, period_start=self.period[0], period_end=self.period[1],
            clock=self.clock, lower=self.lower, upper=self.upper,
        )  # fmt: skip


def register_figure(told: Told, *, by: str) -> ExternalFigure:
    """Write down what someone else tells. Raises ValueError for what the gate cannot reckon with."""
    if told.indicator not in BY_CODE:
        raise ValueError(_("Cet indicateur n’est pas de ceux qui se publient."))
    if not 0 <= told.lower <= told.upper or told.period[0] > told.period[1]:
        raise ValueError(_("Les bornes ou la période ne se suivent pas."))
    if told.site and told.region:
        raise ValueError(_("Un chiffre est celui d’un site ou d’une région, pas des deux."))
    figure = told.row()
    figure.registered_by, figure.registered_at = by, now()
    figure.save(force_insert=True)
    note(
        "external figure registered", actor=by, site_id=told.site and told.site.pk, about="external figure",
        about_id=figure.pk, why=told.publisher,
    )  # fmt: skip
    return figure


def narrowed_by(told: Told, sites: Iterable[Site]) -> list[Known]:
    """Sealed cells that this figure and all that is published would together let a reader bound under 4.

    To be asked before a return is sent or registered: what is sealed cannot be sealed again. Cells that the
    figure alone says as much of are not among them. `sites`: every site, since a figure of a region is about
    all of its sites.
    """
    sites = list(sites)
    figure = elsewhere_of(told.row(), sites)
    with transaction.atomic(), acting(role=RELEASE, sites=[site.pk for site in sites]):
        cells = sealed_beside(figure)
    narrow = [cell for cell, width in zip(cells, _widths(cells, figure), strict=True) if width < NARROWEST]
    return [cell for cell in narrow if _narrower(cell, cells, figure)]


def _widths(cells: list[Known], figure: Elsewhere) -> list[float]:
    woven = weave(cells, set(), [figure])
    found = bounds(woven.system, woven.cells.values())
    return [found.bounds[n][1] - found.bounds[n][0] for n in woven.cells.values()]


def _narrower(cell: Known, cells: list[Known], figure: Elsewhere) -> bool:
    """Whether what we published of a cell adds to what the figure says of it."""
    place = cells.index(cell)
    blind = [*cells[:place], replace(cell, hidden=True), *cells[place + 1 :]]
    return _widths(cells, figure)[place] < _widths(blind, figure)[place]
