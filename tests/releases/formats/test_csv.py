import csv
import io
from dataclasses import replace

from sites.releases.formats import csv as rendered
from tests.releases.formats.cubes import cube, figure

HEADER = (
    "release_id,published_at,plan_version,clock,site,region,period_start,period_end,grain,indicator,"
    "category,value,lower,upper,base,status"
)


def lines(body: bytes) -> list[str]:
    return body.decode().split("\n")


def test_the_columns_are_those_of_the_contract_and_a_row_is_one_figure():
    head, first, *rest = lines(rendered.release(cube()))
    assert head == HEADER
    assert first == (
        "2026-11-22,2026-11-22T11:00:05Z,2026-1,service_day,S01,R01,2026-11-20,2026-11-20,day,visits,"
        "ALL,105,101,109,5,rounded"
    )
    assert rest[-1] == ""
    assert len(rest) == len(cube().figures)


def test_the_french_one_differs_by_its_mark_and_its_semicolons_alone():
    plain, french = rendered.release(cube()), rendered.release_fr(cube())
    assert not plain.startswith(b"\xef\xbb\xbf")
    assert french.startswith(b"\xef\xbb\xbfrelease_id;")
    assert french.decode("utf-8-sig").replace(";", ",") == plain.decode()
    assert b"\r" not in plain + french


def test_hours_are_planned_and_a_closed_day_says_so():
    rows = list(csv.DictReader(io.StringIO(rendered.calendar(cube()).decode())))
    assert rows[0] == {
        "site": "S01", "region": "R01", "service_day": "2026-11-20", "opens": "2026-11-20T14:00+0000",
        "closes": "2026-11-21T02:05+0000", "planned_hours": "12.08",
    }  # fmt: skip
    assert (rows[-1]["opens"], rows[-1]["closes"], rows[-1]["planned_hours"]) == ("", "", "0.00")


def test_a_text_that_a_spreadsheet_would_calculate_is_quoted():
    hostile = figure("S01", "R01", "visits", "day", *[cube().figures[0].period_start] * 2, 105)
    for text in ("=1+1", "@SUM(A1)", "+1", "-1", "\t=1"):
        planted = cube([replace(hostile, plan_version=text)])
        (row,) = csv.DictReader(io.StringIO(rendered.release(planted).decode()))
        assert row["plan_version"] == f"'{text}"
        assert row["value"] == "105"


def test_a_release_without_figures_has_its_header():
    assert rendered.release(cube([], openings=[])).decode() == HEADER + "\n"
