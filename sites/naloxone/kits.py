"""Kits: what they are made of, and who in general terms they were given to."""

import math
import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db.models import Min

from sites.naloxone.ledger import Wanted, draw
from sites.naloxone.models import KitComponent, KitGiven, KitUsed, Lot
from sites.naloxone.terms import ASSEMBLED, FOUNDING, KIT_DOSES, Form, Move, ProductKind
from sites.places.models import Site
from sites.places.queries import service_date
from sites.records.stories import Fact, Telling, story_of


# --- What a batch is made of ------------------------------------------------------------
def write_components(site: Site, ref: uuid.UUID, tellings: list[Telling]) -> None:
    """The units of each lot in one kit of a batch: those of its first assembly, which the others repeat."""
    told = next((t for t in tellings if t.kind == ASSEMBLED), None)
    wanted: Counter[uuid.UUID] = Counter()
    for line in told.data["lines"] if told else []:
        wanted[uuid.UUID(line["lot"])] += line["quantity"]
    rows = KitComponent.objects.at(site).filter(batch_ref=ref)
    if dict(rows.values_list("lot_ref", "units")) == dict(wanted):
        return
    rows.delete()
    KitComponent.objects.bulk_create(
        KitComponent(site=site, batch_ref=ref, lot_ref=lot, units=units) for lot, units in wanted.items()
    )
    cap_batches(site, {ref})


def part_of(site: Site, lot_ref: uuid.UUID) -> set[uuid.UUID]:
    """The batches whose kits hold this lot."""
    held = KitComponent.objects.at(site).filter(lot_ref=lot_ref)
    return set(held.values_list("batch_ref", flat=True))


def cap_batches(site: Site, batches: Iterable[uuid.UUID]) -> None:
    """A kit lasts no longer than what is in it, whatever its label says and whichever came first."""
    for batch in Lot.objects.at(site).filter(ref__in=list(batches), product__kind=ProductKind.KIT):
        told = next((t for t in story_of(site, batch.ref) if t.kind in FOUNDING), None)
        inside = KitComponent.objects.at(site).filter(batch_ref=batch.ref).values("lot_ref")
        shortest = Lot.objects.at(site).filter(ref__in=inside).aggregate(d=Min("expiry"))["d"]
        label = date.fromisoformat(told.data["expiry"]) if told else batch.expiry
        expiry = min(day for day in (label, shortest) if day) if label or shortest else None
        if expiry != batch.expiry:
            batch.expiry = expiry
            batch.save(update_fields=["expiry"])


# --- Kits given out ---------------------------------------------------------------------
def given_row(site: Site, telling: Telling, lot: Lot | None) -> KitGiven:
    """The row of a hand-out; `lot` is the one it draws from, when it is here."""
    data = telling.data
    form = data.get("form", Form.KIT)
    each = lot.product.doses if lot and lot.product.kind == ProductKind.KIT else KIT_DOSES
    return KitGiven(
        site=site,
        record_id=telling.record_id,
        at=telling.occurred_at,
        service_date=service_date(site, telling.occurred_at),
        kit_kind=data["kit_kind"],
        form=form,
        count=data["count"],
        doses=data["count"] * (each if form == Form.KIT else 1),
        trained=data.get("trained", 0),
        resupply_reason=data.get("resupply_reason", ""),
        recipient=data.get("recipient", ""),
        lot_ref=uuid.UUID(data["lot"]) if data.get("lot") else None,
    )


def drawn_by(row: KitGiven, lot: Lot | None) -> list[Wanted]:
    """Kits from a batch of kits, else the doses that were put in them; nothing without a lot."""
    if row.lot_ref is None:
        return []
    whole = lot is None or lot.product.kind == ProductKind.KIT
    units = row.count if whole and row.form == Form.KIT else row.doses
    if whole and row.form == Form.SINGLE and lot:
        units = math.ceil(row.doses / lot.product.doses)
    move = Move.KIT_GIVEN if row.form == Form.KIT else Move.SINGLE_GIVEN
    return [Wanted(row.lot_ref, move, -units, row.at)]


def refresh_given(fact: Fact, tellings: list[Telling]) -> Iterable[date]:
    return _write_given(fact.site, fact.subject, tellings)


def _write_given(site: Site, record_id: uuid.UUID, tellings: list[Telling]) -> set[date]:
    there = KitGiven.objects.at(site).filter(record_id=record_id)
    days = set(there.values_list("service_date", flat=True))
    there.delete()
    if not tellings:
        return days | draw(site, record_id, [])
    [telling] = tellings
    lot = Lot.objects.at(site).filter(ref=telling.data.get("lot")).select_related("product").first()
    row = given_row(site, telling, lot)
    row.save()
    return days | {row.service_date} | draw(site, record_id, drawn_by(row, lot))


def give_again(site: Site, lot_ref: uuid.UUID) -> set[date]:
    """Hand-outs that named a lot before it was here: what they draw depends on what it is."""
    days: set[date] = set()
    for record_id in KitGiven.objects.at(site).filter(lot_ref=lot_ref).values_list("record_id", flat=True):
        days |= _write_given(site, record_id, story_of(site, record_id))
    return days


# --- Kits used in the community, as told afterwards -------------------------------------
def refresh_used(fact: Fact, tellings: list[Telling]) -> Iterable[date]:
    site = fact.site
    there = KitUsed.objects.at(site).filter(record_id=fact.subject)
    days = set(there.values_list("service_date", flat=True))
    there.delete()
    rows = [used_row(site, telling) for telling in tellings]
    KitUsed.objects.bulk_create(rows)
    return days | {row.service_date for row in rows}


def used_row(site: Site, telling: Telling) -> KitUsed:
    data = telling.data
    return KitUsed(
        site=site,
        record_id=telling.record_id,
        service_date=service_date(site, telling.occurred_at),
        kit_kind=data.get("kit_kind", ""),
        doses=data.get("doses", 0),
        survived=data["survived"],
        place=data.get("used_place", ""),
        ems_called=data.get("ems_called", ""),
    )
