"""Words of the numbers. Bands are those of the Ontario report (domain.md §1.3)."""

from collections.abc import Collection
from decimal import Decimal

ALL = "ALL"
SERVICE_DAY = "service_day"
COUNT, MINUTES, SECONDS, MILLIGRAMS, PERCENT = "count", "min", "s", "mg", "%"

HOUR_BANDS = {"07_11": (7, 11), "12_16": (12, 16), "17_21": (17, 21), "22_02": (22, 2), "03_06": (3, 6)}
NOT_DECLARED = "unk"
OPIOID, STIMULANT = "opioid", "stimulant"
SUBSTANCE_MIXES = ("opioid_only", "stimulant_only", "opioid_and_stimulant", "other")
ROUTE_GROUPS = ("injection", "inhalation", "other")
OPEN_KINDS = ("visit", "event", "record")

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
