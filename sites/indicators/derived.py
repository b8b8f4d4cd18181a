"""Numbers made of other counts: the same formula for a day, a week, a month or a year.

That is why durations are counted in bins: the median of a month is that of its bins, never of its medians.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from sites.indicators.terms import ALL, Value

Counts = Mapping[tuple[str, str], Value]


class Derived(Protocol):
    def of(self, counts: Counts) -> Value:
        """The number, from the counts of the same period; None where it cannot be told."""

    @property
    def sources(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Ratio:
    """`per` × part ÷ whole, to `digits` decimals; nothing under the fewest of either (domain.md §7b)."""

    part: str
    whole: str
    per: int = 100
    fewest: int = 0
    fewest_whole: int = 1
    digits: int = 1

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.part, self.whole)

    def of(self, counts: Counts) -> Value:
        part, whole = counts.get((self.part, ALL)) or 0, counts.get((self.whole, ALL)) or 0
        if part < self.fewest or whole < max(self.fewest_whole, 1):
            return None
        return round(Decimal(self.per * part) / Decimal(whole), self.digits)


@dataclass(frozen=True)
class Quantile:
    """A quantile of durations counted in bins of `width`; nothing under the fewest durations.

    The median lies midway between the two middle bins of an even number; another quantile is the
    first bin that holds that share.
    """

    bins: str
    q: float = 0.5
    width: int = 1
    fewest: int = 1

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.bins,)

    def of(self, counts: Counts) -> Value:
        bins = sorted(
            (int(category), int(n))
            for (code, category), n in counts.items()
            if n and code == self.bins and category != ALL
        )
        n = sum(count for _bin, count in bins)
        if n < max(self.fewest, 1):
            return None
        if self.q == 0.5:
            return Decimal(_nth(bins, (n - 1) // 2) + _nth(bins, n // 2)) / 2 * self.width
        return Decimal(_nth(bins, max(-(-n * round(1000 * self.q) // 1000) - 1, 0)) * self.width)


def _nth(bins: list[tuple[int, int]], n: int) -> int:
    """The bin of the nth duration, from 0, when they stand in order."""
    for place, count in bins:
        if n < count:
            return place
        n -= count
    raise IndexError(n)
