"""Grains, statuses and the constants that the rules name (privacy.md R1, R4, R7)."""

from datetime import time

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from sites.indicators.terms import Grain


class Clock(TextChoices):
    SERVICE_DAY = "service_day", _("jours de service")
    CALENDAR = "calendar", _("jours de calendrier")


class Basis(TextChoices):
    """What the means of a plan were decided from; never from facts."""

    TYPED = "typed", _("estimation entrée")
    PUBLISHED = "published", _("chiffres publiés")


ORDER = {grain.value: position for position, grain in enumerate(Grain)}
LATE = "_late"
ALL = "ALL"
CLOCK = Clock.SERVICE_DAY.value
ROUNDED, DERIVED = "rounded", "derived"
SEALING_HOUR = time(6)
SMALLEST_MEAN = 10
# A reader's interval of a base cell is never narrower (R9).
NARROWEST = 4


def release_id(release_date, part: int) -> str:
    """The sealing date; a second release of one day says so."""
    return release_date.isoformat() if part == 1 else f"{release_date.isoformat()}-{part}"
