import uuid

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Move(TextChoices):
    """Kinds of stock movement (domain.md §3.5). Quantity is in units: ampoules, devices, kits, pieces."""

    RECEIVED = "received", _("reçu")
    ADMINISTERED = "administered", _("administré")
    KIT_GIVEN = "kit_given", _("trousse remise")
    SINGLE_GIVEN = "single_given", _("dose remise")
    WASTED = "wasted", _("perdu ou gaspillé")
    MISFIRE = "misfire", _("raté")
    EXPIRED = "expired", _("expiré, retiré")
    TRANSFERRED = "transferred", _("transféré")
    RETURNED = "returned", _("rapporté")
    ADJUSTED = "adjusted", _("ajusté")
    RECALLED = "recalled", _("rappelé, retiré")
    ASSEMBLED = "assembled", _("mis en trousse")
    GIVEN = "given", _("remis")


class ProductKind(TextChoices):
    """What a unit is. A kit holds doses; a supply is counted by the piece and may have no expiry."""

    NALOXONE = "naloxone", _("naloxone")
    KIT = "kit", _("trousse")
    SUPPLY = "supply", _("matériel")


class Stock(TextChoices):
    """Two stocks kept apart; a lot stands in one of them."""

    CLINICAL = "clinical", _("usage clinique")
    TAKE_HOME = "take_home", _("à emporter")


ADDS = {Move.RECEIVED, Move.RETURNED}
# What `naloxone.moved` may say; receiving, filling kits and handing out supplies are kinds of their own.
MOVES = [move for move in Move if move not in (Move.RECEIVED, Move.ASSEMBLED, Move.GIVEN)]

# What the stock page offers; a dose given on site is told with its event, a kit with its hand-out.
BY_HAND = [
    Move.WASTED, Move.MISFIRE, Move.EXPIRED, Move.TRANSFERRED, Move.RETURNED, Move.ADJUSTED, Move.RECALLED,
]  # fmt: skip

# Under this an alert is told, and over this a count asks why, where a site has set nothing else.
MINIMUM = {ProductKind.NALOXONE: 6, ProductKind.KIT: 6, ProductKind.SUPPLY: 0}
TOLERANCE = {ProductKind.NALOXONE: 2, ProductKind.KIT: 2, ProductKind.SUPPLY: 20}

KIT_DOSES = 2
SHELVES = uuid.UUID("018f2a70-5c5e-7000-8000-5c5e00000004")


def signed(move: str, quantity: int) -> int:
    """Units that a movement adds to what is on hand; only `adjusted` carries its own sign."""
    if move == Move.ADJUSTED:
        return quantity
    return quantity if move in ADDS else -quantity


def usual_stock(kind: str) -> Stock:
    """Where a lot stands when nobody says."""
    return Stock.CLINICAL if kind == ProductKind.NALOXONE else Stock.TAKE_HOME


def shelf_ref(site_code: str, product: str) -> uuid.UUID:
    """The one lot of a product that comes without number or expiry, the same on every tablet of a site."""
    return uuid.uuid5(SHELVES, f"{site_code}|{product}")


# Record kinds of a lot. Naloxone and supplies are told apart by name and share everything else.
RECEIVED, MOVED, COUNTED = "naloxone.received", "naloxone.moved", "naloxone.counted"
SUPPLY_RECEIVED, SUPPLY_MOVED, SUPPLY_COUNTED = "supplies.received", "supplies.moved", "supplies.counted"
ASSEMBLED = "kit.assembled"
RECEIPTS = {RECEIVED, SUPPLY_RECEIVED}
MOVEMENTS = {MOVED, SUPPLY_MOVED}
COUNTS = {COUNTED, SUPPLY_COUNTED}
FOUNDING = RECEIPTS | {ASSEMBLED}


def kind_for(what: str, product_kind: str) -> str:
    """The record kind that says this of such a product: kind_for(COUNTED, "supply") is supplies.counted."""
    return what.replace("naloxone.", "supplies.") if product_kind == ProductKind.SUPPLY else what


class Form(TextChoices):
    """What is handed out: a kit, or doses by themselves (code list `kit_form`)."""

    KIT = "kit"
    SINGLE = "single"


GIVEN, USED = "kit.given", "kit.used"
