"""How a number is declared: once, with its words, its versions and the function that counts it."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from sites.codes.queries import values
from sites.indicators.derived import Counts, Derived
from sites.indicators.facts import DayFacts
from sites.indicators.populations import RECORDED, Population
from sites.indicators.terms import ALL, COUNT, FIXED_LISTS, SERVICE_DAY, Values
from sites.naloxone.models import Product

FIRST_VERSION = date(2026, 1, 1)


@dataclass(frozen=True)
class Maps:
    """What the number is called in the reports of others (domain.md §7.5); empty when it is not there."""

    hc: str = ""
    cts: str = ""
    drsp: str = ""


@dataclass(frozen=True)
class AtMost:
    """The number cannot exceed another of the same day, or so many times it."""

    code: str
    times: int = 1


@dataclass(frozen=True)
class Between:
    """The number cannot lie outside; both ends included."""

    low: int
    high: int


@dataclass(frozen=True)
class Indicator:
    """One version of one number.

    `count` gives {category: value} of a day, ALL always there; None where it cannot be computed.
    `over` makes the number of other counts instead, for any period. The codes of its breakdowns stand
    side by side as categories: no two of one indicator share a code (tested). Each breakdown is
    exhaustive and its categories disjoint (checked every night), except those in `overlapping`.
    A version is in force from `valid_from` on until the next; the first one, from the first day. A
    `proposed` one is in force never: it is there to see what it would have changed.
    """

    code: str
    label_fr: str
    label_en: str
    definition_fr: str
    definition_en: str
    count: Callable[[DayFacts], Values] | None = None
    unit: str = COUNT
    version: int = 1
    valid_from: date = FIRST_VERSION
    clock: str = SERVICE_DAY
    additive: bool = True
    over: Derived | None = None
    population: Population = RECORDED
    breakdowns: tuple[str, ...] = ()
    overlapping: tuple[str, ...] = ()
    plausible: tuple[AtMost | Between, ...] = ()
    maps: Maps = field(default_factory=Maps)
    # Counted for other parts of the product; in no report, file or list.
    internal: bool = False
    proposed: bool = False

    def label(self, language: str) -> str:
        return self.label_en if language.startswith("en") else self.label_fr

    def definition(self, language: str) -> str:
        return self.definition_en if language.startswith("en") else self.definition_fr

    def categories(self) -> list[str]:
        return [code for name in self.breakdowns for code in breakdown_codes(name)]

    def partitions(self) -> list[str]:
        """Breakdowns whose categories add up to ALL."""
        return [name for name in self.breakdowns if name not in self.overlapping]

    def of(self, facts: DayFacts, counted: Counts) -> Values:
        """From the facts, or from what was counted of them."""
        if self.over is not None:
            return {ALL: self.over.of(counted)}
        assert self.count is not None  # noqa: S101 - a chapter declares one or the other
        return self.count(facts)


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

    def derived(self, code: str, over: Derived, **declared) -> None:
        """A number made of others, which this or a former chapter counts. It does not add up."""
        self.indicators.append(Indicator(code=code, over=over, additive=False, **declared))

    def counter(self, code: str) -> Callable[[Counting], Counting]:
        """A count that others are made of, with no words of its own."""
        return self.number(
            code, label_fr=code, label_en=code, definition_fr="", definition_en="", internal=True
        )


def breakdown_codes(name: str) -> list[str]:
    """Every code that a breakdown may have, past and future ones of dated lists included."""
    if name in FIXED_LISTS:
        return list(FIXED_LISTS[name])
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


def binned(durations: Iterable[float], *, bin_s: int, most: int) -> Values:
    """Durations in seconds, each in its bin; those beyond the last one in it."""
    return tally(durations, lambda seconds: str(min(max(int(seconds // bin_s), 0), most)))
