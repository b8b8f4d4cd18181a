"""Every number of the product, each declared once."""

from sites.indicators.declaring import Indicator
from sites.indicators.facts import DayFacts
from sites.indicators.of_overdoses import CHAPTER as OVERDOSES
from sites.indicators.of_records import CHAPTER as RECORDS
from sites.indicators.of_times import CHAPTER as TIMES
from sites.indicators.of_visits import CHAPTER as VISITS
from sites.indicators.terms import ALL, Value

REGISTRY: dict[str, Indicator] = {
    indicator.code: indicator
    for chapter in (VISITS, OVERDOSES, TIMES, RECORDS)
    for indicator in chapter.indicators
}


def shown() -> list[Indicator]:
    return [indicator for indicator in REGISTRY.values() if not indicator.internal]


def additive() -> list[Indicator]:
    return [indicator for indicator in shown() if indicator.additive]


def count_day(facts: DayFacts) -> dict[tuple[str, str], Value]:
    """(code, category) → value: ALL of every indicator, other categories when not zero."""
    counted: dict[tuple[str, str], Value] = {}
    for code, indicator in REGISTRY.items():
        for category, value in indicator.count(facts).items():
            if category == ALL or value:
                counted[code, category] = value
    return counted


def as_json() -> list[dict]:
    return [
        {
            "code": i.code,
            "version": i.version,
            "valid_from": i.valid_from.isoformat(),
            "unit": i.unit,
            "clock": i.clock,
            "label_fr": i.label_fr,
            "label_en": i.label_en,
            "definition_fr": i.definition_fr,
            "definition_en": i.definition_en,
            "additive": i.additive,
            "categories": i.categories(),
            "maps": {"hc": i.maps.hc, "cts": i.maps.cts, "drsp": i.maps.drsp},
        }
        for i in shown()
    ]
