"""Charts of days as numbers for SVG attributes: the server draws them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sites.indicators.terms import Value
from sites.reports.drawing import (
    BOTTOM,
    LEFT,
    RIGHT,
    SPARK_LEFT,
    SPARK_RIGHT,
    TOP,
    Label,
    Scale,
    path,
    px,
    step_of,
)
from sites.reports.usual import Usual


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


def day_chart(
    days: Sequence[date], values: dict[date, Value], usual: dict[date, Usual | None], closed: set[date]
) -> DayChart:
    """Days in order; the axis starts at zero unless everything is far above it."""
    shown = [float(v) for d in days if d not in closed and (v := values.get(d)) is not None]
    edges = [edge for d in days if (u := usual.get(d)) for edge in (u.low, u.high)]
    low, high = min([*shown, *edges], default=0), max([*shown, *edges, 1])
    floor = 0 if low < high / 2 else low
    step = step_of(high - floor)
    floor = int(floor // step * step)
    y = Scale(floor, max(high, floor + step), BOTTOM, TOP)
    x = Scale(0, max(len(days) - 1, 1), LEFT, RIGHT)
    chart = DayChart(floor=floor, closed_width=px((RIGHT - LEFT) / max(len(days) - 1, 1)))
    chart.grid = [
        Label("32", px(y(tick)), tick) for tick in range(floor + step if floor else 0, int(high) + 1, step)
    ]
    points = [(x(n), d) for n, d in enumerate(days)]
    chart.line = path((px(at), y(values[d])) if _seen(d, values, closed) else None for at, d in points)
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
    step = step_of(high)
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
    x, y = Scale(0, max(len(days) - 1, 1), SPARK_LEFT, SPARK_RIGHT), Scale(0, high, 78, 10)
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
    chart.line = path(
        (px(x(n)), y(values[d])) if _seen(d, values, closed) else None for n, d in enumerate(days)
    )
    if _seen(days[-1], values, closed):
        chart.last = Label(px(x(len(days) - 1)), px(y(values[days[-1]])), values[days[-1]])
    return chart
