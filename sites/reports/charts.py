"""Charts as numbers for SVG attributes: the server draws them, no style and no script.

Coordinates are text with a point, whatever the language of the page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sites.indicators.terms import Value
from sites.reports.usual import Usual

STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000)
LEFT, RIGHT, TOP, BOTTOM = 40.0, 706.0, 34.0, 256.0
MOST_LINES = 5


def px(number: float) -> str:
    return f"{number:.1f}"


@dataclass(frozen=True)
class Scale:
    """Values from low to high over pixels from start to end."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        span = self.high - self.low or 1
        return self.start + (float(value) - self.low) / span * (self.end - self.start)


@dataclass
class Label:
    x: str
    y: str
    text: object


@dataclass
class DayChart:
    """A line by day with its usual band; closed days are gaps."""

    band: str = ""
    line: str = ""
    grid: list[Label] = field(default_factory=list)
    closed: list[Label] = field(default_factory=list)
    closed_width: str = "18"
    days: list[Label] = field(default_factory=list)
    last: Label | None = None
    floor: int = 0


def _step(span: float) -> int:
    return next((s for s in STEPS if span / s <= MOST_LINES), STEPS[-1])


def day_chart(
    days: Sequence[date], values: dict[date, Value], usual: dict[date, Usual | None], closed: set[date]
) -> DayChart:
    """Days in order; the axis starts at zero unless everything is far above it."""
    shown = [float(v) for d in days if d not in closed and (v := values.get(d)) is not None]
    edges = [edge for d in days if (u := usual.get(d)) for edge in (u.low, u.high)]
    low, high = min([*shown, *edges], default=0), max([*shown, *edges, 1])
    floor = 0 if low < high / 2 else low
    step = _step(high - floor)
    floor = int(floor // step * step)
    y = Scale(floor, max(high, floor + step), BOTTOM, TOP)
    x = Scale(0, max(len(days) - 1, 1), LEFT, RIGHT)
    chart = DayChart(floor=floor, closed_width=px((RIGHT - LEFT) / max(len(days) - 1, 1)))
    chart.grid = [
        Label("32", px(y(tick)), tick) for tick in range(floor + step if floor else 0, int(high) + 1, step)
    ]
    points = [(x(n), d) for n, d in enumerate(days)]
    chart.line = _path((px(at), y(values[d])) if _seen(d, values, closed) else None for at, d in points)
    chart.band = _band([(px(at), y(u.low), y(u.high)) for at, d in points if (u := usual.get(d))])
    half = (RIGHT - LEFT) / max(len(days) - 1, 1) / 2
    chart.closed = [Label(px(at - half), px(at), d) for at, d in points if d in closed]
    chart.days = [
        Label(px(at), "280", d)
        for at, d in points
        if (days[-1] - d).days % 7 == 0 or d == days[0] and len(days) > 1
    ]
    if len(chart.days) > 1 and (chart.days[1].text - days[0]).days < 4:
        del chart.days[1]
    if _seen(days[-1], values, closed):
        chart.last = Label(px(x(len(days) - 1)), px(y(values[days[-1]])), values[days[-1]])
    return chart


def _seen(day: date, values: dict[date, Value], closed: set[date]) -> bool:
    return day not in closed and values.get(day) is not None


def _path(points: Iterable[tuple[str, float] | None]) -> str:
    """M and L; a missing point lifts the pen."""
    parts, down = [], False
    for point in points:
        if point is not None:
            parts.append(f"{'L' if down else 'M'}{point[0]} {px(point[1])}")
        down = point is not None
    return "".join(parts)


def _band(edges: list[tuple[str, float, float]]) -> str:
    if len(edges) < 2:
        return ""
    upper = [f"{x} {px(high)}" for x, _low, high in edges]
    lower = [f"{x} {px(low)}" for x, low, _high in reversed(edges)]
    return f"M{' L'.join(upper + lower)}Z"


@dataclass
class Bar:
    css: str
    x: str
    y: str
    width: str
    height: str


@dataclass
class StackChart:
    bars: list[Bar]
    grid: list[Label]
    totals: list[Label]
    names: list[Label]


def stack_chart(stacks: list[tuple[object, list[tuple[str, int]]]]) -> StackChart:
    """Bars side by side, each a pile of (css class, count); 760 × 250."""
    floor, top, left, right = 220.0, 30.0, 30.0, 760.0
    high = max([sum(n for _css, n in pile) for _name, pile in stacks] + [1])
    y = Scale(0, high, floor, top)
    slot = (right - left) / max(len(stacks), 1)
    width = min(slot * 0.66, 90)
    chart = StackChart([], [], [], [])
    step = _step(high)
    chart.grid = [Label("24", px(y(tick)), tick) for tick in range(step, high + 1, step)]
    for n, (name, pile) in enumerate(stacks):
        middle, base = left + slot * (n + 0.5), 0
        for css, count in pile:
            if count:
                top_edge = y(base + count)
                chart.bars.append(
                    Bar(css, px(middle - width / 2), px(top_edge), px(width), px(y(base) - top_edge - 1))
                )
            base += count
        chart.totals.append(Label(px(middle), px(y(base) - 6), base))
        chart.names.append(Label(px(middle), "240", name))
    return chart


@dataclass
class Gauge:
    """A number's place on its usual: 200 × 14."""

    now: str
    usual: str = ""


def gauge(value: Value, usual: Usual | None) -> Gauge | None:
    if value is None:
        return None
    high = max([float(value), float(usual.high) if usual else 0, 1]) * 1.25
    x = Scale(0, high, 4, 196)
    return Gauge(px(x(float(value))), f"M{px(x(usual.low))} 7H{px(x(usual.high) + 0.1)}" if usual else "")


@dataclass
class Spark:
    """28 days small: 400 × 92, bars for counts of few, a line for the rest."""

    line: str = ""
    bars: list[Bar] = field(default_factory=list)
    band_y: str = ""
    band_height: str = ""
    last: Label | None = None


def spark(
    days: Sequence[date], values: dict[date, Value], usual: Usual | None, closed: set[date], *, bars: bool
) -> Spark:
    known = [float(values[d]) for d in days if _seen(d, values, closed)]
    high = max([*known, float(usual.high) if usual else 0, 1])
    x, y = Scale(0, max(len(days) - 1, 1), 6, 394), Scale(0, high, 78, 10)
    chart = Spark()
    if usual:
        chart.band_y, chart.band_height = px(y(usual.high)), px(max(y(usual.low) - y(usual.high), 1.5))
    if bars:
        chart.bars = [
            Bar("a" if d == days[-1] else "c", px(x(n) - 4), px(y(values[d])), "8", px(78 - y(values[d])))
            for n, d in enumerate(days)
            if _seen(d, values, closed) and values[d]
        ]
        return chart
    chart.line = _path(
        (px(x(n)), y(values[d])) if _seen(d, values, closed) else None for n, d in enumerate(days)
    )
    if _seen(days[-1], values, closed):
        chart.last = Label(px(x(len(days) - 1)), px(y(values[days[-1]])), values[days[-1]])
    return chart


@dataclass
class Flag:
    """A letter on a chart for something that happened; the words are listed below it."""

    x: str
    letter: str


def letters(count: int) -> list[str]:
    """A, B … Z, AA, AB …"""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return [(alphabet[n // 26 - 1] if n >= 26 else "") + alphabet[n % 26] for n in range(count)]


def day_flags(days: Sequence[date], starts: Sequence[date]) -> list[Flag]:
    """Where each of these days stands on a `day_chart`; one that began before stands at the left edge."""
    x = Scale(0, max(len(days) - 1, 1), LEFT, RIGHT)
    places = [max(0, (start - days[0]).days) for start in starts]
    return [Flag(px(x(place)), letter) for place, letter in zip(places, letters(len(starts)), strict=True)]


def month_flags(months: Sequence[date], starts: Sequence[date]) -> list[Flag]:
    """The same on a `range_chart`, whose months are as wide as each other; none after its last month."""
    x, index = Scale(0, max(len(months), 1), LEFT, RIGHT), {month: n for n, month in enumerate(months)}
    flags = []
    for start, letter in zip(starts, letters(len(starts)), strict=True):
        place = index.get(start.replace(day=1), 0 if months and start < months[0] else None)
        if place is not None:
            flags.append(Flag(px(x(place + (start >= months[0]) * (start.day - 1) / 31)), letter))
    return flags


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
    step = _step(high)
    y = Scale(0, max(high, step), BOTTOM, TOP)
    x = Scale(0, max(len(rows), 1), LEFT, RIGHT)
    chart = RangeChart(grid=[Label("32", px(y(tick)), tick) for tick in range(0, int(high) + 1, step)])
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


@dataclass
class YearChart:
    """One line a year over twelve months, the newest first."""

    lines: list[YearLine]
    grid: list[Label]
    months: list[Label]


def year_chart(years: dict[int, dict[int, int]]) -> YearChart:
    high = max([n for months in years.values() for n in months.values()], default=1)
    step = _step(high)
    x, y = Scale(1, 12, LEFT, RIGHT - 30), Scale(0, max(high, step), BOTTOM, TOP)
    lines = []
    for year, months in years.items():
        path = _path((px(x(m)), y(months[m])) if m in months else None for m in range(1, 13))
        last = max(months, default=None)
        end = Label(px(x(last)), px(y(months[last])), year) if last else None
        lines.append(YearLine(year, path, end))
    grid = [Label("32", px(y(tick)), tick) for tick in range(0, high + 1, step)]
    return YearChart(lines, grid, [Label(px(x(m)), "280", date(2026, m, 1)) for m in range(1, 13)])
