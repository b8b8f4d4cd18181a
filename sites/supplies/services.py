"""What was handed out, brought back and picked up, folded from the records of the counter."""

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db import transaction

from sites.clockwork.services import now
from sites.codes.queries import values
from sites.naloxone.ledger import Wanted, draw, redraws
from sites.naloxone.models import Lot, StockMovement
from sites.naloxone.terms import Move, shelf_ref
from sites.places.models import Site
from sites.places.queries import service_date
from sites.records.envelopes import as_uuid
from sites.records.stories import Fact, Telling
from sites.supplies.models import ReturnConversion, SupplyAct, SupplyLine
from sites.supplies.queries import Conversion, conversion_on, newest_version
from sites.supplies.terms import (
    BY_BIN,
    BY_WEIGHT,
    COUNTED,
    DIRECTIONS,
    KILOGRAM,
    SYRINGES,
    Direction,
    default_method,
)
from sites.trail.services import note

GRAMS_A_KG = 1000


# --- Records → rows ----------------------------------------------------------------------
def refresh(fact: Fact, tellings: list[Telling]) -> Iterable[date]:
    """Write the act's rows anew; return the service days whose counts may change."""
    site = fact.site
    rows = SupplyAct.objects.at(site).filter(record_id=fact.subject)
    days = set(rows.values_list("service_date", flat=True))
    rows.delete()
    wanted: list[Wanted] = []
    for telling in tellings:
        act = act_row(site, telling, service_date(site, telling.occurred_at))
        act.save()
        lines = line_rows(act, telling, conversion_on(site, act.service_date))
        SupplyLine.objects.bulk_create(lines)
        days.add(act.service_date)
        wanted += drawn_by(site, act, lines)
    return days | draw(site, fact.subject, wanted)


def act_row(site: Site, telling: Telling, day: date) -> SupplyAct:
    data = telling.data
    told = {name: data.get(name, "") for name in ("for_whom", "location_kind", "partner", "area")}
    return SupplyAct(
        site=site,
        record_id=telling.record_id,
        direction=DIRECTIONS[telling.kind],
        at=telling.occurred_at,
        service_date=day,
        people=data.get("people"),
        visit_ref=as_uuid(data.get("visit")),
        **told,
    )


def line_rows(act: SupplyAct, telling: Telling, conversion: Conversion) -> list[SupplyLine]:
    rows = []
    for line in telling.data["lines"]:
        item, quantity = line["item"], line["quantity"]
        group = group_of(item)
        given = act.direction == Direction.OUT
        method = COUNTED if given else line.get("method") or default_method(group)
        rows.append(
            SupplyLine(
                site_id=act.site_id,
                act=act,
                service_date=act.service_date,
                direction=act.direction,
                item=item,
                quantity=quantity,
                method=method,
                syringes=syringes_in(item, quantity, method, conversion),
                conversion=None if method == COUNTED else conversion.version,
            )
        )
    return rows


def group_of(item: str) -> str:
    value = values("supply").get(item)
    return value.group if value else ""


def syringes_in(item: str, quantity: int, method: str, conversion: Conversion) -> int:
    """How many syringes a line is: counted, or converted and rounded to the nearest whole one."""
    if method == BY_WEIGHT:
        return (quantity * conversion.syringes[KILOGRAM] + GRAMS_A_KG // 2) // GRAMS_A_KG
    if method == BY_BIN:
        return quantity * conversion.syringes.get(item, 0)
    return quantity if group_of(item) in SYRINGES else 0


# --- What a hand-out takes off the shelves -----------------------------------------------
def drawn_by(site: Site, act: SupplyAct, lines: Iterable[SupplyLine]) -> list[Wanted]:
    """What it draws from the shelves that the site counts, since each was first filled.

    What nobody counts is not drawn: the ledger would only grow. A shelf may go below zero.
    """
    if act.direction != Direction.OUT:
        return []
    taken: Counter[uuid.UUID] = Counter()
    for line in lines:
        taken[shelf_ref(site.code, line.item)] += line.quantity
    shelves = Lot.objects.at(site).filter(ref__in=taken, first_received_at__lte=act.at)
    return [
        Wanted(ref, Move.GIVEN, -taken[ref], act.at)
        for ref in shelves.order_by("ref").values_list("ref", flat=True)
    ]


def draw_again(site: Site, shelf: uuid.UUID) -> set[date]:
    """Settle what hand-outs draw from a shelf that is first filled earlier or later than was known."""
    drew = StockMovement.objects.at(site).filter(lot_ref=shelf, move=Move.GIVEN)
    acts = SupplyAct.objects.at(site).filter(record_id__in=drew.values("record_id"), direction=Direction.OUT)
    lot = Lot.objects.at(site).filter(ref=shelf).select_related("product").first()
    if lot and shelf == shelf_ref(site.code, lot.product.code):
        since = SupplyAct.objects.at(site).filter(at__gte=lot.first_received_at, direction=Direction.OUT)
        acts = acts.union(since.filter(lines__item=lot.product.code).distinct())
    days: set[date] = set()
    for act in acts:
        days |= draw(site, act.record_id, drawn_by(site, act, act.lines.all()))
    return days


redraws.append(draw_again)


# --- What a site sets --------------------------------------------------------------------
@transaction.atomic
def set_conversion(site: Site, syringes: dict[str, int], *, valid_from: date, source: str, by: str) -> None:
    """Write the next version of a site's conversion; what was already counted keeps its own."""
    version = newest_version(site) + 1
    ReturnConversion.objects.bulk_create(
        ReturnConversion(
            site=site, version=version, unit=unit, syringes=count, valid_from=valid_from, source=source,
            made_by=by, made_at=now(),
        )
        for unit, count in syringes.items()
    )  # fmt: skip
    note("conversion set", actor=by, site_id=site.pk, about="conversion", about_id=version, why=source)
