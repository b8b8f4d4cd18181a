"""The chart of a fit: rates seen, the line before, the line after, and where the first one would have led."""

from dataclasses import dataclass, field
from datetime import date

from sites.reports.drawing import BOTTOM, LEFT, RIGHT, TOP, Label, Place, Scale, grid, path, px, step_of

PER = 1000
MOST_NAMES = 8
LETTERS = 40.0  # room for what happened, above the rates


@dataclass
class FitChart:
    """`ends`: right and left edge of the days of the event itself."""

    first: date
    last: date
    dots: list[Label] = field(default_factory=list)
    before: str = ""
    after: str = ""
    unchanged: str = ""
    grid: list[Label] = field(default_factory=list)
    names: list[Label] = field(default_factory=list)

    @property
    def place(self) -> Place:
        x = self._x()
        return lambda day: (x(day.toordinal()), TOP) if self.first <= day <= self.last else None

    def _x(self) -> Scale:
        return Scale(self.first.toordinal(), max(self.last, self.first).toordinal(), LEFT, RIGHT)


def fit_chart(rows: list[dict]) -> FitChart:
    """`rows`: see `bins_of`."""
    chart = FitChart(rows[0]["first"], rows[-1]["last"])
    x, high = chart._x(), max(max(row["rate"], row["fitted"], row["unchanged"] or 0) for row in rows)
    y = Scale(0, max(high, step_of(high)), BOTTOM, TOP + LETTERS)
    at = {n: x((row["first"].toordinal() + row["last"].toordinal()) / 2) for n, row in enumerate(rows)}
    parts: dict[str, list[tuple[str, float]]] = {"before": [], "after": [], "unchanged": []}
    for n, row in enumerate(rows):
        chart.dots.append(Label(px(at[n]), px(y(row["rate"])), row["rate"]))
        parts["after" if row["after"] else "before"].append((px(at[n]), y(row["fitted"])))
        if row["unchanged"] is not None:
            parts["unchanged"].append((px(at[n]), y(row["unchanged"])))
    chart.before, chart.after, chart.unchanged = (path(parts[part]) for part in parts)
    chart.grid = grid(y, high)
    every = max(1, -(-len(rows) // MOST_NAMES))
    chart.names = [Label(px(at[n]), "280", row["first"]) for n, row in enumerate(rows) if n % every == 0]
    return chart


def bins_of(found: dict) -> list[dict]:
    """Weeks or four weeks of a fit; events per 1,000 consumptions as seen, fitted and, after, unchanged."""
    rows = []
    for row in found["bins"]:
        per = PER / row["exposure"]
        rows.append(
            {
                "first": date.fromisoformat(row["first"]),
                "last": date.fromisoformat(row["last"]),
                "after": row["after"],
                "events": row["events"],
                "exposure": row["exposure"],
                "rate": row["events"] * per,
                "fitted": row["fitted"] * per,
                "unchanged": row["unchanged"] * per if row["after"] else None,
            }
        )
    return rows
