"""What a lot's records add up to: the lot itself, its movements, what it sent elsewhere."""

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from sites.naloxone.kits import cap_batches, give_again, part_of, write_components
from sites.naloxone.ledger import Wanted, draw, redraws, settle_counts
from sites.naloxone.models import Lot, Product
from sites.naloxone.terms import ASSEMBLED, COUNTS, FOUNDING, Move, signed, usual_stock
from sites.naloxone.transit import settle_ways, ways
from sites.places.models import Site
from sites.records.errors import Conflict, Invalid
from sites.records.models import Record
from sites.records.stories import Fact, Telling
from sites.records.terms import Status

SAME_LOT = ("product", "lot_code", "expiry")


def check(fact: Fact, known: list[Telling]) -> None:
    """The same lot may be received again, but it keeps its product and its number; two people count."""
    telling = fact.telling
    if telling is None:
        return
    if telling.data.get("second") and telling.data["second"] == telling.by:
        raise Invalid("second", _("La deuxième personne est quelqu’un d’autre."), "second")
    first = next((t for t in known if t.kind in FOUNDING), None)
    if telling.kind not in FOUNDING or first is None:
        return
    stocks = {t.data["stock"] for t in (first, telling) if t.data.get("stock")}
    if len(stocks) > 1 or any(telling.data.get(name) != first.data.get(name) for name in SAME_LOT):
        raise Conflict(
            "exists", _("Ce lot existe déjà avec un autre produit, numéro, stock ou expiration."), "lot"
        )


def movements(telling: Telling) -> list[Wanted]:
    """What a record of a lot moves; what a count adjusts depends on what was there."""
    data, at = telling.data, telling.occurred_at
    if telling.kind in COUNTS:
        return []
    ref = uuid.UUID(data["lot"])
    if telling.kind == ASSEMBLED:
        taken = [
            Wanted(uuid.UUID(line["lot"]), Move.ASSEMBLED, -line["quantity"] * data["quantity"], at)
            for line in data["lines"]
        ]
        return [Wanted(ref, Move.ASSEMBLED, data["quantity"], at), *taken]
    move = data.get("move", Move.RECEIVED)
    return [Wanted(ref, move, signed(move, data["quantity"]), at)]


def refresh(fact: Fact, tellings: list[Telling]) -> Iterable[date]:
    """Write the lot and its movements as its records tell them."""
    site, ref = fact.site, fact.subject
    lot, changed = _write_lot(site, ref, next((t for t in tellings if t.kind in FOUNDING), None))
    days: set[date] = set()
    for gone in _untold(site, ref, tellings):
        days |= draw(site, gone, [], but=ref)
        settle_ways(site, gone, Counter())
    for telling in tellings:
        if telling.kind not in COUNTS:
            days |= draw(site, telling.record_id, movements(telling), but=ref)
            settle_ways(site, telling.record_id, ways(site, lot, telling))
    write_components(site, ref, tellings)
    settle_counts(site, ref, tellings)
    if changed:
        cap_batches(site, part_of(site, ref) | {ref})
        days |= give_again(site, ref)
        for redraw in redraws:
            days |= redraw(site, ref)
    return days


def _write_lot(site: Site, ref: uuid.UUID, first: Telling | None) -> tuple[Lot | None, bool]:
    """The lot as first told; the second value says whether its row is another than before."""
    before = Lot.objects.at(site).filter(ref=ref).values().first()
    if first is None:
        Lot.objects.at(site).filter(ref=ref).delete()
        return None, before is not None
    product = Product.objects.get(code=first.data["product"])
    told = {
        "product": product,
        "stock": first.data.get("stock") or usual_stock(product.kind),
        "lot_code": first.data.get("lot_code", ""),
        "expiry": first.data.get("expiry"),
        "serial_from": first.data.get("serial_from", ""),
        "serial_to": first.data.get("serial_to", ""),
        "first_received_at": first.occurred_at,
    }
    lot, _made = Lot.objects.update_or_create(site=site, ref=ref, defaults=told)
    return lot, before != Lot.objects.at(site).filter(ref=ref).values().first()


def _untold(site: Site, ref: uuid.UUID, tellings: list[Telling]) -> set[uuid.UUID]:
    """Records of this lot that were voided. A dose that draws from it belongs to its event's story."""
    about = Record.objects.at(site).filter(subject=ref, status=Status.CREATED, target__isnull=True)
    return set(about.values_list("record_id", flat=True)) - {t.record_id for t in tellings}
