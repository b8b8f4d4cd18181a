"""The first pages of the report: the sentence, the key figures, the charts."""

from collections.abc import Iterator

from sites.releases.formats.figures import Figure
from sites.releases.formats.report.drawn import bars, line
from sites.releases.formats.report.shown import EVERYWHERE, Shown
from sites.releases.formats.report.speaking import Speaker, capital, small
from sites.releases.terms import ALL

VISITS, REVERSALS = "visits", "reversals"
MOST_KEYS, MOST_BARS = 4, 3


def whole_name(say: Speaker, shown: Shown) -> str:
    return say.name(shown.whole or EVERYWHERE)


def headline(say: Speaker, shown: Shown) -> list[dict]:
    """Pieces of one sentence, in reading order; its figures are marked."""
    visits = shown.latest(shown.whole, VISITS) if shown.whole else None
    if visits is None:
        return [_piece(say.words["no_whole"].format(day=say.day(say.cube.published_at.date())))]
    told = [_piece(f"{say.when(visits)}, "), _piece(say.about(visits) + say.words["visits"], marked=True)]
    if sites := shown.sites_of(visits):
        told.append(_piece(say.words["at"].get(sites, say.words["at"][0]).format(n=sites)))
    reversals = shown.latest(shown.whole, REVERSALS)
    if reversals is None:
        return [*told, _piece(".")]
    marked, rest = say.words["reversals"]
    return [
        *told,
        _piece(f"; {small(say.when(reversals))}, "),
        _piece(say.about(reversals) + marked, marked=True),
        _piece(rest),
    ]


def _piece(text: str, *, marked: bool = False) -> dict:
    return {"text": text, "marked": marked}


def keys(say: Speaker, shown: Shown) -> Iterator[dict]:
    if not shown.whole:
        return
    found = [shown.latest(shown.whole, code) for code in shown.indicators()]
    chosen = [figure for figure in found if figure][:MOST_KEYS]
    month = shown.newest(shown.whole, VISITS, "month")
    if month and month not in chosen and len(chosen) < MOST_KEYS:
        chosen.append(month)
    for figure in chosen:
        yield {
            "label": say.label(figure.indicator),
            "value": say.number(figure.value) if figure.value else say.about(figure),
            "zero": figure.value == 0,
            "span": say.words["true_count"].format(span=say.span(figure)),
            "when": say.period(figure),
        }


def charts(say: Speaker, shown: Shown) -> Iterator[dict]:
    """Visits as a line, then others as bars, in the order of the plan."""
    if not shown.whole:
        return
    place, drawn = whole_name(say, shown), 0
    for indicator in shown.indicators():
        points = shown.line(shown.whole, indicator)
        if points and indicator == VISITS:
            yield line(points, say.language) | _words(say, points, place, "band")
        elif points and drawn < MOST_BARS:
            drawn += 1
            yield bars(points, say.language) | _words(say, points, place, "whisker")


def regions(say: Speaker, shown: Shown) -> dict | None:
    """A small line of visits for each region, when there are several."""
    if len(shown.regions) < 2:
        return None
    drawn = []
    for region in shown.regions:
        points = shown.line((ALL, region), VISITS)
        if points:
            place = say.name((ALL, region))
            told = {"title": place, "note": f"{say.about(points[-1])} ({say.span(points[-1])})"}
            alt = _words(say, points, place, "band")["alt"]
            drawn.append(line(points, say.language, lines=3, labels=3) | told | {"alt": alt})
    if not drawn:
        return None
    return {"title": f"{say.label(VISITS)} · {small(say.words['regions'])}", "charts": drawn}


def _words(say: Speaker, points: list[Figure], place: str, mark: str) -> dict:
    last = points[-1]
    title = say.words["by"][last.grain].format(label=say.label(last.indicator))
    count = say.words["last"][last.grain].format(n=len(points))
    alt = say.words["alt"].format(
        title=title,
        place=place,
        first=say.about(points[0]),
        latest=say.about(last),
        least=say.number(min(figure.value for figure in points)),
        most=say.number(max(figure.value for figure in points)),
    )
    return {"title": title, "note": capital(f"{count} · {place} · {say.words[mark]}"), "alt": alt}
