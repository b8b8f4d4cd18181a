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


def px(number: float) -> str:
    return f"{number:.1f}"


def chart(totals: list[Total]) -> Chart | None:
    """None for fewer than two points: there is no line to draw."""
    if len(totals) < 2:
        return None
    top = max(total.upper for total in totals)
    step = next((s for s in STEPS if top / s <= MOST_LINES), STEPS[-1])
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
        grid=[Tick(y(value), value) for value in range(step, top + 1, step)],
        days=[
            Tick(px(x), total.period[0])
            for n, (x, total) in enumerate(zip(xs, totals, strict=True))
            if (len(totals) - 1 - n) % every == 0
        ],
        x=px(xs[-1]),
        y=y(totals[-1].value),
        value=totals[-1].value,
    )
