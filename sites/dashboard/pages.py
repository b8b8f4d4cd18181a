"""What a manager reads in a minute: today so far, then longer periods, each beside the one before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, reduce
from operator import or_

from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from harmreduction.pg.at_once import read
from sites.clockwork.services import now
from sites.context.queries import happened, what_happened
from sites.dashboard.behind import LISTS
from sites.indicators.periods import Period, same_before, so_far
from sites.indicators.queries import Reading, by_code, counted_daily, reading, what_sums_up
from sites.indicators.registry import REGISTRY
from sites.indicators.terms import MONTH_CLIENTS, UNIQUE_CLIENTS, Value
from sites.places.models import Site
from sites.places.queries import day_bounds, last_closed_day, today
from sites.reports import charts
from sites.reports.drawing import SPARK_LEFT, SPARK_RIGHT, day_place
from sites.reports.flags import Flag, flags, lettered
from sites.reports.usual import Usual, percentile, usual_range
from sites.reports.words import unit_words
from sites.signals.queries import suspected
from sites.visits.models import Visit

PERIODS = ("today", "yesterday", "week", "month", "year")
CODES = (
    "visits",
    "overdose_events",
    "reversals",
    "naloxone_per_overdose",
    "pct_oxygen_only",
    "median_wait_min",
    "booth_occupancy",
    "pct_left_no_consume",
    UNIQUE_CLIENTS,
    "pct_with_endpoint",
)
A_WEEK, CHART_DAYS, LOOK_BACK = timedelta(days=7), 28, timedelta(days=56)
SAME_WEEKDAYS = 8
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Shown:
    """One number of the page, with the same of the period before or with what is usual by this hour."""

    code: str
    label: str
    unit: str
    value: Value
    before: Value
    usual: Usual | None
    why_none: str
    listed: bool


class Dashboard:
    """The numbers of one period of a site, read in a handful of queries."""

    def __init__(self, site: Site, period: str):
        self.site, self.name = site, period
        self.first, self.last, self.before = periods_of(site, period)

    @property
    def is_today(self) -> bool:
        return self.name == "today"

    @cached_property
    def _read(self) -> list[list]:
        """All that it is made of, in one statement: this period, the one before, what is usual, the chart."""
        return read(
            *what_sums_up(self.site, (self.first, self.last), self.codes),
            *what_sums_up(self.site, self.before, self.codes),
            *Chart.made_of(self.site, self.last),
            *(what_was_by_now(self.site) if self.is_today else ()),
        )

    @property
    def codes(self) -> list[str]:
        return [MONTH_CLIENTS if c == UNIQUE_CLIENTS and self.name == "month" else c for c in CODES]

    def numbers(self) -> list[Shown]:
        codes, told = self.codes, self._read
        now = reading((self.first, self.last), codes, *told[0:3])
        before = reading(self.before, codes, *told[3:6])
        usual = usual_by_now(self.site, *told[9:]) if self.is_today else {}
        return [self._number(code, now, before, usual) for code in codes]

    def _number(
        self, code: str, reading: Reading, before: Reading, usual: Mapping[str, Usual | None]
    ) -> Shown:
        people = code in (UNIQUE_CLIENTS, MONTH_CLIENTS)
        summed = people and self.name in ("week", "year")
        indicator = REGISTRY[code]
        return Shown(
            code=code,
            label=indicator.label(get_language() or "fr"),
            unit=unit_words(indicator.unit),
            value=None if summed else reading.value(code),
            before=None if summed or self.is_today else before.value(code),
            usual=usual.get(code),
            why_none=_("Des personnes ne s’additionnent pas d’un jour à l’autre.") if summed else "",
            listed=code in LISTS,
        )

    def chart(self) -> "Chart":
        return Chart(self.last, *self._read[6:9])


def periods_of(site: Site, period: str) -> tuple[date, date, Period]:
    """First and last day, and the days it is compared with. Weeks, months and years end with the last
    closed day, so that a day that still runs is never set against a whole one.
    """
    if period == "today":
        day = today(site)
        return day, day, (day - A_WEEK, day - A_WEEK)
    closed = last_closed_day(site)
    if period == "yesterday":
        return closed, closed, (closed - A_WEEK, closed - A_WEEK)
    first, last = so_far(period, closed)
    return first, last, same_before(period, (first, last))


def same_weekdays(site: Site) -> list[date]:
    return [today(site) - n * A_WEEK for n in range(1, SAME_WEEKDAYS + 1)]


def what_was_by_now(site: Site) -> list[QuerySet]:
    """How many were seated, how many overdoses began, by this hour of each of those days: [(day, count)]."""
    days = same_weekdays(site)
    gone = now() - day_bounds(site, today(site))[0]
    used = Visit.objects.at(site).filter(seated_at__isnull=False)
    inside = suspected(site, days[-1], days[0]).filter(outside=False)
    return [
        rows.filter(_until("seated_at" if rows is used else "opened_at", site, days, gone))
        .order_by()
        .values("service_date")
        .annotate(n=Count("pk"))
        .values_list("service_date", "n")
        for rows in (used, inside)
    ]


def _until(field: str, site: Site, days: list[date], gone: timedelta) -> Q:
    """Within so much of each day."""
    each = [Q(service_date=day, **{f"{field}__lte": day_bounds(site, day)[0] + gone}) for day in days]
    return reduce(or_, each)


def usual_by_now(
    site: Site, seated: list[tuple[date, int]], began: list[tuple[date, int]]
) -> dict[str, Usual | None]:
    """What is usual by this hour on this weekday, of what is counted by when it happened."""
    none = dict.fromkeys(same_weekdays(site), 0)
    return {"visits": _usual(none | dict(seated)), "overdose_events": _usual(none | dict(began))}


def _usual(counts: dict[date, int]) -> Usual | None:
    known = [float(n) for n in counts.values()]
    if not any(known):
        return None
    return Usual(percentile(known, 0.1), percentile(known, 0.9), of_weekday=True)


def days_until(last: date) -> list[date]:
    return [last - n * ONE_DAY for n in reversed(range(CHART_DAYS))]


class Chart:
    """Visits and suspected overdoses of 28 days, with what is usual, drawn on the server."""

    CODES = ("visits", "overdose_events", "open_minutes", "arrivals")

    def __init__(self, last: date, counted: list, noted: list, closed: list):
        self.days = days_until(last)
        self.series = by_code(self.CODES, counted)
        self.marks = lettered(happened(noted, closed))
        minutes, arrivals = self.series["open_minutes"], self.series["arrivals"]
        self.closed = {d for d in arrivals if not minutes.get(d) and not arrivals[d]}
        usual = {day: self._usual("visits", day) for day in self.days}
        self.visits = charts.day_chart(self.days, self.series["visits"], usual, self.closed)
        self.overdoses = charts.spark(
            self.days,
            self.series["overdose_events"],
            self._usual("overdose_events", last),
            self.closed,
            bars=True,
        )

    @classmethod
    def made_of(cls, site: Site, last: date) -> list[QuerySet]:
        first = days_until(last)[0]
        counted = counted_daily(site, cls.CODES, first - LOOK_BACK, last)
        return [counted, *what_happened(site, first, last)]

    @property
    def flags(self) -> list[Flag]:
        return flags(self.marks, day_place(self.days))

    @property
    def small_flags(self) -> list[Flag]:
        return flags(self.marks, day_place(self.days, SPARK_LEFT, SPARK_RIGHT))

    def _usual(self, code: str, day: date) -> Usual | None:
        return usual_range(self.series[code], day, self.closed, by_weekday=code == "visits")

    @property
    def rows(self) -> list[dict]:
        """Day by day, the newest first; a closed day says so."""
        return [
            {
                "day": day,
                "closed": day in self.closed,
                "visits": self.series["visits"].get(day),
                "overdoses": self.series["overdose_events"].get(day),
            }
            for day in reversed(self.days)
        ]
