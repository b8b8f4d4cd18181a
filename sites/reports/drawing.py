"""Where things stand on a drawing: numbers for SVG attributes, no style and no script.

Coordinates are text with a point, whatever the language of the page.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10000)
LEFT, RIGHT, TOP, BOTTOM = 40.0, 706.0, 34.0, 256.0
# Of a small one: 400 × 92.
SPARK_LEFT, SPARK_RIGHT = 6.0, 394.0
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


# Where a day stands on a chart, as (x, y); None when it is not on it.
Place = Callable[[date], tuple[float, float] | None]


@dataclass
class Label:
    x: str
    y: str
    text: object


def step_of(span: float) -> int:
    return next((s for s in STEPS if span / s <= MOST_LINES), STEPS[-1])


def grid(y: Scale, high: float) -> list[Label]:
    """Lines from zero up to the highest value."""
    return [Label("32", px(y(tick)), tick) for tick in range(0, int(high) + 1, step_of(high))]


def day_place(days: Sequence[date], left: float = LEFT, right: float = RIGHT) -> Place:
    """On days as wide as each other: at the left edge before them, nowhere after them."""
    x = Scale(0, max(len(days) - 1, 1), left, right)

    def place(day: date) -> tuple[float, float] | None:
        return None if day > days[-1] else (x(max(0, (day - days[0]).days)), TOP)

    return place


def path(points: Iterable[tuple[str, float] | None]) -> str:
    """M and L; a missing point lifts the pen."""
    parts, down = [], False
    for point in points:
        if point is not None:
            parts.append(f"{'L' if down else 'M'}{point[0]} {px(point[1])}")
        down = point is not None
    return "".join(parts)
