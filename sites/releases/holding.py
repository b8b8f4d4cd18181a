"""How much a cell holds when it is sealed. The only part of sealing that reads exact counts."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db.models import Count, Sum

from sites.clients.models import MonthToken
from sites.indicators.models import DailyCount
from sites.places.models import Site
from sites.releases.due import Cell
from sites.releases.models import SealedCount
from sites.releases.released import BY_CODE, UNIQUE_CLIENTS
from sites.releases.terms import ALL, LATE

Values = dict[tuple[int, str, str, date], int]


def on_time(cells: list[Cell]) -> list[int]:
    """What the exact counts of each cell add up to now."""
    if not cells:
        return []
    span = (min(cell.first for cell in cells), max(cell.last for cell in cells))
    series = {BY_CODE[cell.indicator].series for cell in cells}
    rows = DailyCount.objects.filter(indicator__in=series, service_date__range=span)
    columns = ("site", "indicator", "category", "service_date", "value")
    values: Values = {tuple(key): int(value or 0) for *key, value in rows.values_list(*columns)}  # type: ignore[misc]
    people = _people(cells)
    return [
        people.get((cell.site.pk, cell.first), 0)
        if cell.indicator == UNIQUE_CLIENTS.code
        else _held(values, cell)
        for cell in cells
    ]


def _held(values: Values, cell: Cell) -> int:
    """The last part is what no other one holds: the parts of a cell always add up to the whole."""
    series, parts = BY_CODE[cell.indicator].series, cell.held.line.parts
    days = between(cell.first, cell.last)
    if cell.position < len(parts) - 1:
        named = parts[cell.position]["of"]
        return sum(values.get((cell.site.pk, series, code, day), 0) for day in days for code in named)
    others = [code for part in parts[:-1] for code in part["of"]]
    return sum(
        values.get((cell.site.pk, series, ALL, day), 0)
        - sum(values.get((cell.site.pk, series, code, day), 0) for code in others)
        for day in days
    )


def _people(cells: Iterable[Cell]) -> dict[tuple[int, date], int]:
    """(site, month) → different people, by the tokens of the month. No token is read."""
    months = {cell.first for cell in cells if cell.indicator == UNIQUE_CLIENTS.code}
    if not months:
        return {}
    rows = MonthToken.objects.filter(month__in=months).order_by().values_list("site", "month")
    return {(site, month): people for site, month, people in rows.annotate(people=Count("pk"))}


def between(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def late(cells: Iterable[Cell]) -> list[int]:
    return [_late(cell) for cell in cells]


def _late(cell: Cell) -> int:
    """What came after sealing, of this year and before, and is in no late part yet; never below zero.

    A net negative stays in the difference and is carried to the next year by itself. People whose handle
    comes after the key of their month has died cannot be counted.
    """
    indicator = cell.indicator.removesuffix(LATE)
    kept = SealedCount.objects.at(cell.site)
    sealed = list(kept.filter(indicator=indicator, period_start__lte=cell.last))
    if not sealed or indicator == UNIQUE_CLIENTS.code:
        return 0
    told = kept.filter(indicator=cell.indicator).aggregate(n=Sum("value"))["n"] or 0
    return max(0, _current(cell.site, indicator, sealed) - sum(row.value for row in sealed) - told)


def _current(site: Site, indicator: str, sealed: list[SealedCount]) -> int:
    """What the days of the sealed cells count now, in all."""
    span = (min(row.period_start for row in sealed), max(row.period_end for row in sealed))
    days = DailyCount.objects.at(site).filter(
        indicator=BY_CODE[indicator].series, category=ALL, service_date__range=span
    )
    values = dict(days.values_list("service_date", "value"))
    periods = {(row.period_start, row.period_end) for row in sealed}
    return sum(int(values.get(day) or 0) for first, last in periods for day in between(first, last))
