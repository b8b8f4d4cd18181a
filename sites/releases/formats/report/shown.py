"""Figures looked up by what they are: the newest of each kind, and series for charts.

A choice follows from the plan and the dates of figures, never from how large they are (privacy.md R8).
"""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

from sites.releases.formats.figures import Cube, Figure
from sites.releases.terms import ALL, LATE, ORDER, Grain

Place = tuple[str, str]
EVERYWHERE = (ALL, ALL)
# Points of a chart: four weeks of days and one more; half a year of weeks; a year of months and one.
POINTS = {Grain.DAY: 29, Grain.WEEK: 26, Grain.MONTH: 13, Grain.QUARTER: 9, Grain.YEAR: 5}
FEWEST = 3
# How many days old the end of a grain's newest period may be to count as what is known now.
FRESH = {Grain.DAY: 14, Grain.WEEK: 30, Grain.MONTH: 100, Grain.QUARTER: 200, Grain.YEAR: 800}


class Shown:
    """Some figures of a cube, in time."""

    def __init__(self, cube: Cube, figures: Iterable[Figure]):
        self.cube = cube
        self.series: dict[tuple[Place, str, str, str], dict[date, Figure]] = {}
        for figure in figures:
            key = (figure.place, figure.indicator, figure.category, figure.grain)
            self.series.setdefault(key, {})[figure.period_start] = figure

    @cached_property
    def places(self) -> set[Place]:
        return {place for place, *_rest in self.series}

    @cached_property
    def whole(self) -> Place | None:
        """The place that the report is about: the one region it tells of, or all together, or one site."""
        regions = {place for place in self.places if place[0] == ALL} - {EVERYWHERE}
        for found in (regions, {EVERYWHERE} & self.places, self.places):
            if len(found) == 1:
                return next(iter(found))
        return None

    @property
    def regions(self) -> list[str]:
        return sorted({region for _site, region in self.places} - {ALL})

    def indicators(self, *, late: bool = False) -> list[str]:
        told = {indicator for _place, indicator, _category, _grain in self.series}
        return [code for code in self.cube.definitions if code in told and code.endswith(LATE) == late]

    def newest(self, place: Place, indicator: str, grain: str, category: str = ALL) -> Figure | None:
        its = self.series.get((place, indicator, category, grain))
        return its[max(its)] if its else None

    def finest(self, place: Place, indicator: str) -> str | None:
        """The finest grain that is told now."""
        for grain in Grain:
            newest = self.newest(place, indicator, grain)
            if newest and (self.cube.published_at.date() - newest.period_end).days <= FRESH[grain]:
                return grain
        return None

    def latest(self, place: Place, indicator: str) -> Figure | None:
        grain = self.finest(place, indicator)
        return self.newest(place, indicator, grain) if grain else None

    def line(self, place: Place, indicator: str) -> list[Figure]:
        """The newest figures of the finest grain, in time; none when there are too few to draw."""
        grain = self.finest(place, indicator)
        its = self.series.get((place, indicator, ALL, grain or ""), {})
        points = [its[day] for day in sorted(its)][-POINTS[Grain(grain)] :] if grain else []
        return points if len(points) >= FEWEST else []

    def sites_of(self, figure: Figure) -> int:
        """How many sites the figure adds up; 0 where not all of them are told here."""
        parts = [
            its[figure.period_start]
            for (place, indicator, category, grain), its in self.series.items()
            if (indicator, category, grain) == (figure.indicator, figure.category, figure.grain)
            and place[0] != ALL
            and figure.region in (ALL, place[1])
            and figure.period_start in its
        ]
        # A site that is not told would have raised it, were its figure 0.
        return len(parts) if sum(part.upper for part in parts) == figure.upper else 0

    def grains(self, indicator: str) -> list[str]:
        return sorted({key[3] for key in self.series if key[1] == indicator}, key=ORDER.__getitem__)

    def period(self, indicator: str, grain: str) -> date:
        """The start of the newest period of a grain, over all places."""
        return max(
            day for key, its in self.series.items() if (key[1], key[3]) == (indicator, grain) for day in its
        )

    def of(self, place: Place, indicator: str, grain: str, day: date, category: str = ALL) -> Figure | None:
        return self.series.get((place, indicator, category, grain), {}).get(day)

    def categories(self, indicator: str) -> list[str]:
        """In the order of the definition."""
        told = {key[2] for key in self.series if key[1] == indicator}
        known = list(self.cube.definitions[indicator]["categories"])
        return sorted(told, key=lambda code: (known.index(code) if code in known else len(known), code))
