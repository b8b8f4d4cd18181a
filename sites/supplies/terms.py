"""Words of the exchange counter, and how what comes back is counted (domain.md §2.3)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

GIVEN, RETURNED, PICKED_UP = "supplies.given", "supplies.returned", "syringe.pickup"


class Direction(TextChoices):
    OUT = "out", _("remis")
    BACK = "back", _("rapporté")
    PICKED_UP = "picked_up", _("ramassé")


DIRECTIONS = {GIVEN: Direction.OUT, RETURNED: Direction.BACK, PICKED_UP: Direction.PICKED_UP}

COUNTED, BY_WEIGHT, BY_BIN = "counted", "weight", "bin"
METHODS = (COUNTED, BY_WEIGHT, BY_BIN)
# Groups of the list `supply`.
NEEDLE, USED, PIPE, BIN = "needle", "used", "pipe", "bin"
ANY_NEEDLE = "needle_any"
SYRINGES = {NEEDLE, USED}
AT_THE_COUNTER, NO_AREA = "counter", "elsewhere"
# Where one record may stand for many people: none of those is one hand-out.
MANY_PEOPLE = {"van", "outreach", "delivery", "partner"}

# Syringes to a kilogram, and to a full container: version 0 of the conversion, until a site sets its own.
# A one-litre container is told to hold 36 to 70 syringes, one of two gallons up to 400 (disposal guides of
# state syringe services in the United States); 5 g is a usual weight of a used 1 mL syringe with its needle.
KILOGRAM = "kg"
FIRST_CONVERSION = {KILOGRAM: 200, "bin_1l": 50, "bin_4l": 200, "bin_8l": 400}


def default_method(group: str) -> str:
    """How a returned item is taken to be counted when nobody says: containers by container."""
    return BY_BIN if group == BIN else COUNTED
