"""What a manager reads in a minute: today so far, then longer periods, each beside the one before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sites.clockwork.services import now
from sites.dashboard.behind import LISTS
from sites.indicators.periods import Period, same_before, so_far
from sites.indicators.queries import Reading, read_period, series
from sites.indicators.registry import REGISTRY
from sites.indicators.terms import MONTH_CLIENTS, UNIQUE_CLIENTS, Value
from sites.places.models import Site
from sites.places.queries import day_bounds, last_closed_day, today
from sites.reports import charts
from sites.reports.drawing import SPARK_LEFT, SPARK_RIGHT, day_place
from sites.reports.flags import Flag, Marked, flags, marked
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

    def numbers(self) -> list[Shown]:
        codes = [MONTH_CLIENTS if c == UNIQUE_CLIENTS and self.name == "month" else c for c in CODES]
        reading = read_period(self.site, self.first, self.last, codes)
        before = read_period(self.site, *self.before, codes)
        usual = usual_by_now(self.site) if self.is_today else {}
        return [self._number(code, reading, before, usual) for code in codes]

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
        return Chart(self.site, self.last)


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


def usual_by_now(site: Site) -> dict[str, Usual | None]:
    """What is usual by this hour on this weekday, of what is counted by when it happened."""
    day = today(site)
    gone = now() - day_bounds(site, day)[0]
    days = [day - n * A_WEEK for n in range(1, SAME_WEEKDAYS + 1)]
    until = {one: day_bounds(site, one)[0] + gone for one in days}
    visits, events = dict.fromkeys(days, 0), dict.fromkeys(days, 0)
    used = Visit.objects.at(site).filter(service_date__in=days, seated_at__isnull=False)
    for one, at in used.values_list("service_date", "seated_at"):
        visits[one] += at <= until[one]
    inside = suspected(site, days[-1], days[0]).filter(service_date__in=days, outside=False)
    for one, at in inside.values_list("service_date", "opened_at"):
        events[one] += at <= until[one]
    return {"visits": _usual(visits), "overdose_events": _usual(events)}


def _usual(counts: dict[date, int]) -> Usual | None:
    known = [float(n) for n in counts.values()]
    if not any(known):
        return None
    return Usual(percentile(known, 0.1), percentile(known, 0.9), of_weekday=True)


class Chart:
    """Visits and suspected overdoses of 28 days, with what is usual, drawn on the server."""

    CODES = ("visits", "overdose_events", "open_minutes", "arrivals")

    def __init__(self, site: Site, last: date):
        self.site = site
        self.days = [last - n * ONE_DAY for n in reversed(range(CHART_DAYS))]
        self.series = series(site, self.CODES, self.days[0] - LOOK_BACK, last)
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

    @cached_property
    def marks(self) -> list[Marked]:
        return marked(self.site, self.days[0], self.days[-1])

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
