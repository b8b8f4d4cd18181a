import json
import re
from datetime import date

import pytest

from sites.releases.formats import dhis2
from tests.releases.formats.cubes import DAY, QUARTER, cube, figure, of_places


def values(its) -> list[dict]:
    return json.loads(dhis2.values(its))["dataValues"]


def metadata(its) -> dict:
    return json.loads(dhis2.metadata(its))


def test_each_cell_of_the_ledger_leaves_with_its_bounds_and_no_sum_does():
    cells = [f for f in cube().figures if f.status == "rounded"]
    told = {(v["dataElement"], v["period"], v["orgUnit"]): v["value"] for v in values(cube())}
    assert len(told) == 3 * len(cells)
    assert told["SCS_VISITS_DAY", "20261120", "S01"] == "105"
    assert told["SCS_VISITS_DAY_L", "20261120", "S01"] == "101"
    assert told["SCS_VISITS_DAY_U", "20261120", "S01"] == "109"
    assert told["SCS_REVERSALS_MONTH", "202610", "S03"] == "20"
    assert told["SCS_VISITS_LATE_YEAR", "2025", "S01"] == "0"
    assert {unit for _e, _p, unit in told} == {"S01", "S02", "S03"}


def test_what_it_adds_up_to_is_what_the_release_tells():
    """Daily values of a region, added up by DHIS2, are the region's figure and its bounds."""
    (total,) = (f for f in cube().figures if (f.site, f.region, f.grain) == ("ALL", "R01", "day"))
    for code, told in (("", total.value), ("_L", total.lower), ("_U", total.upper)):
        its = [v for v in values(cube()) if v["dataElement"] == f"SCS_VISITS_DAY{code}"]
        assert sum(int(v["value"]) for v in its if v["orgUnit"] in ("S01", "S02")) == told


@pytest.mark.parametrize(
    ("grain", "day", "told"),
    [
        ("day", date(2026, 11, 3), "20261103"), ("week", date(2026, 11, 16), "2026W47"),
        ("week", date(2026, 12, 28), "2026W53"), ("week", date(2027, 1, 4), "2027W1"),
        ("month", date(2026, 3, 1), "202603"), ("quarter", date(2026, 10, 1), "2026Q4"),
        ("year", date(2026, 1, 1), "2026"),
    ],
)  # fmt: skip
def test_periods_are_those_of_dhis2(grain, day, told):
    assert dhis2.period(grain, day) == told


def test_the_metadata_holds_all_that_the_values_name():
    told = metadata(cube())
    elements = {element["code"]: element for element in told["dataElements"]}
    assert set(elements) == {value["dataElement"] for value in values(cube())}
    units = {unit["code"]: unit for unit in told["organisationUnits"]}
    assert {value["orgUnit"] for value in values(cube())} <= set(units)
    assert units["S03"]["parent"]["id"] == units["R02"]["id"]
    in_sets = {e["dataElement"]["id"] for each in told["dataSets"] for e in each["dataSetElements"]}
    assert in_sets == {element["id"] for element in elements.values()}
    assert {each["periodType"] for each in told["dataSets"]} == {"Daily", "Monthly", "Yearly"}
    assert all(e["zeroIsSignificant"] for e in elements.values())


def test_ids_names_and_codes_fit_and_are_all_different():
    parts = [
        f
        for category in ("opioid_and_stimulant", "opioid_only", "other")
        for f in of_places("visits_by_substance", "quarter", *QUARTER, 500, category=category)
    ]
    told = metadata(cube([*cube().figures, *parts]))
    for name in ("organisationUnits", "dataElements", "dataSets"):
        for key in ("id", "code", "name"):
            its = [each[key] for each in told[name]]
            assert len(its) == len(set(its)), (name, key)
        assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9]{10}", each["id"]) for each in told[name])
        assert all(0 < len(each["code"]) <= 50 and 0 < len(each["shortName"]) <= 50 for each in told[name])


def test_a_code_that_would_be_too_long_is_cut_and_stays_its_own():
    long = [("visits_by_something", category * 12, "quarter") for category in ("abcdef", "abcdeg")]
    codes = [dhis2.element_code(each, suffix) for each in long for suffix in ("", "_L", "_U")]
    assert all(len(code) <= 50 for code in codes)
    assert len(set(codes)) == 6


def test_people_do_not_add_up_over_time():
    clients = cube([figure("S01", "R01", "unique_clients", "month", DAY, DAY, 105)])
    assert {e["aggregationType"] for e in metadata(clients)["dataElements"]} == {"LAST"}


def test_someone_who_is_told_no_site_gets_the_values_of_regions():
    public = cube().only(lambda f: f.site == "ALL", [])
    told = {(v["dataElement"], v["orgUnit"]): v["value"] for v in values(public)}
    assert told["SCS_VISITS_DAY", "R01"] == "210"
    assert {unit for _element, unit in told} == {"R01", "R02"}
    units = {unit["code"]: unit for unit in metadata(public)["organisationUnits"]}
    assert set(units) == {"SCS", "R01", "R02"}
    sums = cube().only(lambda f: f.place == ("ALL", "ALL"), [])
    assert {value["orgUnit"] for value in values(sums)} == {"SCS"}


def test_a_release_without_figures_has_no_values():
    assert values(cube([], openings=[], earlier=[])) == []
