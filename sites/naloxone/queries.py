"""What is on hand: always the sum of movements."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from harmreduction.pg.at_once import read
from sites.naloxone.models import Lot, ShelfRule, StockMovement
from sites.naloxone.terms import MINIMUM, TOLERANCE, ProductKind, Stock, usual_stock
from sites.places.models import Site
from sites.places.queries import day_bounds, today

EXPIRING_DAYS = 30
ALERT_DAYS = (7, 30, 90)
Shelf = tuple[str, str]


@dataclass(frozen=True)
class LotOnHand:
    """A lot with its units, and how long it lasts: `days_left` is None without an expiry."""

    lot: Lot
    units: int
    expired: bool
    expires_soon: bool
    days_left: int | None = None

    @property
    def shelf(self) -> Shelf:
        return self.lot.product.code, self.lot.stock

    @property
    def within(self) -> int | None:
        """The nearest of 7, 30 and 90 days within which it expires, today and past days included."""
        if self.days_left is None:
            return None
        return next((limit for limit in ALERT_DAYS if self.days_left <= limit), None)


def on_hand(site: Site) -> dict[uuid.UUID, int]:
    """Units by lot ref, lots that are not here yet included."""
    sums = StockMovement.objects.at(site).order_by().values("lot_ref").annotate(units=Sum("units"))
    return {row["lot_ref"]: row["units"] for row in sums}


def lots_on_hand(site: Site) -> list[LotOnHand]:
    """Every lot of the site, first-expiring first; what never expires comes last."""
    return held_today(site, lots_of(site))


def lots_until(site: Site, day: date) -> QuerySet[Lot]:
    """`lots_of` with what had moved when a service day ended, and all that is known of it now."""
    return lots_of(site, Q(at__lt=day_bounds(site, day)[1]))


def there_at_end_of(site: Site, day: date, lots: Iterable[Lot]) -> list[LotOnHand]:
    """Of `lots_until`, those that were there."""
    ended = day_bounds(site, day)[1]
    return [_held(lot, day) for lot in lots if lot.first_received_at < ended]


def lots_and_rules(site: Site) -> tuple[list[LotOnHand], "Rules"]:
    """`lots_on_hand` and `rules_of`, in one statement."""
    lots, rules = read(lots_of(site), told_rules(site))
    return held_today(site, lots), Rules.of(rules)


def held_today(site: Site, lots: Iterable[Lot]) -> list[LotOnHand]:
    day = today(site)
    return [_held(lot, day) for lot in lots]


def lots_of(site: Site, moved: Q | None = None) -> QuerySet[Lot]:
    """Every lot, each with `sum_units`: of all its movements, or of those asked for."""
    movements = StockMovement.objects.at(site).filter(moved or Q(), lot_ref=OuterRef("ref"))
    movements = movements.order_by().values("lot_ref")
    return (
        Lot.objects.at(site)
        .select_related("product")
        .annotate(sum_units=Coalesce(Subquery(movements.annotate(n=Sum("units")).values("n")), 0))
        .order_by(F("expiry").asc(nulls_last=True), "lot_code", "ref")
    )


def _held(lot, day: date) -> LotOnHand:
    days_left = (lot.expiry - day).days if lot.expiry else None
    return LotOnHand(
        lot,
        lot.sum_units,
        expired=days_left is not None and days_left < 0,
        expires_soon=days_left is not None and days_left <= EXPIRING_DAYS,
        days_left=days_left,
    )


def clinical(lots: Collection[LotOnHand]) -> list[LotOnHand]:
    """Naloxone for use on site: no kit, no supply, nothing put aside to be taken home."""
    return [
        row for row in lots
        if row.lot.product.kind == ProductKind.NALOXONE and row.lot.stock == Stock.CLINICAL
    ]  # fmt: skip


def usable(lots: Collection[LotOnHand]) -> dict[str, int]:
    """Units by product that may be given: expired ones never count."""
    totals: dict[str, int] = {}
    for (code, _stock), units in usable_by_shelf(lots).items():
        totals[code] = totals.get(code, 0) + units
    return totals


def usable_by_shelf(lots: Collection[LotOnHand]) -> dict[Shelf, int]:
    """The same by (product, stock): the two stocks are kept apart."""
    totals: dict[Shelf, int] = {}
    for row in lots:
        totals[row.shelf] = totals.get(row.shelf, 0) + (0 if row.expired else row.units)
    return totals


def first_expiring(lots: Collection[LotOnHand], product: str) -> Lot | None:
    """The lot to take from: first-expiring with something in it, else any that is not expired."""
    of_product = [row for row in lots if row.lot.product.code == product and not row.expired]
    return next((row.lot for row in of_product if row.units > 0), of_product[0].lot if of_product else None)


@dataclass(frozen=True)
class Rules:
    """What a site wants of its shelves: its own word, else the usual one of the kind of product."""

    told: dict[Shelf, ShelfRule]

    @classmethod
    def of(cls, rows: Iterable[ShelfRule]) -> "Rules":
        return cls({(row.product.code, row.stock): row for row in rows})

    def minimum(self, row: LotOnHand) -> int:
        told = self.told.get(row.shelf)
        if told:
            return told.minimum
        kind = ProductKind(row.lot.product.kind)
        return MINIMUM[kind] if row.lot.stock == usual_stock(kind) else 0

    def tolerance(self, lot: Lot) -> int:
        told = self.told.get((lot.product.code, lot.stock))
        return told.tolerance if told else TOLERANCE[ProductKind(lot.product.kind)]


def rules_of(site: Site) -> Rules:
    return Rules.of(told_rules(site))


def told_rules(site: Site) -> QuerySet[ShelfRule]:
    return ShelfRule.objects.at(site).select_related("product")


def low_shelves(lots: Collection[LotOnHand], rules: Rules) -> set[Shelf]:
    """Shelves with less to give than the site wants."""
    units = usable_by_shelf(lots)
    return {row.shelf for row in lots if units[row.shelf] < rules.minimum(row)}


def stock_alerts(lots: Collection[LotOnHand], rules: Rules) -> list[dict]:
    """[{"product", "lot", "on_hand", "why"}], the worst reason of each lot.

    Low is by product and stock: told on every lot with something in it, on the last to expire when none has.
    """
    units, low = usable_by_shelf(lots), low_shelves(lots, rules)
    last = {row.shelf: row for row in lots}
    alerts = []
    for row in lots:
        emptied = units[row.shelf] <= 0 and last[row.shelf] is row
        why = _why(row, row.shelf in low and (row.units > 0 or emptied))
        if why:
            code = row.lot.product.code
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


def expiring(lots: Collection[LotOnHand]) -> list[LotOnHand]:
    """What has something left and expires within 90 days; already expired first."""
    return [row for row in lots if row.units > 0 and row.within]


def below_zero(site: Site) -> list[tuple[Lot, int, StockMovement]]:
    """Lots with less than nothing in them, their units, and the movement that took each under zero."""
    negative = [row for row in lots_on_hand(site) if row.units < 0]
    moved: dict[uuid.UUID, list[StockMovement]] = {}
    rows = StockMovement.objects.at(site).filter(lot_ref__in=[row.lot.ref for row in negative])
    for movement in rows.order_by("at", "id"):
        moved.setdefault(movement.lot_ref, []).append(movement)
    return [(row.lot, row.units, _crossing(moved[row.lot.ref])) for row in negative]


def _crossing(movements: list[StockMovement]) -> StockMovement:
    """The one after which the lot never came back to zero."""
    left, crossing = 0, movements[-1]
    for movement in movements:
        if left >= 0:
            crossing = movement
        left += movement.units
    return crossing


def expected_at(site: Site, lot_ref: uuid.UUID, at: datetime) -> int:
    """What the ledger says of a lot at an instant."""
    until = StockMovement.objects.at(site).filter(lot_ref=lot_ref, at__lte=at)
    return until.aggregate(n=Sum("units"))["n"] or 0
