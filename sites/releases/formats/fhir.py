"""A FHIR R4 Bundle: one MeasureReport for each place and period, a group for each indicator.

The shape of IHE mADX: the Measure is the data set, its groups are the indicators, the subject is the
place. What a count may truly be stands beside it in an extension; strata are the parts of an indicator.
"""

import io
import uuid
from collections.abc import Iterator
from itertools import chain, groupby

from sites.releases.formats.figures import Cube, Figure, Names
from sites.releases.formats.json import dumped, packed
from sites.releases.formats.words import ALL_SITES
from sites.releases.terms import ALL, CLOCK

NAMES = uuid.UUID("8c6a7c0a-54a7-5f0c-9a2e-6f5f5d1f0b11")
SYSTEM = "urn:scs"
MEASURE = f"{SYSTEM}:measure:release"
POPULATION = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/measure-population",
            "code": "initial-population",
        }
    ]
}
SCORING = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/measure-scoring", "code": "cohort"}]}
HOURS = {"unit": "h", "system": "http://unitsofmeasure.org", "code": "h"}


def release(cube: Cube) -> bytes:
    """Written one resource a line: a year of twenty sites has ten thousand."""
    bundle = {
        "resourceType": "Bundle",
        "id": f"release-{cube.release_id}",
        "language": "fr-CA",
        "identifier": {"system": f"{SYSTEM}:release", "value": cube.release_id},
        "type": "collection",
        "timestamp": cube.published,
    }
    body, between = io.BytesIO(), ""
    body.write(f'{dumped(bundle)[:-1]}, "entry": ['.encode())
    for resource in chain([_measure(cube)], _locations(cube), _reports(cube)):
        entry = {"fullUrl": _urn(resource["id"]), "resource": resource}
        body.write(f"{between}\n{packed(entry)}".encode())
        between = ","
    body.write(b"\n]}\n")
    return body.getvalue()


def _urn(name: str) -> str:
    return uuid.uuid5(NAMES, name).urn


def _measure(cube: Cube) -> dict:
    """The data set: each indicator with its definition, its version and its unit."""
    return {
        "resourceType": "Measure",
        "id": "measure-release",
        "url": MEASURE,
        "version": "+".join(cube.plan_versions) or "0",
        "name": "ScsRelease",
        "title": "Consommation supervisée · Supervised consumption",
        "status": "active",
        "date": cube.published,
        "subjectCodeableConcept": {
            "coding": [{"system": "http://hl7.org/fhir/resource-types", "code": "Location"}]
        },
        "scoring": SCORING,
        "group": [_defined(told) for told in cube.definitions.values()],
    }


def _defined(told: dict) -> dict:
    criteria = {"language": "text/plain", "expression": told["definition_en"]}
    return {
        "extension": [
            _extension("unit", valueString=told["unit"]),
            _extension("rounding-base", valueInteger=told["base"]),
        ],
        "code": _indicator(told) | {"text": f"{told['label_fr']} · {told['label_en']}"},
        "description": told["definition_fr"],
        "population": [{"code": POPULATION, "criteria": criteria}],
    }


def _indicator(told: dict) -> dict:
    """By its code and definition version; its words stand in the Measure, once."""
    coding = {"system": f"{SYSTEM}:indicator", "version": str(told["version"]), "code": told["code"]}
    return {"coding": [coding]}


def _extension(name: str, **value) -> dict:
    return {"url": f"{SYSTEM}:fhir:{name}", **value}


def _locations(cube: Cube) -> Iterator[dict]:
    """The places that the figures speak of."""
    whole = Names(ALL_SITES["fr"], ALL_SITES["en"])
    told = {figure.place for figure in cube.figures}
    for site, region in sorted(told, key=lambda place: (place[0] != ALL, place[1] != ALL, place)):
        names = cube.sites.get(site) or cube.regions.get(region) or whole
        yield {
            "resourceType": "Location",
            "id": _location((site, region)),
            "identifier": [{"system": f"{SYSTEM}:place", "value": "/".join((region, site))}],
            "status": "active",
            "name": names.fr,
            "alias": [names.en],
            "mode": "instance",
        } | _part_of((site, region), told)


def _location(place: tuple[str, str]) -> str:
    return f"location-{place[1]}-{place[0]}"


def _part_of(place: tuple[str, str], told: set[tuple[str, str]]) -> dict:
    site, region = place
    whole = (ALL, region) if site != ALL else (ALL, ALL)
    return {"partOf": _reference(whole)} if whole in told - {place} else {}


def _reference(place: tuple[str, str]) -> dict:
    return {"reference": _urn(_location(place))}


def _reports(cube: Cube) -> Iterator[dict]:
    def of(figure: Figure) -> tuple:
        return figure.place, figure.grain, figure.period_start

    order = {code: number for number, code in enumerate(cube.definitions)}
    figures = sorted(cube.figures, key=lambda figure: (*of(figure), order[figure.indicator]))
    for number, (_key, found) in enumerate(groupby(figures, key=of)):
        yield _report(cube, number, list(found))


def _report(cube: Cube, number: int, figures: list[Figure]) -> dict:
    first = figures[0]
    versions = sorted({figure.plan_version for figure in figures})
    return {
        "resourceType": "MeasureReport",
        "id": f"report-{cube.release_id}-{number}",
        "extension": [
            _extension("grain", valueCode=first.grain),
            _extension("clock", valueCode=CLOCK),
            _extension("plan-version", valueString="+".join(versions)),
            _extension("planned-hours", valueQuantity={"value": first.planned_hours, **HOURS}),
        ],
        "status": "complete",
        "type": "summary",
        "measure": MEASURE,
        "subject": _reference(first.place),
        "date": cube.published,
        "reporter": _reference(first.place),
        "period": {"start": first.period_start.isoformat(), "end": first.period_end.isoformat()},
        "group": [
            _group(cube, indicator, list(found))
            for indicator, found in groupby(figures, key=lambda figure: figure.indicator)
        ],
    }


def _group(cube: Cube, indicator: str, figures: list[Figure]) -> dict:
    code = {"code": _indicator(cube.definitions[indicator])}
    parts = [figure for figure in figures if figure.category != ALL]
    counted = [_population(figure) for figure in figures if figure.category == ALL]
    group = code | ({"population": counted} if counted else {})
    if not parts:
        return group
    strata = [{"value": _category(cube, part), "population": [_population(part)]} for part in parts]
    return group | {"stratifier": [{"code": [{"text": "category"}], "stratum": strata}]}


def _category(cube: Cube, figure: Figure) -> dict:
    coding = {
        "system": f"{SYSTEM}:category",
        "code": figure.category,
        "display": cube.category_name(figure.indicator, figure.category, "en"),
    }
    return {"coding": [coding], "text": cube.category_name(figure.indicator, figure.category, "fr")}


def _population(figure: Figure) -> dict:
    return {
        "extension": [
            _extension(
                "true-count", valueRange={"low": {"value": figure.lower}, "high": {"value": figure.upper}}
            ),
            _extension("status", valueCode=figure.status),
        ],
        "code": POPULATION,
        "count": figure.value,
    }
