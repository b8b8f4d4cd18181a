"""The line of the last days with the band where the true counts are, as numbers for SVG attributes.

Coordinates follow from released figures alone, and are text with a point in every language.
"""

from dataclasses import dataclass
from datetime import date

from sites.releases.cube import Total

LEFT, RIGHT, TOP, BOTTOM = 50.0, 622.0, 16.0, 238.0
STEPS = (5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000)
MOST_LINES = 5


@dataclass(frozen=True)
class Tick:
    at: str
    label: int | date


@dataclass(frozen=True)
class Chart:
    band: str
    line: str
    grid: list[Tick]
    days: list[Tick]
    x: str
    y: str
    value: int


@dataclass(frozen=True)
class Bar:
    """A released figure as a bar with the stretch where the true count is."""

    x: str
    mid: str
    y: str
    height: str
    top: str
    bottom: str
    total: Total


@dataclass(frozen=True)
class Bars:
    bars: list[Bar]
    grid: list[Tick]
    width: str


def px(number: float) -> str:
    return f"{number:.1f}"


def _lines(top: int) -> range:
    """The values of the lines across, at most five of them."""
    step = next((s for s in STEPS if top / s <= MOST_LINES), STEPS[-1])
    return range(step, top + 1, step)


def at_day(totals: list[Total], day: date) -> str:
    """Where a day stands on the line of these totals: at the period that holds it."""
    place = next((n for n, total in enumerate(totals) if day <= total.period[1]), len(totals) - 1)
    return px(LEFT + place * (RIGHT - LEFT) / (len(totals) - 1))


def bars(totals: list[Total]) -> Bars | None:
    """None for none."""
    if not totals:
        return None
    top = max(total.upper for total in totals)
    step = (RIGHT - LEFT) / len(totals)
    width = min(34.0, step * 0.65)

    def y(value: int) -> float:
        return BOTTOM - value / top * (BOTTOM - TOP)

    drawn = []
    for n, total in enumerate(totals):
        mid = LEFT + step * (n + 0.5)
        drawn.append(
            Bar(px(mid - width / 2), px(mid), px(y(total.value)), px(BOTTOM - y(total.value)),
                px(y(total.upper)), px(y(total.lower)), total)
        )  # fmt: skip
    return Bars(drawn, [Tick(px(y(value)), value) for value in _lines(top)], px(width))


def chart(totals: list[Total]) -> Chart | None:
    """None for fewer than two points: there is no line to draw."""
    if len(totals) < 2:
        return None
    top = max(total.upper for total in totals)
    xs = [LEFT + n * (RIGHT - LEFT) / (len(totals) - 1) for n in range(len(totals))]

    def y(value: int) -> str:
        return px(BOTTOM - value / top * (BOTTOM - TOP))

    over = [f"{px(x)} {y(total.upper)}" for x, total in zip(xs, totals, strict=True)]
    under = [f"{px(x)} {y(total.lower)}" for x, total in zip(xs, totals, strict=True)]
    line = [f"{px(x)} {y(total.value)}" for x, total in zip(xs, totals, strict=True)]
    every = max(1, (len(totals) - 1) // 4)
    return Chart(
        band=f"M{' L'.join(over + under[::-1])}Z",
        line=f"M{' L'.join(line)}",
        grid=[Tick(y(value), value) for value in _lines(top)],
        days=[
            Tick(px(x), total.period[0])
            for n, (x, total) in enumerate(zip(xs, totals, strict=True))
            if (len(totals) - 1 - n) % every == 0
        ],
        x=px(xs[-1]),
        y=y(totals[-1].value),
        value=totals[-1].value,
    )
