"""Words of the numbers. Bands are those of the Ontario report (domain.md §1.3)."""

from collections.abc import Collection
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

ALL = "ALL"
UNIQUE_CLIENTS, MONTH_CLIENTS = "unique_clients_day", "unique_clients_month_to_date"
SERVICE_DAY = "service_day"
CALENDAR = "calendar"
COUNT, MINUTES, SECONDS, MILLIGRAMS, PERCENT = "count", "min", "s", "mg", "%"
PER_1000, PER_EVENT = "/1000", "/event"

HOUR_BANDS = {"07_11": (7, 11), "12_16": (12, 16), "17_21": (17, 21), "22_02": (22, 2), "03_06": (3, 6)}
NOT_DECLARED = "unk"
OPIOID, STIMULANT = "opioid", "stimulant"
SUBSTANCE_MIXES = ("opioid_only", "stimulant_only", "opioid_and_stimulant", "other")
ROUTE_GROUPS = ("injection", "inhalation", "other")
LOSSES = ("expired", "wasted", "misfire")
OPEN_KINDS = ("visit", "event", "record")
# Breakdowns whose codes no dated list holds.
FIXED_LISTS: dict[str, Collection[str]] = {
    "hour_band": HOUR_BANDS,
    "open_kind": OPEN_KINDS,
    "substance_mix": SUBSTANCE_MIXES,
    "loss": LOSSES,
}


class Grain(TextChoices):
    DAY = "day", _("jour")
    WEEK = "week", _("semaine")
    MONTH = "month", _("mois")
    QUARTER = "quarter", _("trimestre")
    YEAR = "year", _("année")


Value = Decimal | int | None
Values = dict[str, Value]


def substance_mix(groups: Collection[str]) -> str:
    """Which part of SUBSTANCE_MIXES a visit is in: only opioids and stimulants tell them apart."""
    if OPIOID in groups:
        return "opioid_and_stimulant" if STIMULANT in groups else "opioid_only"
    return "stimulant_only" if STIMULANT in groups else "other"


def hour_band(hour: int) -> str:
    """The band of a local hour, 0–23; the night band itself crosses midnight."""
    for code, (first, last) in HOUR_BANDS.items():
        inside = first <= hour <= last if first <= last else hour >= first or hour <= last
        if inside:
            return code
    raise ValueError(hour)
