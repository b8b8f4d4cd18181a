"""Exact daily counts as they are read: by screens, reports, files and the draw."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from harmreduction.pg.at_once import read
from sites.indicators.declaring import Indicator
from sites.indicators.models import CountedDay, CountedSpan, DailyCount, FrozenCounts
from sites.indicators.periods import ONE_DAY, Period, same_before, so_far
from sites.indicators.registry import REGISTRY, Counted, additive
from sites.indicators.terms import ALL, MONTH_CLIENTS, Value
from sites.places.models import DirtyMark, Site
from sites.places.queries import last_closed_day, opening_calendar, today
from sites.records.models import Record
from sites.records.terms import Status

RATE_DAYS = (1, 7, 28)
DAYS_AT_ONCE = 31  # read into memory


def first_day(site: Site) -> date | None:
    """The first service day worth counting: of the first fact, but not before the site opened.

    Days whose facts were destroyed were counted while they had them.
    """
    frozen = FrozenCounts.objects.at(site).first()
    if frozen is not None:
        return frozen.first
    facts = Record.objects.at(site).filter(status=Status.CREATED).order_by("service_date")
    return _after_opening(site, facts.values_list("service_date", flat=True).first())


@dataclass(frozen=True)
class ToCount:
    """What of a site is to be counted: days with a mark, and days not counted since they closed, the newest
    first. `span`: its closed days, all counted once these are; None when it has none or knows that already.
    """

    site: Site
    days: list[date]
    span: tuple[date, date] | None


def days_to_count(site: Site) -> list[date]:
    return to_count([site])[0].days


def to_count(sites: Collection[Site]) -> list[ToCount]:
    """Of each of these sites; one statement."""
    pks = [site.pk for site in sites]
    facts = Record.objects.filter(site=OuterRef("pk"), status=Status.CREATED).order_by("service_date")
    told = Subquery(facts.values("service_date")[:1])
    frozen, firsts, marks, spans = read(
        FrozenCounts.objects.filter(site__in=pks).values_list("site", "first"),
        Site.objects.filter(pk__in=pks).order_by().values_list("pk", told),
        DirtyMark.objects.filter(site__in=pks).order_by().values_list("site", "service_date").distinct(),
        CountedSpan.objects.filter(site__in=pks),
    )
    first_told, first_kept, counted = dict(firsts), dict(frozen), {span.site_id: span for span in spans}
    marked: dict[int, set[date]] = {pk: set() for pk in pks}
    for pk, day in marks:
        marked[pk].add(day)
    return [
        _to_count(
            site,
            marked[site.pk],
            first_kept.get(site.pk) or _after_opening(site, first_told[site.pk]),
            counted.get(site.pk),
        )
        for site in sites
    ]


def _to_count(site: Site, marked: set[date], first: date | None, counted: CountedSpan | None) -> ToCount:
    last = last_closed_day(site)
    if first is None or first > last:
        return ToCount(site, sorted(marked, reverse=True), None)
    if counted is None:
        missing = _days(first, last)
    else:
        missing = [*_days(first, counted.first - ONE_DAY), *_days(counted.last + ONE_DAY, last)]
    known = counted is not None and counted.first <= first and counted.last >= last
    return ToCount(site, sorted({*marked, *missing}, reverse=True), None if known else (first, last))


def _after_opening(site: Site, first: date | None) -> date | None:
    return first if first is None or site.opened_on is None else max(first, site.opened_on)


def frozen_through(site: Site) -> date | None:
    """The last day whose counts stay as they are, because facts of it were destroyed; most often None."""
    return FrozenCounts.objects.at(site).values_list("last", flat=True).first()


def _days(first: date, last: date) -> list[date]:
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]


def counts_of(site: Site, day: date) -> dict[tuple[str, str], Value]:
    """(code, category) → value of one counted day, internal numbers included."""
    return counts_of_days(site, [day])[day]


def counts_of_days(site: Site, days: Collection[date]) -> dict[date, dict[tuple[str, str], Value]]:
    """The same for each of these days."""
    return by_day(days, counted_on(site, days))


def counted_on(site: Site, days: Collection[date]) -> QuerySet:
    """What `counts_of_days` are made of: [(day, code, category, value)]."""
    rows = DailyCount.objects.at(site).filter(service_date__in=days)
    return rows.values_list("service_date", "indicator", "category", "value")


def by_day(
    days: Iterable[date], rows: Iterable[tuple[date, str, str, Value]]
) -> dict[date, dict[tuple[str, str], Value]]:
    """`counts_of_days` from what was read."""
    counts: dict[date, dict[tuple[str, str], Value]] = {day: {} for day in days}
    for day, code, category, value in rows:
        counts[day][code, category] = value
    return counts


def series(site: Site, codes: Iterable[str], first: date, last: date) -> dict[str, dict[date, Value]]:
    """code → day → ALL, for the days that were counted, first and last included."""
    codes = list(codes)
    return by_code(codes, counted_daily(site, codes, first, last))


def counted_daily(site: Site, codes: Collection[str], first: date, last: date) -> QuerySet:
    """What a `series` is made of: [(code, day, value)]."""
    rows = DailyCount.objects.at(site).filter(
        indicator__in=codes, category=ALL, service_date__range=(first, last)
    )
    return rows.values_list("indicator", "service_date", "value")


def by_code(codes: Iterable[str], rows: Iterable[tuple[str, date, Value]]) -> dict[str, dict[date, Value]]:
    """`series` from what was read."""
    found: dict[str, dict[date, Value]] = {code: {} for code in codes}
    for code, day, value in rows:
        found[code][day] = value
    return found


@dataclass(frozen=True)
class Reading:
    """Exact counts of a period of service days, both ends included; `days` of it were counted."""

    first: date
    last: date
    days: int
    counts: Counted

    def value(self, code: str, category: str = ALL) -> Value:
        """Nought for what was counted and did not happen; None for what cannot be told."""
        absent = 0 if self.days and REGISTRY[code].over is None else None
        return self.counts.get((code, category), absent)


def read_period(site: Site, first: date, last: date, codes: Collection[str] | None = None) -> Reading:
    """Sums of what adds up, and what is made of the sums, never a mean of the days.

    `codes`: those wanted, with whatever they are made of; all of them when not given.
    """
    return reading((first, last), codes, *read(*what_sums_up(site, (first, last), codes)))


def what_sums_up(
    site: Site, period: Period, codes: Collection[str] | None
) -> tuple[QuerySet, QuerySet, QuerySet]:
    """What a `reading` is made of: sums, how many days were counted, people of the month so far."""
    wanted = _wanted(codes)
    summed = {i.code for i in wanted if _adds_up(i)} | {s for i in wanted if i.over for s in i.over.sources}
    rows = DailyCount.objects.at(site).filter(service_date__range=period, indicator__in=summed)
    days = CountedDay.objects.at(site).filter(service_date__range=period).order_by()
    return (
        rows.order_by().values_list("indicator", "category").annotate(total=Sum("value")),
        days.values("site").annotate(n=Count("pk")).values_list("n", flat=True),
        _month_to_date(site, *period),
    )


def reading(
    period: Period,
    codes: Collection[str] | None,
    sums: list[tuple[str, str, Value]],
    days: list[int],
    people: list[Value],
) -> Reading:
    """`read_period` from what was read."""
    counts: Counted = {(code, category): total for code, category, total in sums}
    for indicator in _wanted(codes):
        if indicator.over is not None:
            counts[indicator.code, ALL] = indicator.over.of(counts)
        elif indicator.code == MONTH_CLIENTS:
            counts[indicator.code, ALL] = next(iter(people), None)
    return Reading(*period, sum(days), counts)


def _wanted(codes: Collection[str] | None) -> list[Indicator]:
    return [REGISTRY[code] for code in codes] if codes is not None else list(REGISTRY.values())


def against_before(
    site: Site, grain: str, day: date, codes: Collection[str] | None = None
) -> tuple[Reading, Reading]:
    """The period that holds a day, up to it, and as many days of the period before."""
    period = so_far(grain, day)
    before = same_before(grain, period)
    return read_period(site, *period, codes), read_period(site, *before, codes)


def rate_lately(site: Site, code: str, day: date) -> tuple[Value, int]:
    """A rate over the fewest of 1, 7 and 28 days that tell it, ending that day: (value, days)."""
    for days in RATE_DAYS:
        value = read_period(site, day - (days - 1) * ONE_DAY, day, [code]).value(code)
        if value is not None:
            return value, days
    return None, RATE_DAYS[-1]


def _adds_up(indicator: Indicator) -> bool:
    return indicator.additive and indicator.over is None


def _month_to_date(site: Site, first: date, last: date) -> QuerySet:
    """Of a period that begins a month and stays in it; people cannot be added up."""
    rows = DailyCount.objects.at(site).filter(
        service_date__range=(first, last), indicator=MONTH_CLIENTS, category=ALL
    )
    rows = rows.order_by("-service_date").values_list("value", flat=True)[:1]
    return rows if first.day == 1 and (first.year, first.month) == (last.year, last.month) else rows.none()


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
    order = {indicator.code: n for n, indicator in enumerate(additive())}
    calendar = opening_calendar(site, first, last)
    every = list(calendar)
    for n in range(0, len(every), DAYS_AT_ONCE):
        days = every[n : n + DAYS_AT_ONCE]
        rows = DailyCount.objects.at(site).filter(service_date__in=days, indicator__in=order)
        counted: dict[date, list[tuple[str, str, Value]]] = {}
        for day, code, category, value in rows.values_list("service_date", "indicator", "category", "value"):
            counted.setdefault(day, []).append((code, category, value))
        for day in days:
            of_day = counted.get(day) or _nothing(list(order), calendar[day])
            for code, category, value in sorted(of_day, key=lambda r: (order[r[0]], r[1] != ALL, r[1])):
                yield day, code, category, value


def _nothing(codes: list[str], openings: list) -> list[tuple[str, str, Value]]:
    minutes = sum(int((end - start).total_seconds() // 60) for start, end in openings)
    return [(code, ALL, minutes if code == "open_minutes" else 0) for code in codes]
