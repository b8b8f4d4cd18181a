"""How a number is declared: once, with its words, its version and the function that counts it."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import median

from sites.codes.queries import values
from sites.indicators.facts import DayFacts
from sites.indicators.terms import (
    ALL,
    COUNT,
    HOUR_BANDS,
    OPEN_KINDS,
    SERVICE_DAY,
    SUBSTANCE_MIXES,
    Value,
    Values,
)
from sites.naloxone.models import Product

FIRST_VERSION = date(2026, 1, 1)


@dataclass(frozen=True)
class Maps:
    """What the number is called in the reports of others (domain.md §7.5); empty when it is not there."""

    hc: str = ""
    cts: str = ""
    drsp: str = ""


@dataclass(frozen=True)
class Indicator:
    """One number of a service day.

    `count` gives {category: value}, ALL always there; None where it cannot be computed. The codes of
    its breakdowns stand side by side as categories: no two of one indicator share a code (tested).
    """

    code: str
    label_fr: str
    label_en: str
    definition_fr: str
    definition_en: str
    count: Callable[[DayFacts], Values]
    unit: str = COUNT
    version: int = 1
    valid_from: date = FIRST_VERSION
    clock: str = SERVICE_DAY
    additive: bool = True
    breakdowns: tuple[str, ...] = ()
    maps: Maps = field(default_factory=Maps)
    # Counted for other parts of the product; in no report, file or list.
    internal: bool = False

    def label(self, language: str) -> str:
        return self.label_en if language.startswith("en") else self.label_fr

    def definition(self, language: str) -> str:
        return self.definition_en if language.startswith("en") else self.definition_fr

    def categories(self) -> list[str]:
        return [code for name in self.breakdowns for code in breakdown_codes(name)]


Counting = Callable[[DayFacts], Values]


class Chapter:
    """Numbers declared together, in the order in which they are read."""

    def __init__(self):
        self.indicators: list[Indicator] = []

    def number(self, code: str, **declared) -> Callable[[Counting], Counting]:
        def declare(count: Counting) -> Counting:
            self.indicators.append(Indicator(code=code, count=count, **declared))
            return count

        return declare


def breakdown_codes(name: str) -> list[str]:
    """Every code that a breakdown may have, past and future ones of dated lists included."""
    if name == "hour_band":
        return list(HOUR_BANDS)
    if name == "open_kind":
        return list(OPEN_KINDS)
    if name == "substance_mix":
        return list(SUBSTANCE_MIXES)
    if name == "product":
        return list(Product.objects.naloxone().values_list("code", flat=True))
    if name == "substance_group":
        return list(dict.fromkeys(v.group for v in values("substances").values()))
    return list(values(name))


def tally(rows: Iterable, *breakdowns: Callable, weight: Callable = lambda row: 1) -> Values:
    """Rows counted in all and by each breakdown: a function from a row to its category."""
    counted: Counter = Counter({ALL: 0})
    for row in rows:
        counted[ALL] += weight(row)
        for breakdown in breakdowns:
            counted[breakdown(row)] += weight(row)
    return dict(counted)


def middle(durations: Iterable[float], *, bin_s: int, at_least: int = 1) -> Decimal | None:
    """The median of durations in seconds, each put in its bin: in bins, so that it comes from counts."""
    bins = sorted(int(d // bin_s) for d in durations)
    return Decimal(str(median(bins))) if len(bins) >= at_least else None


def share(part: int, whole: int) -> Value:
    """A percentage to one decimal; nothing of nothing is not computable."""
    return round(Decimal(100 * part) / whole, 1) if whole else None
