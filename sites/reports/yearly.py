"""Charts of months and years as numbers for SVG attributes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sites.reports.drawing import BOTTOM, LEFT, RIGHT, TOP, Label, Place, Scale, grid, path, px, step_of

NAME_HIGH = 14.0


@dataclass
class Range:
    x: str
    low: str
    value: str
    high: str


@dataclass
class RangeChart:
    """A dot with its limits for each month."""

    ranges: list[Range] = field(default_factory=list)
    grid: list[Label] = field(default_factory=list)
    names: list[Label] = field(default_factory=list)


def range_chart(rows: Sequence[tuple[date, float | None, float | None, float | None]]) -> RangeChart:
    """(month, low, value, high); a month that cannot be told is a gap."""
    high = max([top for _m, _l, _v, top in rows if top is not None], default=1.0)
    y = Scale(0, max(high, step_of(high)), BOTTOM, TOP)
    x = Scale(0, max(len(rows), 1), LEFT, RIGHT)
    chart = RangeChart(grid=grid(y, high))
    for n, (month, low, value, top) in enumerate(rows):
        if low is not None and value is not None and top is not None:
            chart.ranges.append(Range(px(x(n + 0.5)), px(y(low)), px(y(value)), px(y(top))))
        if n % max(1, len(rows) // 8) == 0:
            chart.names.append(Label(px(x(n + 0.5)), "280", month))
    return chart


@dataclass
class YearLine:
    year: int
    path: str
    end: Label | None
    dot: Label | None
    heights: dict[int, float]


@dataclass
class YearChart:
    """One line a year over twelve months, the newest first."""

    lines: list[YearLine]
    grid: list[Label]
    months: list[Label]


def year_chart(years: dict[int, dict[int, int]]) -> YearChart:
    high = max([n for months in years.values() for n in months.values()], default=1)
    x, y = _months(), Scale(0, max(high, step_of(high)), BOTTOM, TOP)
    lines = []
    for year, months in years.items():
        line = path((px(x(m)), y(months[m])) if m in months else None for m in range(1, 13))
        last = max(months, default=None)
        end = Label(px(x(last)), px(y(months[last])), year) if last else None
        dot = Label(end.x, end.y, year) if end else None
        heights = {month: y(count) for month, count in months.items()}
        lines.append(YearLine(year, line, end, dot, heights))
    _apart([line.end for line in lines if line.end])
    return YearChart(lines, grid(y, high), [Label(px(x(m)), "280", date(2026, m, 1)) for m in range(1, 13)])


def _apart(ends: list[Label]) -> None:
    """Names of years one under the other, where their lines end close together."""
    lowest = TOP
    for end in sorted(ends, key=lambda end: (end.x, float(end.y))):
        lowest = max(float(end.y), lowest)
        end.y, lowest = px(lowest), lowest + NAME_HIGH


def _months() -> Scale:
    return Scale(1, 12, LEFT, RIGHT - 30)


def year_place(chart: YearChart) -> Place:
    """On the line of its own year; nowhere when that month is not drawn."""
    x, heights = _months(), {line.year: line.heights for line in chart.lines}

    def place(day: date) -> tuple[float, float] | None:
        y = heights.get(day.year, {}).get(day.month)
        return None if y is None else (x(day.month), y)

    return place


def month_place(months: Sequence[date]) -> Place:
    """On months as wide as each other: at the left edge before them, nowhere after them."""
    x, index = Scale(0, max(len(months), 1), LEFT, RIGHT), {month: n for n, month in enumerate(months)}

    def place(day: date) -> tuple[float, float] | None:
        if months and day < months[0]:
            return x(0), TOP
        n = index.get(day.replace(day=1))
        return None if n is None else (x(n + (day.day - 1) / 31), TOP)

    return place
