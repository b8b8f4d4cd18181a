"""Two pictures of an explained figure, as numbers for SVG attributes: the coin, and a year of errors."""

from dataclasses import dataclass

from sites.indicators.periods import Period
from sites.releases.chart import px
from sites.releases.explain import Explained, Pair

LEFT, RIGHT, MIDDLE, HALF = 44.0, 640.0, 110.0, 88.0


@dataclass(frozen=True)
class Coin:
    """Where the exact count stands between its two neighbours, and which of them was taken."""

    x: str
    to: str


@dataclass(frozen=True)
class Dot:
    x: str
    y: str
    top: str
    bottom: str
    period: Period


@dataclass(frozen=True)
class Year:
    """Each period's error: a dot, on the stretch that it cannot leave."""

    dots: list[Dot]
    usual: str
    zero: str
    most: int


def coin(told: Explained) -> Coin:
    low, high = 40.0, 260.0
    x = low + (high - low) * told.rest / told.cell.base
    return Coin(px(x), px(high if told.cell.value > told.below else low))


def year(pairs: list[Pair]) -> Year | None:
    if not pairs:
        return None
    most = max(pair.most for pair in pairs)
    step = (RIGHT - LEFT) / len(pairs)
    xs = [LEFT + step * (n + 0.5) for n in range(len(pairs))]

    def y(error: int) -> str:
        return px(MIDDLE - HALF * error / most)

    dots = [
        Dot(px(x), y(one.error), y(one.most), y(-one.most), one.period)
        for x, one in zip(xs, pairs, strict=True)
    ]
    over = [f"{px(x)} {y(one.usual)}" for x, one in zip(xs, pairs, strict=True)]
    under = [f"{px(x)} {y(-one.usual)}" for x, one in zip(xs, pairs, strict=True)]
    return Year(dots, f"M{' L'.join(over + under[::-1])}Z", px(MIDDLE), most)
