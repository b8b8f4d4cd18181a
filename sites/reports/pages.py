"""What the page of one report shows, gathered in a few statements whatever the history."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.utils.translation import get_language

from harmreduction.pg.at_once import read
from sites.context.queries import happened, what_happened
from sites.indicators.queries import RATE_DAYS, by_day, counted_on, series
from sites.indicators.registry import REGISTRY, shown
from sites.indicators.terms import ALL, HOUR_BANDS, ROUTE_GROUPS, Value
from sites.naloxone.overview import looks_at_end_of
from sites.naloxone.queries import lots_until, told_rules
from sites.people.models import Staff
from sites.places.models import Site
from sites.places.queries import drawn_calendars, local, posted
from sites.reports import charts
from sites.reports.categories import category_names
from sites.reports.changed import came_in_words, changed_in_words
from sites.reports.drawing import SPARK_LEFT, SPARK_RIGHT, day_place
from sites.reports.flags import Flag, flags, lettered
from sites.reports.models import DailyReport
from sites.reports.queries import neighbours, versions_of
from sites.reports.todo import ToDo, todo_now, todo_then
from sites.reports.usual import LOOK_BACK, Usual, usual_range
from sites.reports.words import band_name, finding, sentence

SHOWN_DAYS, TABLE_DAYS = 28, 7
BIG = (
    "visits",
    "overdose_events",
    "od_oxygen_only",
    "naloxone_doses_staff",
    "median_wait_min",
    "left_no_consume",
)
SMALL = (
    ("overdose_events", True),
    ("naloxone_doses_staff", True),
    ("median_wait_min", False),
    ("left_no_consume", False),
)
BY_WEEKDAY = {"visits"}
LATELY = {"od_rate_1000"}
ROUTE_CSS = {"injection": "a", "inhalation": "dotted", "other": "c2"}
ONE_DAY = timedelta(days=1)


@dataclass
class Number:
    code: str
    label: str
    definition: str
    unit: str
    value: Value
    usual: Usual | None
    gauge: charts.Gauge | None = None
    parts: list[tuple[str, Value]] | None = None
    # The days it is told over: more than one for a rate that a day alone cannot tell.
    days: int = 1


class ReportPage:
    """One version of one day's report, with what it is compared with."""

    def __init__(self, site: Site, report: DailyReport, reader: Staff):
        self.site, self.report, self.day = site, report, report.service_date
        self.reader = reader
        self.values = {(row["code"], row["category"]): row["value"] for row in report.indicators}
        told = read(
            versions_of(site, self.day),
            *neighbours(site, self.day),
            *posted([site], self.day, self.day),
            *what_happened(site, self.days[0], self.day),
            lots_until(site, self.day),
            told_rules(site),
            counted_on(site, [self.day]),
        )
        self.versions, before, after = told[:3]
        self.is_newest = report.version == self.versions[-1]
        self.before_day, self.after_day = next(iter(before), None), next(iter(after), None)
        calendar = drawn_calendars([site], self.day, self.day, *told[3:5])[site.pk][self.day]
        self.openings = [(local(site, opens), local(site, closes)) for opens, closes in calendar]
        self.closed_because = told[4][0].reason if told[4] else ""
        # What happened around, with the letters that stand for it on the charts.
        self.marks = lettered(happened(*told[5:7]))
        # What was low or about to expire when the day ended, with what is known of it now.
        self.stock = looks_at_end_of(site, self.day, *told[7:9])
        self._counts = by_day([self.day], told[9])[self.day]

    @property
    def is_closed_day(self) -> bool:
        """Nothing was planned and nothing happened: there is no number to show."""
        return not self.openings and not any(
            v for (_code, category), v in self.values.items() if category == ALL
        )

    @cached_property
    def days(self) -> list[date]:
        return [self.day - n * ONE_DAY for n in reversed(range(SHOWN_DAYS))]

    @cached_property
    def series(self) -> dict[str, dict[date, Value]]:
        """Every number by day, as far back as what is usual for the first day shown; this day as reported."""
        codes = [indicator.code for indicator in shown()]
        found = series(self.site, codes, self.days[0] - LOOK_BACK, self.day)
        for code in codes:
            found[code][self.day] = self.values.get((code, ALL))
        return found

    @cached_property
    def closed_days(self) -> set[date]:
        """Days with no opening planned and nobody in: gaps, never zeros."""
        minutes, arrivals = self.series["open_minutes"], self.series["arrivals"]
        return {d for d in arrivals if not minutes.get(d) and not arrivals[d]}

    def usual(self, code: str, day: date | None = None) -> Usual | None:
        return usual_range(
            self.series[code], day or self.day, self.closed_days, by_weekday=code in BY_WEEKDAY
        )

    @property
    def sentence(self) -> str:
        return sentence(self.day, self.values, self.usual("visits"))

    @property
    def finding(self) -> str:
        return finding(self.day, self.values.get(("visits", ALL)), self.usual("visits"))

    # --- Numbers ------------------------------------------------------------------------

    @cached_property
    def numbers(self) -> dict[str, Number]:
        return {indicator.code: self._number(indicator.code) for indicator in shown()}

    def _number(self, code: str) -> Number:
        indicator, language = REGISTRY[code], get_language() or "fr"
        value, usual, days = self.values.get((code, ALL)), self.usual(code), 1
        if value is None and code in LATELY:
            value, days = self._lately(code)
        return Number(
            code=code,
            label=indicator.label(language),
            definition=indicator.definition(language),
            unit="" if indicator.unit == "count" else indicator.unit,
            value=value,
            usual=usual,
            gauge=charts.gauge(value, usual),
            days=days,
            parts=[
                (name, self.values[code, category])
                for category, name in category_names(code).items()
                if (code, category) in self.values
            ],
        )

    def _lately(self, code: str) -> tuple[Value, int]:
        """A rate over the fewest days, ending with this one, that tell it."""
        over = REGISTRY[code].over
        for days in RATE_DAYS:
            last = self.days[-days:]
            sums = {
                (source, ALL): sum(self.series[source].get(day) or 0 for day in last)
                for source in (over.sources if over else ())
            }
            value = over.of(sums) if over else None
            if value is not None:
                return value, days
        return None, 1

    @property
    def big_numbers(self) -> list[Number]:
        return [self.numbers[code] for code in BIG]

    @property
    def oxygen_28_days(self) -> tuple[int, int]:
        """(with oxygen and no naloxone, overdoses inside) over the days shown."""
        return self._total("od_oxygen_only"), self._total("overdose_events")

    def _total(self, code: str) -> int:
        return int(sum(self.series[code].get(day) or 0 for day in self.days))

    # --- Charts -------------------------------------------------------------------------

    @property
    def flags(self) -> list[Flag]:
        return flags(self.marks, day_place(self.days))

    @property
    def small_flags(self) -> list[Flag]:
        return flags(self.marks, day_place(self.days, SPARK_LEFT, SPARK_RIGHT))

    @property
    def visits_chart(self) -> charts.DayChart:
        usual = {day: self.usual("visits", day) for day in self.days}
        return charts.day_chart(self.days, self.series["visits"], usual, self.closed_days)

    @property
    def last_days(self) -> list[dict]:
        days = list(reversed(self.days))[:TABLE_DAYS]
        return [
            {
                "day": day,
                "closed": day in self.closed_days,
                "visits": self.series["visits"].get(day),
                "usual": self.usual("visits", day),
                "overdoses": self.series["overdose_events"].get(day),
            }
            for day in days
        ]

    @cached_property
    def hours(self) -> list[dict]:
        """[{"name", "groups": [count by route group], "total"}] of each band; of the newest version alone."""
        if not self.is_newest:
            return []
        rows = []
        for band in HOUR_BANDS:
            groups = [
                int(self._counts.get(("visits_by_band_and_route", f"{band}:{g}")) or 0) for g in ROUTE_GROUPS
            ]
            rows.append({"name": band_name(band), "groups": groups, "total": sum(groups)})
        return rows

    @property
    def hours_chart(self) -> charts.StackChart:
        css = [ROUTE_CSS[group] for group in ROUTE_GROUPS]
        return charts.stack_chart(
            [(row["name"], list(zip(css, row["groups"], strict=True))) for row in self.hours]
        )

    @property
    def hours_total(self) -> list[int]:
        rows = self.hours
        return [sum(row["groups"][n] for row in rows) for n in range(len(ROUTE_GROUPS))] + [
            sum(row["total"] for row in rows)
        ]

    @property
    def busiest(self) -> str:
        top = max(self.hours, key=lambda row: row["total"], default=None)
        return top["name"] if top and top["total"] else ""

    @property
    def sparks(self) -> list[dict]:
        return [
            {
                "number": self.numbers[code],
                "chart": charts.spark(
                    self.days, self.series[code], self.usual(code), self.closed_days, bars=bars
                ),
            }
            for code, bars in SMALL
        ]

    # --- What is to complete, and what changed ------------------------------------------

    @cached_property
    def todo(self) -> list[ToDo]:
        """Of now for the newest version, as it was for an older one."""
        return todo_now(self.site, self.day, self.reader) if self.is_newest else todo_then(self.report)

    @property
    def changed(self) -> list[dict]:
        return changed_in_words(self.report)

    @property
    def came(self) -> list[dict]:
        return came_in_words(self.site, self.report)
