"""Charts as shares of their width and height, from 0 to 1; they follow from published figures alone."""

from sites.releases.formats.figures import Figure
from sites.releases.formats.words import month_name, number, short_day

STEPS = (5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 2500, 5000, 10000, 20000, 50000, 100000)


def line(points: list[Figure], language: str, *, lines: int = 5, labels: int = 5) -> dict:
    """A line with the band where the true counts are; time runs evenly, so a gap shows."""
    first, last = points[0].period_start, points[-1].period_start
    days = (last - first).days
    top, ticks = _scale(points, language, lines)
    every = max(1, round((len(points) - 1) / (labels - 1)))
    at = [(figure, (figure.period_start - first).days / days) for figure in points]
    return {
        "kind": "line",
        "ticks": ticks,
        "points": [
            {"x": x, "y": figure.value / top, "low": figure.lower / top, "high": figure.upper / top}
            for figure, x in at
        ],
        "labels": [
            {"x": x, "text": _label(figure, language)}
            for n, (figure, x) in enumerate(at)
            if (len(points) - 1 - n) % every == 0
        ],
        "last": number(points[-1].value, language),
    }


def bars(points: list[Figure], language: str, *, lines: int = 4) -> dict:
    """A bar a period, with a mark from the least to the most that the true count may be."""
    top, ticks = _scale(points, language, lines)
    return {
        "kind": "bars",
        "ticks": ticks,
        "bars": [
            {
                "y": figure.value / top,
                "low": figure.lower / top,
                "high": figure.upper / top,
                "value": number(figure.value, language),
                "text": _label(figure, language),
                "year": str(figure.period_start.year) if _opens_year(figure, n) else "",
            }
            for n, figure in enumerate(points)
        ],
    }


def _scale(points: list[Figure], language: str, lines: int) -> tuple[int, list[dict]]:
    """The highest value of the axis, and its lines."""
    most = max(max(figure.upper for figure in points), 1)
    step = next((step for step in STEPS if most / step <= lines), STEPS[-1])
    count = -(-most // step)
    top = count * step
    return top, [{"y": n / count, "text": number(n * step, language)} for n in range(count + 1)]


def _label(figure: Figure, language: str) -> str:
    """20 nov.; oct.; T3; 2026."""
    if figure.grain in ("day", "week"):
        return short_day(figure.period_start, language)
    if figure.grain == "month":
        return month_name(figure.period_start, language, "LLL")
    if figure.grain == "quarter":
        quarter = (figure.period_start.month + 2) // 3
        return f"{'T' if language == 'fr' else 'Q'}{quarter} {figure.period_start.year}"
    return str(figure.period_start.year)


def _opens_year(figure: Figure, n: int) -> bool:
    """Whether the year stands under a month: under the first drawn, and under each January."""
    return figure.grain == "month" and (n == 0 or figure.period_start.month == 1)
