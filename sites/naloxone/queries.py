"""What is on hand: always the sum of movements."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from sites.naloxone.models import Lot, StockMovement
from sites.places.models import Site
from sites.places.queries import today

EXPIRING_DAYS = 30
LOW_UNITS = 6


@dataclass(frozen=True)
class LotOnHand:
    lot: Lot
    units: int
    expired: bool
    expires_soon: bool


def on_hand(site: Site) -> dict[uuid.UUID, int]:
    """Units by lot ref, lots that are not here yet included."""
    sums = StockMovement.objects.at(site).values("lot_ref").annotate(units=Sum("units"))
    return {row["lot_ref"]: row["units"] for row in sums}


def lots_on_hand(site: Site) -> list[LotOnHand]:
    """Every lot of the site, first-expiring first."""
    moved = StockMovement.objects.at(site).filter(lot_ref=OuterRef("ref")).order_by().values("lot_ref")
    lots = (
        Lot.objects.at(site)
        .select_related("product")
        .annotate(sum_units=Coalesce(Subquery(moved.annotate(n=Sum("units")).values("n")), 0))
        .order_by("expiry", "lot_code")
    )
    day = today(site)
    return [
        LotOnHand(
            lot,
            lot.sum_units,
            expired=lot.expiry < day,
            expires_soon=lot.expiry <= day + timedelta(days=EXPIRING_DAYS),
        )
        for lot in lots
    ]


def usable(lots: list[LotOnHand]) -> dict[str, int]:
    """Units by product that may be given: expired ones never count."""
    totals: dict[str, int] = {}
    for row in lots:
        code = row.lot.product.code
        totals[code] = totals.get(code, 0) + (0 if row.expired else row.units)
    return totals


def first_expiring(lots: list[LotOnHand], product: str) -> Lot | None:
    """The lot to take from: first-expiring with something in it, else any that is not expired."""
    of_product = [row for row in lots if row.lot.product.code == product and not row.expired]
    return next((row.lot for row in of_product if row.units > 0), of_product[0].lot if of_product else None)


def stock_alerts(lots: list[LotOnHand]) -> list[dict]:
    """[{"product", "lot", "on_hand", "why"}], the worst reason of each lot.

    Low is by product: told on every lot with something in it, on the last to expire when none has.
    """
    usable_units = usable(lots)
    last = {row.lot.product.code: row for row in lots}
    alerts = []
    for row in lots:
        code = row.lot.product.code
        low = usable_units[code] < LOW_UNITS
        emptied = usable_units[code] <= 0 and last[code] is row
        why = _why(row, low and (row.units > 0 or emptied))
        if why:
            alerts.append({"product": code, "lot": str(row.lot.ref), "on_hand": row.units, "why": why})
    return alerts


def _why(row: LotOnHand, low: bool) -> str:
    if row.units < 0:
        return "below_zero"
    if row.expired and row.units:
        return "expired"
    if row.expires_soon and not row.expired:
        return "expiring"
    return "low" if low else ""
