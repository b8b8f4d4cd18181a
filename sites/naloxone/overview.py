"""What to look at in the stock: on its page, on the board and in the report of a day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sites.naloxone.models import Lot, ShelfRule
from sites.naloxone.queries import (
    LotOnHand,
    Rules,
    Shelf,
    expiring,
    low_shelves,
    there_at_end_of,
    usable_by_shelf,
)
from sites.naloxone.terms import Stock
from sites.places.models import Site


@dataclass(frozen=True)
class Look:
    """One sentence, and the lot that it is about when it is about one."""

    words: str
    product: str
    lot: Lot | None = None


def looks(lots: Collection[LotOnHand], rules: Rules) -> list[Look]:
    """Below zero, expired, expiring within 7, 30 and 90 days, then what is under its minimum."""
    found = [Look(_below(row), row.lot.product.name, row.lot) for row in lots if row.units < 0]
    found += [Look(_expiry(row), row.lot.product.name, row.lot) for row in expiring(lots)]
    low, units = low_shelves(lots, rules), usable_by_shelf(lots)
    by_shelf = {row.shelf: row for row in lots}
    return found + [
        Look(_low(by_shelf[shelf], units[shelf], rules), by_shelf[shelf].lot.product.name)
        for shelf in _in_order(by_shelf, low)
    ]


def looks_at_end_of(site: Site, day: date, lots: list[Lot], rules: list[ShelfRule]) -> list[Look]:
    """The same as it was when a service day ended, from its `lots_until` and `told_rules`."""
    return looks(there_at_end_of(site, day, lots), Rules.of(rules))


def _in_order(by_shelf: dict[Shelf, LotOnHand], low: set[Shelf]) -> list[Shelf]:
    return sorted(low, key=lambda shelf: (by_shelf[shelf].lot.product.name, shelf))


def _number(row: LotOnHand) -> str:
    return row.lot.lot_code or row.lot.product.name


def _below(row: LotOnHand) -> str:
    words = _("Lot %(code)s sous zéro (%(units)s) : compter, ou noter une réception oubliée.")
    return words % {"code": _number(row), "units": f"−{-row.units}"}


def _expiry(row: LotOnHand) -> str:
    told = {"code": _number(row), "n": row.units, "day": row.lot.expiry}
    if row.expired:
        words = ngettext(
            "Lot %(code)s expiré depuis le %(day)s : %(n)s unité à retirer.",
            "Lot %(code)s expiré depuis le %(day)s : %(n)s unités à retirer.",
            row.units,
        )
        return words % told
    words = ngettext(
        "Lot %(code)s expire le %(day)s, d’ici %(limit)s jours : %(n)s unité.",
        "Lot %(code)s expire le %(day)s, d’ici %(limit)s jours : %(n)s unités.",
        row.units,
    )
    return words % (told | {"limit": row.within})


def _low(row: LotOnHand, units: int, rules: Rules) -> str:
    words = _("%(product)s (%(stock)s) : %(units)s en main, minimum %(minimum)s.")
    stock = Stock(row.lot.stock).label
    told = {"product": row.lot.product.name, "stock": stock, "units": units, "minimum": rules.minimum(row)}
    return words % told
