"""Exact daily counts as they are read: by screens, reports, files and the draw."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from sites.indicators.models import CountedDay, DailyCount
from sites.indicators.registry import additive
from sites.indicators.terms import ALL, Value
from sites.places.models import DirtyMark, Site
from sites.places.queries import last_closed_day, opening_calendar, today
from sites.records.models import Record
from sites.records.terms import Status

ONE_DAY = timedelta(days=1)


def first_day(site: Site) -> date | None:
    """The first service day worth counting: of the first fact, but not before the site opened."""
    facts = Record.objects.at(site).filter(status=Status.CREATED).order_by("service_date")
    first = facts.values_list("service_date", flat=True).first()
    if first is None or site.opened_on is None:
        return first
    return max(first, site.opened_on)


def days_to_count(site: Site) -> list[date]:
    """Days with a mark, and closed days that were never counted; the newest first."""
    marked = DirtyMark.objects.at(site).order_by().values_list("service_date", flat=True).distinct()
    return sorted({*marked, *_uncounted(site)}, reverse=True)


def _uncounted(site: Site) -> list[date]:
    """Closed days nobody wrote about. Most often none is missing, and counting them is enough to know."""
    first, last = first_day(site), last_closed_day(site)
    if first is None or first > last:
        return []
    counted = CountedDay.objects.at(site).filter(service_date__range=(first, last))
    wanted = (last - first).days + 1
    if counted.count() == wanted:
        return []
    known = set(counted.values_list("service_date", flat=True))
    return [day for n in range(wanted) if (day := first + n * ONE_DAY) not in known]


def counts_of(site: Site, day: date) -> dict[tuple[str, str], Value]:
    """(code, category) → value of one counted day, internal numbers included."""
    return counts_of_days(site, [day])[day]


def counts_of_days(site: Site, days: Collection[date]) -> dict[date, dict[tuple[str, str], Value]]:
    """The same for each of these days."""
    rows = DailyCount.objects.at(site).filter(service_date__in=days)
    counts: dict[date, dict[tuple[str, str], Value]] = {day: {} for day in days}
    for day, code, category, value in rows.values_list("service_date", "indicator", "category", "value"):
        counts[day][code, category] = value
    return counts


def series(site: Site, codes: Iterable[str], first: date, last: date) -> dict[str, dict[date, Value]]:
    """code → day → ALL, for the days that were counted, first and last included."""
    found: dict[str, dict[date, Value]] = {code: {} for code in codes}
    rows = DailyCount.objects.at(site).filter(
        indicator__in=found, category=ALL, service_date__range=(first, last)
    )
    for code, day, value in rows.values_list("indicator", "service_date", "value"):
        found[code][day] = value
    return found


def plain(value: Value) -> int | float | None:
    """As JSON and files write it: whole numbers without a point."""
    if value is None:
        return None
    value = Decimal(value)
    return int(value) if value == value.to_integral_value() else float(value)


def counted_period(sites: Iterable[Site]) -> tuple[date, date] | None:
    """From the first fact of any of these sites to the service day that is running."""
    firsts = [(first_day(site), today(site)) for site in sites]
    known = [(first, last) for first, last in firsts if first is not None]
    if not known:
        return None
    return min(first for first, _last in known), max(last for _first, last in known)


def daily_rows(site: Site, first: date, last: date) -> Iterator[tuple[date, str, str, Value]]:
    """(day, indicator, category, value) of additive numbers, by day, then in the registry's order.

    ALL of every indicator for every day, those that nobody wrote about included; other categories
    when not zero.
    """
    codes = [indicator.code for indicator in additive()]
    order = {code: n for n, code in enumerate(codes)}
    calendar = opening_calendar(site, first, last)
    rows = DailyCount.objects.at(site).filter(service_date__range=(first, last), indicator__in=codes)
    days: dict[date, list[tuple[str, str, Value]]] = {}
    for day, code, category, value in rows.values_list("service_date", "indicator", "category", "value"):
        days.setdefault(day, []).append((code, category, value))
    for day, openings in calendar.items():
        counted = days.get(day) or _nothing(codes, openings)
        for code, category, value in sorted(counted, key=lambda r: (order[r[0]], r[1] != ALL, r[1])):
            yield day, code, category, value


def _nothing(codes: list[str], openings: list) -> list[tuple[str, str, Value]]:
    minutes = sum(int((end - start).total_seconds() // 60) for start, end in openings)
    return [(code, ALL, minutes if code == "open_minutes" else 0) for code in codes]
