"""Between two sites of one organisation: in transit until received, and nothing vanishes in between.

What one end writes is copied to the other end's rows, so each site reads its own and no other's.
"""

import uuid
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Max, Min, Sum

from harmreduction.pg.scope import acting
from sites.naloxone.models import InTransit, Lot, Product
from sites.naloxone.terms import MOVEMENTS, RECEIPTS
from sites.places.models import Site
from sites.records.stories import Telling


@dataclass(frozen=True)
class Way:
    """Units put on their way, or taken off it, by one record."""

    transfer: uuid.UUID
    outgoing: bool
    other_id: int
    what: str
    product_id: int
    stock: str
    lot_code: str
    expiry: date | None
    at: datetime


@dataclass(frozen=True)
class OnItsWay:
    """A transfer that is not whole again: units sent, less received, less lost."""

    transfer: uuid.UUID
    outgoing: bool
    other: Site
    product: Product
    stock: str
    lot_code: str
    expiry: date | None
    units: int
    since: datetime


def ways(site: Site, lot: Lot | None, telling: Telling) -> Counter[Way]:
    """What a lot's record puts on its way or takes off it: Way → units."""
    found: Counter[Way] = Counter()
    other = _other(telling)
    if lot is None or other is None:
        return found
    sent = telling.kind in MOVEMENTS
    way = Way(
        transfer=telling.record_id if sent else uuid.UUID(telling.data["transfer"]),
        outgoing=sent or other.pk == site.pk,
        other_id=other.pk,
        what=InTransit.What.SENT if sent else InTransit.What.ARRIVED,
        product_id=lot.product_id,
        stock=lot.stock,
        lot_code=lot.lot_code,
        expiry=lot.expiry,
        at=telling.occurred_at,
    )
    found[way] += telling.data["quantity"] * (1 if sent else -1)
    if missing := telling.data.get("missing", 0):
        found[replace(way, what=InTransit.What.LOST)] -= missing
    return found


def _other(telling: Telling) -> Site | None:
    named = ""
    if telling.kind in MOVEMENTS:
        named = telling.data.get("to_site", "")
    elif telling.kind in RECEIPTS and telling.data.get("transfer"):
        named = telling.data.get("from_site", "")
    return Site.objects.filter(code=named).first() if named else None


def settle_ways(site: Site, record_id: uuid.UUID, wanted: Counter[Way]) -> None:
    """Add the rows that make this record's part of a transfer read as wanted, at both ends."""
    there: Counter[Way] = Counter()
    for row in InTransit.objects.at(site).filter(record_id=record_id):
        there[Way(**{name: getattr(row, name) for name in Way.__dataclass_fields__})] += row.units
    changes = {way: wanted[way] - there[way] for way in dict.fromkeys([*there, *wanted])}
    for way, units in changes.items():
        if units:
            _add(site, record_id, way, units)


def _add(site: Site, record_id: uuid.UUID, way: Way, units: int) -> None:
    row = {"record_id": record_id, "units": units, **vars(way)}
    InTransit.objects.create(site=site, **row)
    if way.other_id != site.pk:
        with acting(sites=[way.other_id]):
            InTransit.objects.create(
                **row | {"site_id": way.other_id, "other_id": site.pk, "outgoing": not way.outgoing}
            )


def on_its_way(site: Site) -> list[OnItsWay]:
    """Transfers from or to this site that are still under way, or more of which came than was sent."""
    sums = (
        InTransit.objects.at(site)
        .order_by()
        .values("transfer", "outgoing", "other")
        .annotate(left=Sum("units"), first=Min("id"), since=Min("at"), last=Max("at"))
        .exclude(left=0)
        .order_by("since", "transfer")
    )
    rows = InTransit.objects.at(site).select_related("other", "product").in_bulk([s["first"] for s in sums])
    found = []
    for one in sums:
        row = rows[one["first"]]
        found.append(
            OnItsWay(
                row.transfer, row.outgoing, row.other, row.product, row.stock, row.lot_code, row.expiry,
                one["left"], one["since"],
            )
        )  # fmt: skip
    return found
