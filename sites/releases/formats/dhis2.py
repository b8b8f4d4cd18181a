"""DHIS2: dataValueSets of the ledger's cells, and the metadata to import before them.

Of sites only the figures that were rounded once, each with the least and the most that the true count may
be: DHIS2 adds all three up over time and places, and arrives at the totals of the release. A place takes
values of its own only where nothing below it is told, or they would be counted twice.
"""

import hashlib
from collections.abc import Iterator
from datetime import date

from sites.releases.formats.figures import Cube, Figure
from sites.releases.formats.json import dumped, whole
from sites.releases.formats.words import GRAINS, TITLE
from sites.releases.terms import ALL, ROUNDED

PERIODS = {"day": "Daily", "week": "Weekly", "month": "Monthly", "quarter": "Quarterly", "year": "Yearly"}
# What DHIS2 allows for a code and a short name, and for a name.
SHORT, LONG = 50, 230
BOUNDS = {
    "value": ("", "", ""),
    "lower": ("_L", " : vrai compte, au moins", ": true count, at least"),
    "upper": ("_U", " : vrai compte, au plus", ": true count, at most"),
}
ROOT = "SCS"
# Before any site: an organisation unit takes no value from before it opened.
LONG_OPEN = "2000-01-01"

Element = tuple[str, str, str]
Place = tuple[str, str]


def values(cube: Cube) -> bytes:
    found = [value for figure in _cells(cube) for value in _values(figure)]
    lines = ",\n".join(map(dumped, found))
    return (
        '{"dataElementIdScheme": "CODE", "orgUnitIdScheme": "CODE", "dataValues": [\n' + lines + "\n]}\n"
    ).encode()


def _cells(cube: Cube) -> list[Figure]:
    regions = {figure.region for figure in cube.figures} - {ALL}
    of_sites = {figure.region for figure in cube.figures if figure.site != ALL}
    lowest = {(ALL, region) for region in regions - of_sites} | (set() if regions else {(ALL, ALL)})
    return [
        figure
        for figure in cube.figures
        if figure.place in lowest or (figure.site != ALL and figure.status == ROUNDED)
    ]


def _values(figure: Figure) -> Iterator[dict]:
    for bound, (suffix, _fr, _en) in BOUNDS.items():
        yield {
            "dataElement": element_code(_element(figure), suffix),
            "period": period(figure.grain, figure.period_start),
            "orgUnit": _code(figure.place),
            "value": str(getattr(figure, bound)),
        }


def _code(place: Place) -> str:
    site, region = place
    return site if site != ALL else region if region != ALL else ROOT


def _element(figure: Figure) -> Element:
    return figure.indicator, figure.category, figure.grain


def element_code(element: Element, suffix: str) -> str:
    """SCS_VISITS_DAY, SCS_VISITS_DAY_L; a long one ends with a few letters of its digest."""
    indicator, category, grain = element
    part = "" if category == ALL else f"_{category}"
    code = f"{ROOT}_{indicator}{part}_{grain}".upper() + suffix
    if len(code) <= SHORT:
        return code
    digest = hashlib.sha256(code.encode()).hexdigest()[:6].upper()
    return f"{code[: SHORT - len(suffix) - 7]}_{digest}{suffix}"


def period(grain: str, first: date) -> str:
    """20261120, 2026W47, 202610, 2026Q3, 2026."""
    if grain == "week":
        year, week, _day = first.isocalendar()
        return f"{year}W{week}"
    quarter = (first.month + 2) // 3
    return {
        "day": f"{first:%Y%m%d}",
        "month": f"{first:%Y%m}",
        "quarter": f"{first.year}Q{quarter}",
        "year": f"{first.year}",
    }[grain]


def metadata(cube: Cube) -> bytes:
    """Organisation units, data elements and a data set for each length of period."""
    cells = _cells(cube)
    places = sorted({figure.place for figure in cells}, key=lambda place: (place[1], place[0]))
    elements = list(dict.fromkeys(map(_element, cells)))
    return whole(
        {
            "organisationUnits": list(_units(cube, places)),
            "dataElements": [_described(cube, element, bound) for element in elements for bound in BOUNDS],
            "dataSets": [
                _data_set(grain, elements, places)
                for grain in PERIODS
                if any(e[2] == grain for e in elements)
            ],
        }
    )


def uid(kind: str, code: str) -> str:
    """Eleven letters and digits that begin with a letter: the same for the same thing in every release."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    number = int.from_bytes(hashlib.sha256(f"{kind}:{code}".encode()).digest(), "big")
    number, first = divmod(number, 52)
    told = letters[first]
    for _ in range(10):
        number, next_one = divmod(number, 62)
        told += letters[next_one]
    return told


def _units(cube: Cube, places: list[Place]) -> Iterator[dict]:
    yield _unit(ROOT, TITLE["fr"], TITLE["en"])
    for region in sorted({region for _site, region in places} - {ALL}):
        names = cube.regions[region]
        yield _unit(region, names.fr, names.en) | {"parent": {"id": uid("unit", ROOT)}}
    for site, region in places:
        if site != ALL:
            names = cube.sites[site]
            yield _unit(site, names.fr, names.en) | {"parent": {"id": uid("unit", region)}}


def _unit(code: str, name_fr: str, name_en: str) -> dict:
    return {
        "id": uid("unit", code),
        "code": code,
        "name": (name_fr or code)[:LONG],
        "shortName": (name_fr or code)[:SHORT],
        "openingDate": LONG_OPEN,
        "translations": [_in_english(name_en or code)],
    }


def _in_english(name: str) -> dict:
    return {"locale": "en", "property": "NAME", "value": name[:LONG]}


def _described(cube: Cube, element: Element, bound: str) -> dict:
    indicator, category, grain = element
    suffix, bound_fr, bound_en = BOUNDS[bound]
    told, code = cube.definitions[indicator], element_code(element, suffix)
    name = {
        language: f"{told[f'label_{language}']}{_part(cube, element, language)} ({GRAINS[grain][language]})"
        for language in ("fr", "en")
    }
    return {
        "id": uid("element", code),
        "code": code,
        "name": (name["fr"] + bound_fr)[:LONG],
        "shortName": code,
        "description": f"{told['definition_fr']} · {told['definition_en']} (version {told['version']})",
        "valueType": "INTEGER_ZERO_OR_POSITIVE",
        "domainType": "AGGREGATE",
        # People are counted once a period: their periods do not add up.
        "aggregationType": "SUM" if told["adds_up"] else "LAST",
        "zeroIsSignificant": True,
        "translations": [_in_english(name["en"] + bound_en)],
    }


def _part(cube: Cube, element: Element, language: str) -> str:
    indicator, category, _grain = element
    return "" if category == ALL else f", {cube.category_name(indicator, category, language)}"


def _data_set(grain: str, elements: list[Element], places: list[Place]) -> dict:
    code = f"{ROOT}_{PERIODS[grain].upper()}"
    mine = [
        element_code(element, suffix)
        for element in elements
        if element[2] == grain
        for suffix, _fr, _en in BOUNDS.values()
    ]
    return {
        "id": uid("dataset", code),
        "code": code,
        "name": f"{TITLE['fr']} ({GRAINS[grain]['fr']})",
        "shortName": code,
        "periodType": PERIODS[grain],
        "dataSetElements": [{"dataElement": {"id": uid("element", each)}} for each in mine],
        "organisationUnits": [{"id": uid("unit", _code(place))} for place in places],
    }
