"""The tables of the report: what this release brings, by indicator and place; hours; the line as numbers."""

from collections.abc import Iterator
from datetime import date

from sites.releases.formats.figures import Figure
from sites.releases.formats.report.cover import VISITS
from sites.releases.formats.report.shown import EVERYWHERE, Place, Shown
from sites.releases.formats.report.speaking import Bilingual, Speaker
from sites.releases.formats.words import UNITS, short_day
from sites.releases.terms import ALL, ORDER, Grain

# With more sites than that, theirs are in an annex; with more figures than that, in the workbook alone.
FEW_SITES = 8
MOST_IN_ANNEX = 2000


def tables(say: Speaker, shown: Shown) -> list[dict]:
    few = len(_sites(shown)) <= FEW_SITES
    main = _places(shown) if few else [place for place in _places(shown) if place[0] == ALL]
    return list(_of_indicators(say, shown, main))


def has_annex(shown: Shown) -> bool:
    return len(_sites(shown)) > FEW_SITES and len(shown.cube.figures) <= MOST_IN_ANNEX


def annex(say: Bilingual, shown: Shown) -> list[dict]:
    """Figures of each site for readers of both languages; what they mean stands in the part of each."""
    return list(_of_indicators(say, shown, _sites(shown)))


def _sites(shown: Shown) -> list[Place]:
    return [place for place in _places(shown) if place[0] != ALL]


def _places(shown: Shown) -> list[Place]:
    """All together, then each region before its sites. Where there is but one region, it says it all."""
    told = set(shown.places)
    if len(shown.cube.regions) == 1 and any(place[0] == ALL for place in told - {EVERYWHERE}):
        told.discard(EVERYWHERE)
    return sorted(told, key=lambda place: (place != EVERYWHERE, place[1], place[0] != ALL, place[0]))


def _of_indicators(say: Speaker | Bilingual, shown: Shown, places: list[Place]) -> Iterator[dict]:
    for indicator in shown.indicators():
        columns = list(_columns(say, shown, indicator))
        cells = {place: [_cell(say, shown, column, place) for column in columns] for place in places}
        rows = [
            {"name": say.name(place), "level": _level(place), "cells": row}
            for place, row in cells.items()
            if any(row)
        ]
        if rows:
            heads = [{"head": column["head"], "sub": column["sub"]} for column in columns]
            meant = _definition(say, indicator) if isinstance(say, Speaker) else {}
            yield {"title": say.label(indicator), "columns": heads, "rows": rows} | meant


def _columns(say: Speaker | Bilingual, shown: Shown, indicator: str) -> Iterator[dict]:
    """The newest period of each grain; of an indicator told by parts, each part of the newest one."""
    for grain in shown.grains(indicator):
        day = shown.period(indicator, grain)
        for category in shown.categories(indicator):
            known = {"indicator": indicator, "grain": grain, "day": day, "category": category}
            when = _period(say, grain, day, shown)
            if category == ALL:
                yield known | {"head": when, "sub": ""}
            else:
                yield known | {"head": say.category(indicator, category), "sub": when}


def _period(say: Speaker | Bilingual, grain: str, day: date, shown: Shown):
    if grain == "day":
        return say.short_day(day)
    ends = {its[day].period_end for (_p, _i, _c, g), its in shown.series.items() if g == grain and day in its}
    return say.period_name(grain, day, max(ends))


def _cell(say: Speaker | Bilingual, shown: Shown, column: dict, place: Place) -> dict | None:
    figure = shown.of(place, column["indicator"], column["grain"], column["day"], column["category"])
    if figure is None:
        return None
    return {
        "value": say.number(figure.value),
        "span": say.span(figure, "short_span"),
        "hours": say.hours(figure.planned_minutes),
    }


def _level(place: Place) -> str:
    return "all" if place == EVERYWHERE else "region" if place[0] == ALL else "site"


def _definition(say: Speaker, indicator: str) -> dict:
    told = say.cube.definitions[indicator]
    unit = UNITS.get(told["unit"], {}).get(say.language, told["unit"])
    note = say.words["of_definition"].format(
        code=indicator, version=told["version"], unit=unit, base=told["base"]
    )
    return {"text": told[f"definition_{say.language}"], "note": note}


def points(say: Speaker, shown: Shown) -> dict | None:
    """What the line of visits shows, as numbers: in releases that bring a month or longer."""
    its = shown.line(shown.whole, VISITS) if shown.whole else []
    if not its or not any(ORDER[figure.grain] >= ORDER[Grain.MONTH] for figure in say.cube.figures):
        return None
    rows = [[_when(say, f), say.number(f.value), say.span(f, "short_span")] for f in its]
    title = f"{say.words['points']} · {say.words['by'][its[0].grain].format(label=say.label(VISITS))}"
    heads = [say.words["period"], say.words["figure"], say.words["range"]]
    return {"title": title, "heads": heads, "rows": rows}


def _when(say: Speaker, figure: Figure) -> str:
    if figure.grain == "day":
        return short_day(figure.period_start, say.language)
    return say.period(figure)


def late(say: Speaker, shown: Shown) -> dict | None:
    """Late parts of the newest year that is told."""
    rows = [
        [say.label(code), say.name(place), str(day.year), say.number(figure.value),
         say.span(figure, "short_span")]
        for code in shown.indicators(late=True)
        for day in [shown.period(code, "year")]
        for place in _places(shown)
        for category in shown.categories(code)
        if (figure := shown.of(place, code, "year", day, category))
    ]  # fmt: skip
    words = say.words
    heads = ["", words["place"], words["period"], words["figure"], words["range"]]
    return (
        {"title": words["late"], "text": words["late_note"], "heads": heads, "rows": rows} if rows else None
    )


def opening(say: Speaker) -> dict | None:
    """Planned hours of the newest day that the release speaks of; of many sites, calendar.csv has them."""
    newest = max((opening.day for opening in say.cube.openings), default=None)
    if newest is None or len({opening.site for opening in say.cube.openings}) > FEW_SITES:
        return None
    rows: dict[str, list[str]] = {}
    for its in say.cube.openings:
        if its.day == newest:
            rows.setdefault(say.name((its.site, its.region)), []).append(_opening(say, its))
    return {
        "title": say.words["opening"].format(day=say.day(newest)),
        "text": say.words["opening_note"],
        "rows": [[name, ", ".join(told)] for name, told in rows.items()],
    }


def _opening(say: Speaker, its) -> str:
    if not its.opens:
        return say.words["closed"]
    opens, closes = (
        say.words["clock" if time.minute else "on_the_hour"].format(h=time.hour, m=time.minute)
        for time in (its.opens, its.closes)
    )
    return say.words["from_to"].format(opens=opens, closes=closes)
