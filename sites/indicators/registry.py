"""Every number of the product, each declared once."""

from collections.abc import Callable
from datetime import date

from sites.indicators.declaring import Indicator
from sites.indicators.facts import DayFacts
from sites.indicators.of_ambulances import CHAPTER as AMBULANCES
from sites.indicators.of_booths import CHAPTER as BOOTHS
from sites.indicators.of_logbook import CHAPTER as LOGBOOK
from sites.indicators.of_overdoses import CHAPTER as OVERDOSES
from sites.indicators.of_rates import CHAPTER as RATES
from sites.indicators.of_records import CHAPTER as RECORDS
from sites.indicators.of_stock import CHAPTER as STOCK
from sites.indicators.of_supplies import CHAPTER as SUPPLIES
from sites.indicators.of_times import CHAPTER as TIMES
from sites.indicators.of_visits import CHAPTER as VISITS
from sites.indicators.terms import ALL, Value

CHAPTERS = (VISITS, BOOTHS, OVERDOSES, AMBULANCES, STOCK, SUPPLIES, LOGBOOK, TIMES, RECORDS, RATES)
# Every version of every number, the oldest first; then those only proposed.
VERSIONS: dict[str, list[Indicator]] = {}
PROPOSED: dict[str, list[Indicator]] = {}
for _chapter in CHAPTERS:
    for _indicator in _chapter.indicators:
        (PROPOSED if _indicator.proposed else VERSIONS).setdefault(_indicator.code, []).append(_indicator)
# The newest version of each: its words are those that screens show.
REGISTRY: dict[str, Indicator] = {
    code: max(versions, key=lambda version: version.version) for code, versions in VERSIONS.items()
}

Counted = dict[tuple[str, str], Value]


def in_force(code: str, day: date) -> Indicator:
    """The version that counts on a day: the newest that had begun, else the first."""
    begun = [version for version in VERSIONS[code] if version.valid_from <= day]
    return max(begun or VERSIONS[code][:1], key=lambda version: version.version)


def shown() -> list[Indicator]:
    return [indicator for indicator in REGISTRY.values() if not indicator.internal]


def additive() -> list[Indicator]:
    return [indicator for indicator in shown() if indicator.additive]


def count_day(facts: DayFacts) -> Counted:
    """(code, category) → value: ALL of every indicator, other categories when not zero."""
    return count_facts(facts, lambda code: in_force(code, facts.day))


def count_facts(facts: DayFacts, version: Callable[[str], Indicator]) -> Counted:
    """The same by the versions asked for. Numbers made of others come after what they are made of."""
    counted: Counted = {}
    for indicator in sorted(map(version, VERSIONS), key=lambda i: i.over is not None):
        for category, value in indicator.of(facts, counted).items():
            if category == ALL or value:
                counted[indicator.code, category] = value
    return counted


def as_json() -> list[dict]:
    """The registry as others read it: the version of each number that is the newest."""
    return [_told(indicator) for indicator in shown()]


def _told(i: Indicator) -> dict:
    return {
        "code": i.code,
        "version": i.version,
        "valid_from": i.valid_from.isoformat(),
        "unit": i.unit,
        "clock": i.clock,
        "label_fr": i.label_fr,
        "label_en": i.label_en,
        "definition_fr": i.definition_fr,
        "definition_en": i.definition_en,
        "population_fr": i.population.fr,
        "population_en": i.population.en,
        "excluded_fr": i.population.without_fr,
        "excluded_en": i.population.without_en,
        "additive": i.additive,
        "categories": i.categories(),
        "breakdowns": {name: name not in i.overlapping for name in i.breakdowns},
        "derived_from": list(i.over.sources) if i.over else [],
        "maps": {"hc": i.maps.hc, "cts": i.maps.cts, "drsp": i.maps.drsp},
    }
