"""Days whose numbers break a rule of plausibility: unlikely, not wrong; for a person to look at."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sites.indicators.declaring import AtMost, Between, Indicator
from sites.indicators.models import DailyCount
from sites.indicators.registry import REGISTRY
from sites.indicators.terms import ALL
from sites.places.models import Site


@dataclass(frozen=True)
class Oddity:
    """A day's number outside what it may be, both ends included."""

    day: date
    code: str
    low: Decimal | int
    high: Decimal | int
    value: Decimal


def oddities(site: Site, days: Collection[date]) -> Iterator[Oddity]:
    ruled = [indicator for indicator in REGISTRY.values() if indicator.plausible]
    codes = {i.code for i in ruled} | {r.code for i in ruled for r in i.plausible if isinstance(r, AtMost)}
    rows = DailyCount.objects.at(site).filter(
        service_date__in=days, indicator__in=codes, category=ALL, value__isnull=False
    )
    values: dict[date, dict[str, Decimal]] = {}
    for day, code, value in rows.values_list("service_date", "indicator", "value"):
        values.setdefault(day, {})[code] = value
    for day in sorted(values):
        for indicator in ruled:
            yield from _odd(indicator, day, values[day])


def _odd(indicator: Indicator, day: date, values: dict[str, Decimal]) -> Iterator[Oddity]:
    value = values.get(indicator.code)
    for rule in indicator.plausible if value is not None else ():
        low, high = _ends(rule, values, value)
        if not low <= value <= high:
            yield Oddity(day, indicator.code, low, high, value)


def _ends(rule: AtMost | Between, values: dict[str, Decimal], value: Decimal):
    if isinstance(rule, Between):
        return rule.low, rule.high
    return 0, rule.times * values.get(rule.code, value)
