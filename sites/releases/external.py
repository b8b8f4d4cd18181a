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
from sites.releases.apart import bounds_apart
from sites.releases.elsewhere import elsewhere_of, sealed_beside
from sites.releases.models import ExternalFigure
from sites.releases.released import BY_CODE
from sites.releases.terms import NARROWEST, Clock
from sites.releases.weaving import Elsewhere, Known, Woven, weave
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
    bounded = _widths([_woven(cells, figure)])[0]
    narrow = [cell for cell, width in zip(cells, bounded, strict=True) if width < NARROWEST]
    # Of each, whether what we published of it adds to what the figure says of it.
    blind = _widths([_woven(cells, figure, unsaid=cell) for cell in narrow])
    places = map(cells.index, narrow)
    return [
        cell
        for cell, place, without in zip(narrow, places, blind, strict=True)
        if bounded[place] < without[place]
    ]


def _woven(cells: list[Known], figure: Elsewhere, unsaid: Known | None = None) -> Woven:
    """`unsaid`: a cell as if we had not published it."""
    return weave([replace(cell, hidden=True) if cell == unsaid else cell for cell in cells], set(), [figure])


def _widths(systems: list[Woven]) -> list[list[float]]:
    """Of each system, the width of each of its cells."""
    asked = [(woven.system, list(woven.cells.values())) for woven in systems]
    return [[high - low for low, high in found] for found in bounds_apart(asked)]
