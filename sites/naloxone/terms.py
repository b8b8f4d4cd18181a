from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Move(TextChoices):
    """Kinds of stock movement (domain.md §3.5). Quantity is in units: ampoules, devices."""

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


ADDS = {Move.RECEIVED, Move.RETURNED}
# What `naloxone.moved` may say; receiving is a kind of its own.
MOVES = [move for move in Move if move is not Move.RECEIVED]

# What the stock page offers; a dose given on site is told with its event.
BY_HAND = [
    Move.WASTED, Move.MISFIRE, Move.EXPIRED, Move.TRANSFERRED, Move.RETURNED, Move.ADJUSTED, Move.RECALLED,
    Move.KIT_GIVEN, Move.SINGLE_GIVEN,
]  # fmt: skip


def signed(move: str, quantity: int) -> int:
    """Units that a movement adds to what is on hand; only `adjusted` carries its own sign."""
    if move == Move.ADJUSTED:
        return quantity
    return quantity if move in ADDS else -quantity
