"""What the stock pages show and write."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from sites.clockwork.services import now
from sites.codes.queries import in_force
from sites.naloxone.counting import unexplained
from sites.naloxone.forms import BoxFields
from sites.naloxone.models import Lot, Product, StockMovement
from sites.naloxone.overview import looks
from sites.naloxone.products import products
from sites.naloxone.queries import LotOnHand, Rules, lots_and_rules, low_shelves, usable_by_shelf
from sites.naloxone.terms import (
    COUNTS,
    MOVED,
    RECEIVED,
    Move,
    ProductKind,
    Stock,
    kind_for,
    shelf_ref,
    usual_stock,
)
from sites.naloxone.transit import on_its_way
from sites.people.models import Staff
from sites.places.models import Site
from sites.places.queries import today
from sites.records.envelopes import as_uuid
from sites.records.models import Record
from sites.records.pages import new_id, submit_page
from sites.records.services import Receipt
from sites.records.stories import VOIDED, story_of

KIND_ORDER = [ProductKind.NALOXONE, ProductKind.KIT, ProductKind.SUPPLY]


@dataclass(frozen=True)
class Shelf:
    """A product with its lots, first to expire first."""

    product: Product
    stock: str
    lots: list[LotOnHand]
    units: int
    low: bool

    @property
    def stock_words(self) -> str:
        return str(Stock(self.stock).label)


@dataclass(frozen=True)
class Passage:
    """One record's effect on a lot. `voidable` when it belongs to the lot, not to an event."""

    record_id: uuid.UUID
    at: datetime
    words: str
    units: int
    who: str
    voidable: bool

    @property
    def change(self) -> str:
        return signed_words(self.units)


def lot_or_404(site: Site, ref: uuid.UUID) -> Lot:
    return get_object_or_404(Lot.objects.at(site).select_related("product"), ref=ref)


def signed_words(units: int) -> str:
    """+3, 0, −2, with a true minus."""
    return f"+{units}" if units > 0 else str(units).replace("-", "−")


def shelves(site: Site, lots: list[LotOnHand], rules: Rules) -> list[Shelf]:
    """Every product in force or still on the shelf, each of the two stocks by itself."""
    day = today(site)
    units, low = usable_by_shelf(lots), low_shelves(lots, rules)
    found = []
    for product in sorted(products(), key=lambda one: KIND_ORDER.index(one.kind)):
        usual = usual_stock(product.kind)
        for stock in Stock.values:
            shelf = product.code, stock
            own = [row for row in lots if row.shelf == shelf and (row.units or not row.expired)]
            empty = stock == usual and product.kind != ProductKind.SUPPLY and in_force(product, day)
            if own or empty:
                found.append(Shelf(product, stock, own, units.get(shelf, 0), shelf in low or not own))
    return found


class StockPage:
    """The shelves, what to look at first, and what is on its way."""

    def __init__(self, site: Site):
        lots, rules = lots_and_rules(site)
        self.shelves = shelves(site, lots, rules)
        self.looks = looks(lots, rules)
        self.unexplained = unexplained(site, rules)
        self.on_its_way = on_its_way(site)

    @property
    def calm(self) -> bool:
        return not (self.looks or self.unexplained or self.on_its_way)


def passages(site: Site, lot: Lot) -> list[Passage]:
    """What moved this lot, latest first, as it counts now; a count that changed nothing is said too."""
    net: dict = {}
    for row in StockMovement.objects.at(site).filter(lot_ref=lot.ref).order_by("at", "id"):
        move, units, at = net.get(row.record_id, (row.move, 0, row.at))
        net[row.record_id] = (row.move, units + row.units, row.at)
    told = {t.record_id: t for t in story_of(site, lot.ref)}
    shown = [key for key, (_move, units, _at) in net.items() if units or key in told]
    shown += [key for key, t in told.items() if key not in net]
    by = dict(Record.objects.at(site).filter(record_id__in=shown).values_list("record_id", "by"))
    names = dict(Staff.objects.filter(code__in=set(by.values())).values_list("code", "display_name"))
    lines = []
    for key in shown:
        telling = told.get(key)
        move, units, at = net.get(key, (Move.ADJUSTED, 0, telling and telling.occurred_at))
        words = _words(telling, move)
        who = names.get(by.get(key, ""), "")
        at = telling.occurred_at if telling else at
        lines.append(Passage(key, at, words, units, who, telling is not None))
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _words(telling, move: str) -> str:
    if telling and telling.kind in COUNTS:
        return _("Compté : %(n)s") % {"n": telling.data["quantity"]}
    return str(Move(move).label).capitalize()


def known_lot(site: Site, data: dict, kind: str) -> Lot | None:
    """The lot with this product, number and stock, which a second box joins."""
    stock = data.get("stock") or usual_stock(kind)
    same = Lot.objects.at(site).filter(product__code=data["product"], stock=stock, lot_code=data["lot_code"])
    return same.first()


def fits_its_lot(site: Site, form: BoxFields) -> bool:
    """Say on the form when this number is known with another expiry: one of the two was misread."""
    lot = known_lot(site, form.cleaned_data, form.product_kind)
    if lot is None or lot.expiry == form.cleaned_data["expiry"]:
        return True
    known = _("Ce numéro est déjà là, avec l’expiration %(day)s.") % {"day": lot.expiry.isoformat()}
    form.add_error("expiry", known)
    return False


def receive(request, form: BoxFields) -> Receipt:
    data, kind = form.cleaned_data, form.product_kind
    lot = known_lot(request.site, data, kind)
    ref = lot.ref if lot else as_uuid(request.POST.get("lot")) or new_id()
    if kind == ProductKind.SUPPLY and not data["lot_code"]:
        ref = shelf_ref(request.site.code, data["product"])
    told = {**data, "expiry": data["expiry"] and data["expiry"].isoformat(), "lot": str(ref)}
    return submit_page(request, kind_for(RECEIVED, kind), told)


def move(request, lot: Lot, data: dict) -> Receipt:
    return submit_page(request, kind_for(MOVED, lot.product.kind), {**data, "lot": str(lot.ref)})


def void(request, record_id: uuid.UUID, reason: str) -> Receipt:
    data = {"target": str(record_id), "reason": reason}
    return submit_page(request, VOIDED, data, at=now(), record_id=uuid.uuid5(record_id, "void"))
