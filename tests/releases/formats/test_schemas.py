"""The schemas that others get with our JSON hold, and refuse what they should."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from jsonschema import Draft202012Validator

from sites.releases.formats import dhis2
from sites.releases.formats import json as rendered
from tests.releases.formats.cubes import QUARTER, cube, of_places

FOLDER = Path(settings.BASE_DIR) / "docs" / "formats"
PARTS = of_places("visits_by_substance", "quarter", *QUARTER, 500, category="other")
CUBES = {
    "full": cube(), "empty": cube([], openings=[], earlier=[]),
    "regions": cube().only(lambda f: f.site == "ALL", []), "parts": cube(PARTS),
}  # fmt: skip
RENDERED = {
    "release": rendered.release, "dhis2-values": dhis2.values, "dhis2-metadata": dhis2.metadata,
}  # fmt: skip


def validator(name: str) -> Draft202012Validator:
    schema = json.loads((FOLDER / f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.parametrize("its", CUBES.values(), ids=CUBES)
@pytest.mark.parametrize("name", RENDERED)
def test_what_is_rendered_fits_its_schema(name, its):
    errors = validator(name).iter_errors(json.loads(RENDERED[name](its)))
    assert [error.message for error in errors] == []


@pytest.mark.parametrize(
    ("name", "path", "wrong"),
    [
        ("release", ("rows", 0, "value"), 103),
        ("release", ("rows", 0, "value"), "105"),
        ("release", ("rows", 0, "visits"), ["someone"]),
        ("release", ("calendar", 0, "service_day"), "yesterday"),
        ("dhis2-values", ("dataValues", 0, "period"), "2026-11-20"),
        ("dhis2-values", ("dataValues", 0, "value"), 105),
        ("dhis2-metadata", ("dataElements", 0, "id"), "1"),
    ],
)
def test_what_is_not_right_is_refused(name, path, wrong):
    told = json.loads(RENDERED[name](cube()))
    inner = told
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = wrong
    assert not validator(name).is_valid(told)


def test_a_row_stands_with_its_unit_its_definition_and_its_planned_hours():
    told = json.loads(rendered.release(cube()))
    row = told["rows"][0]
    assert (row["value"], row["lower"], row["upper"], row["planned_hours"]) == (105, 101, 109, 12.08)
    assert (row["unit"], row["definition_version"], row["plan_version"]) == ("count", 1, "2026-1")
    assert row["indicator"] in {definition["code"] for definition in told["definitions"]}
    assert told["sites"]["S01"] == {"fr": "La Halte", "en": "La Halte"}
    assert told["calendar"][-1]["opens"] is None
