import json
import re

import pytest

from sites.releases.formats import fhir
from tests.releases.formats.cubes import QUARTER, cube, of_places

BOUNDS = "urn:scs:fhir:true-count"


def bundle(its) -> dict:
    return json.loads(fhir.release(its))


def resources(its, kind: str) -> list[dict]:
    return [e["resource"] for e in bundle(its)["entry"] if e["resource"]["resourceType"] == kind]


def counted(population: dict) -> tuple[int, int, int]:
    (bounds,) = (e["valueRange"] for e in population["extension"] if e["url"] == BOUNDS)
    return population["count"], bounds["low"]["value"], bounds["high"]["value"]


def test_every_figure_is_a_count_of_one_report_with_its_range():
    told, names = [], {}
    for entry in bundle(cube())["entry"]:
        names[entry["fullUrl"]] = entry["resource"]
    for report in (r for r in names.values() if r["resourceType"] == "MeasureReport"):
        place = names[report["subject"]["reference"]]["identifier"][0]["value"]
        for group in report["group"]:
            code = group["code"]["coding"][0]["code"]
            (population,) = group["population"]
            told.append(
                (place, code, report["period"]["start"], report["period"]["end"], counted(population))
            )
    assert sorted(told) == sorted(
        (f"{f.region}/{f.site}", f.indicator, f.period_start.isoformat(), f.period_end.isoformat(),
         (f.value, f.lower, f.upper))
        for f in cube().figures
    )  # fmt: skip


def test_the_measure_defines_each_indicator_with_its_version():
    (measure,) = resources(cube(), "Measure")
    assert [g["code"]["coding"][0]["code"] for g in measure["group"]] == list(cube().definitions)
    assert {g["code"]["coding"][0]["version"] for g in measure["group"]} == {"1"}
    assert all(g["description"] and g["population"][0]["criteria"]["expression"] for g in measure["group"])
    assert {r["measure"] for r in resources(cube(), "MeasureReport")} == {measure["url"]}


def test_planned_hours_plan_and_grain_stand_beside_the_counts():
    report = resources(cube(), "MeasureReport")[0]
    beside = {e["url"].rpartition(":")[2]: e for e in report["extension"]}
    assert beside["planned-hours"]["valueQuantity"]["code"] == "h"
    assert beside["plan-version"]["valueString"] == "2026-1"
    assert beside["grain"]["valueCode"] in ("day", "month", "year")


def test_parts_of_an_indicator_are_strata_without_a_sum_of_their_own():
    parts = of_places("visits_by_substance", "quarter", *QUARTER, 500, category="other")
    report = resources(cube(parts), "MeasureReport")[0]
    (group,) = report["group"]
    assert "population" not in group
    (stratum,) = group["stratifier"][0]["stratum"]
    assert stratum["value"]["coding"][0]["code"] == "other"
    assert counted(stratum["population"][0])[0] in (500, 1000, 1500)


@pytest.mark.parametrize("its", [cube(), cube([], openings=[], earlier=[])], ids=["full", "empty"])
def test_ids_are_valid_and_every_reference_leads_somewhere(its):
    entries = bundle(its)["entry"]
    urls = {entry["fullUrl"] for entry in entries}
    assert len(urls) == len(entries)
    assert all(re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", entry["resource"]["id"]) for entry in entries)
    assert set(re.findall(r'"reference":"([^"]+)"', fhir.release(its).decode())) <= urls
