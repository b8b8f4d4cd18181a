"""Several years on one page: month by month, year beside year, with what happened around."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from sites.dashboard.comparing import EVENTS, EXPOSURE, Rate
from sites.indicators.periods import containing, running
from sites.indicators.queries import first_day, series
from sites.indicators.terms import Value
from sites.places.models import Site
from sites.places.queries import last_closed_day, today
from sites.reports.flags import Flag, flags, marked
from sites.reports.yearly import RangeChart, YearChart, month_place, range_chart, year_chart, year_place

MOST_YEARS = 6
A_YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Month:
    first: date
    visits: int
    rate: Rate
    whole: bool


class Trends:
    """Months of a site, up to six years back, up to the last closed day."""

    def __init__(self, site: Site):
        self.site, self.last = site, last_closed_day(site)
        begun = first_day(site) or self.last
        self.first = max(begun, date(self.last.year - MOST_YEARS + 1, 1, 1))
        self.months = self._months(begun) if self.first <= self.last else []
        since = self.first if self.months else self.last - A_YEAR
        self.marks = marked(site, since, today(site))

    def _months(self, begun: date) -> list[Month]:
        found = series(self.site, ["visits", EVENTS, EXPOSURE], self.first, self.last)
        sums: dict[str, dict[date, Value]] = {code: defaultdict(int) for code in found}
        for code, days in found.items():
            for day, value in days.items():
                sums[code][day.replace(day=1)] += value or 0
        return [
            Month(
                first=start,
                visits=int(sums["visits"][start] or 0),
                rate=Rate(int(sums[EVENTS][start] or 0), int(sums[EXPOSURE][start] or 0)),
                whole=start >= begun and end <= self.last,
            )
            for start, end in (
                containing("month", first) for first, _last in running("month", self.first, self.last)
            )
        ]

    @property
    def newest_first(self) -> list[Month]:
        return list(reversed(self.months))

    @property
    def flags(self) -> list[Flag]:
        return flags(self.marks, month_place([month.first for month in self.months]))

    @property
    def rates(self) -> RangeChart:
        rows = [(m.first, m.rate.low, m.rate.value, m.rate.high) for m in self.months]
        return range_chart(rows)

    @cached_property
    def seasons(self) -> YearChart:
        """Visits by month, one line a year, whole months alone."""
        years: dict[int, dict[int, int]] = defaultdict(dict)
        for month in self.months:
            if month.whole:
                years[month.first.year][month.first.month] = month.visits
        return year_chart(dict(sorted(years.items(), reverse=True)))

    @property
    def season_flags(self) -> list[Flag]:
        return flags(self.marks, year_place(self.seasons))
