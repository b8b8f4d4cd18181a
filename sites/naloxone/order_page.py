"""The order proposal of a site: each shelf that is used, with the reasoning in numbers."""

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum
from django.utils.translation import gettext as _

from sites.naloxone.models import Product, StockMovement
from sites.naloxone.ordering import LEVEL_DAYS, YEAR_DAYS, Box, Proposal, propose
from sites.naloxone.queries import LotOnHand, Shelf, lots_and_rules
from sites.naloxone.terms import Move, Stock
from sites.naloxone.transit import on_its_way
from sites.paper.cells import harmless
from sites.places.models import Site
from sites.places.queries import today

# What is use; what was lost, moved about or counted is not asked for again.
USE = [Move.ADMINISTERED, Move.KIT_GIVEN, Move.SINGLE_GIVEN, Move.GIVEN, Move.ASSEMBLED]
HISTORY = timedelta(days=YEAR_DAYS + LEVEL_DAYS)


@dataclass(frozen=True)
class Line:
    product: Product
    stock: str
    proposal: Proposal

    @property
    def stock_words(self) -> str:
        return str(Stock(self.stock).label)


def order_lines(site: Site) -> list[Line]:
    """Most to order first. Shelves that were never used are left out."""
    day, (lots, rules) = today(site), lots_and_rules(site)
    used = _used(site, lots, day)
    coming = _coming(site)
    lines = []
    for shelf, by_day in used.items():
        rows = [row for row in lots if row.shelf == shelf]
        boxes = [Box(row.units, row.lot.expiry) for row in rows if row.units > 0 and not row.expired]
        proposal = propose(by_day, boxes, day, on_order=coming.get(shelf, 0), minimum=rules.minimum(rows[0]))
        lines.append(Line(rows[0].lot.product, shelf[1], proposal))
    return sorted(lines, key=lambda line: (-line.proposal.order, line.product.name, line.stock))


def _used(site: Site, lots: list[LotOnHand], day: date) -> dict[Shelf, dict[date, int]]:
    """Units used by shelf and day, as far back as the season asks."""
    shelf_of = {row.lot.ref: row.shelf for row in lots}
    rows = (
        StockMovement.objects.at(site)
        .filter(move__in=USE, service_date__gte=day - HISTORY, service_date__lt=day)
        .order_by()
        .values_list("lot_ref", "service_date")
        .annotate(units=Sum("units"))
    )
    found: dict[Shelf, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for lot, of, units in rows:
        # What was put in kits is use of the vials; the kits that it made are not.
        if units < 0 and lot in shelf_of:
            found[shelf_of[lot]][of] -= units
    return found


def _coming(site: Site) -> dict[Shelf, int]:
    """Units on their way to this site."""
    found: dict[Shelf, int] = defaultdict(int)
    for way in on_its_way(site):
        if not way.outgoing:
            found[way.product.code, way.stock] += way.units
    return found


def as_csv(lines: list[Line]) -> str:
    """UTF-8 with BOM and semicolons in French, as spreadsheets here open it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            _("Produit"), _("Stock"), _("À commander"), _("Par jour"), _("Saison"), _("Jours couverts"),
            _("Attendu"), _("Réserve"), _("En main"), _("Expirera avant"), _("En route"),
        ]
    )  # fmt: skip
    for line in lines:
        p = line.proposal
        writer.writerow(
            [
                harmless(line.product.name), line.stock_words, p.order, _decimal(p.daily),
                _decimal(p.season), p.days, p.expected, p.spare, p.on_hand, p.will_expire, p.on_order,
            ]
        )  # fmt: skip
    return "\ufeff" + out.getvalue()


def _decimal(value: float) -> str:
    return str(value).replace(".", ",")
