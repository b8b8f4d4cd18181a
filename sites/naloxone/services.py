"""The naloxone ledger. Rows are only added: what a record no longer means is reversed by another row."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum
from django.utils.translation import gettext as _

from sites.naloxone.models import Lot, Product, StockMovement
from sites.naloxone.terms import Move, signed
from sites.places.models import Site
from sites.places.queries import service_date
from sites.records.errors import Conflict
from sites.records.models import Record
from sites.records.stories import Fact, Telling, story_of
from sites.records.terms import Status

RECEIVED, COUNTED = "naloxone.received", "naloxone.counted"


@dataclass(frozen=True)
class Wanted:
    """A movement that a record means now."""

    lot_ref: uuid.UUID
    move: str
    units: int
    at: datetime


def settle(site: Site, record_id: uuid.UUID, wanted: list[Wanted]) -> list[Wanted]:
    """Add the rows that make this record's movements read as wanted; return the differences."""
    there: Counter[tuple[uuid.UUID, str, datetime]] = Counter()
    for row in StockMovement.objects.at(site).filter(record_id=record_id):
        there[row.lot_ref, row.move, row.at] += row.units
    target: Counter[tuple[uuid.UUID, str, datetime]] = Counter()
    for movement in wanted:
        target[movement.lot_ref, movement.move, movement.at] += movement.units
    differences = [
        Wanted(lot_ref, move, target[lot_ref, move, at] - there[lot_ref, move, at], at)
        for lot_ref, move, at in dict.fromkeys([*there, *target])
        if target[lot_ref, move, at] != there[lot_ref, move, at]
    ]
    StockMovement.objects.bulk_create(
        StockMovement(
            site=site,
            lot_ref=d.lot_ref,
            record_id=record_id,
            move=d.move,
            units=d.units,
            at=d.at,
            service_date=service_date(site, d.at),
        )
        for d in differences
    )
    return differences


def settle_doses(site: Site, record_id: uuid.UUID, wanted: list[Wanted]) -> None:
    """A dose draws from its lot; a count made later keeps the figure that was counted."""
    for change in settle(site, record_id, wanted):
        recount_after(site, change.lot_ref, change.at)


def recount_after(site: Site, lot_ref: uuid.UUID, at: datetime) -> None:
    """Settle again the counts of a lot made at this instant or later."""
    counts = [t for t in story_of(site, lot_ref) if t.kind == COUNTED]
    _settle_counts(site, lot_ref, counts, since=at)


def _settle_counts(
    site: Site, lot_ref: uuid.UUID, counts: list[Telling], *, since: datetime | None = None
) -> None:
    """A count says what is there: the difference with the ledger until then is its adjustment.

    Counts come in their order; of two made at the same instant, the second builds on the first.
    """
    for position, count in enumerate(counts):
        if since and count.occurred_at < since:
            continue
        not_yet = [t.record_id for t in counts[position:]]
        until = StockMovement.objects.at(site).filter(lot_ref=lot_ref, at__lte=count.occurred_at)
        expected = until.exclude(record_id__in=not_yet).aggregate(n=Sum("units"))["n"] or 0
        units = count.data["quantity"] - expected
        wanted = [Wanted(lot_ref, Move.ADJUSTED, units, count.occurred_at)] if units else []
        settle(site, count.record_id, wanted)


def check(fact: Fact, known: list[Telling]) -> None:
    """The same lot may be received again, but it keeps its product and its number."""
    first = next((t for t in known if t.kind == RECEIVED), None)
    telling = fact.telling
    if telling is None or telling.kind != RECEIVED or first is None:
        return
    if any(telling.data[name] != first.data[name] for name in ("product", "lot_code", "expiry")):
        raise Conflict("exists", _("Ce lot existe déjà avec un autre produit, numéro ou expiration."), "lot")


def refresh(fact: Fact, tellings: list[Telling]) -> Iterable[date]:
    """Write the lot and its movements as its records tell them."""
    site, ref = fact.site, fact.subject
    first = next((t for t in tellings if t.kind == RECEIVED), None)
    if first is None:
        Lot.objects.at(site).filter(ref=ref).delete()
    else:
        Lot.objects.update_or_create(
            site=site,
            ref=ref,
            defaults={
                "product": Product.objects.get(code=first.data["product"]),
                "lot_code": first.data["lot_code"],
                "expiry": first.data["expiry"],
                "first_received_at": first.occurred_at,
            },
        )
    for gone in _untold(site, ref, tellings):
        settle(site, gone, [])
    for telling in tellings:
        if telling.kind != COUNTED:
            settle(site, telling.record_id, [_movement(ref, telling)])
    _settle_counts(site, ref, [t for t in tellings if t.kind == COUNTED])
    return set()


def _untold(site: Site, ref: uuid.UUID, tellings: list[Telling]) -> set[uuid.UUID]:
    """Records of this lot that were voided. A dose that draws from it belongs to its event's story."""
    about = Record.objects.at(site).filter(subject=ref, status=Status.CREATED, target__isnull=True)
    return set(about.values_list("record_id", flat=True)) - {t.record_id for t in tellings}


def _movement(ref: uuid.UUID, telling: Telling) -> Wanted:
    move = telling.data.get("move", Move.RECEIVED)
    return Wanted(ref, move, signed(move, telling.data["quantity"]), telling.occurred_at)
