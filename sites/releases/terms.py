"""What is released, how it is cut and what is said about it (privacy.md R1, R4, R12)."""

from dataclasses import dataclass
from datetime import date, time

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Grain(TextChoices):
    DAY = "day", _("jour")
    WEEK = "week", _("semaine")
    MONTH = "month", _("mois")
    QUARTER = "quarter", _("trimestre")
    YEAR = "year", _("année")


ORDER = {grain.value: position for position, grain in enumerate(Grain)}
LATE = "_late"
ALL = "ALL"
CLOCK = "service_day"
ROUNDED, DERIVED = "rounded", "derived"
SEALING_HOUR = time(6)
SMALLEST_MEAN = 10

IN_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
IN_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Released:
    """An indicator that leaves: the exact series behind it, its base, and the grains it may take.

    `lengths` gives, for each grain from fine to coarse, how many times the typed estimate fits in it.
    """

    code: str
    series: str
    base: int
    cap: int
    lengths: dict[str, int]

    @property
    def late(self) -> str:
        return self.code + LATE


RELEASED = [
    Released("visits", "visits", 5, 1, IN_DAYS),
    Released("reversals", "reversals", 5, 1, IN_MONTHS),
    Released("naloxone_doses_staff", "naloxone_doses_staff_capped", 10, 9, IN_MONTHS),
]


def release_id(release_date: date, part: int) -> str:
    """The sealing date; a second release of one day says so."""
    return release_date.isoformat() if part == 1 else f"{release_date.isoformat()}-{part}"


BY_CODE = {released.code: released for released in RELEASED}
PLAN_ORDER = {
    code: position
    for position, code in enumerate(
        [released.code for released in RELEASED] + [released.late for released in RELEASED]
    )
}
