import io
import re
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest
import time_machine

from sites.releases.formats import xlsx
from tests.releases.formats.cubes import DAY, FORMULA, TYPST, cube


@pytest.fixture(scope="module", params=[2000, 0], ids=["in memory", "streamed"])
def book(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xlsx, "FEW", request.param)
        return openpyxl.load_workbook(io.BytesIO(xlsx.release(cube())))


def rows(sheet) -> list[dict]:
    head, *rest = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rest]


def test_a_sheet_for_each_language_and_three_for_both(book):
    assert book.sheetnames == [
        "Chiffres", "Figures", "Méthode et promesse · Method", "Définitions · Definitions", "Horaire · Hours",
    ]  # fmt: skip


def test_numbers_are_numbers_and_dates_are_dates(book):
    row = rows(book["Chiffres"])[0]
    assert (row["Chiffre"], row["Vrai compte : de"], row["Vrai compte : à"]) == (105, 101, 109)
    assert row["Du"].date() == DAY
    assert row["Publié le (UTC)"].isoformat() == "2026-11-22T11:00:05"
    assert row["Heures prévues"] == pytest.approx(12.08)
    assert (row["Unité"], row["Version de la définition"], row["Plan"]) == ("nombre", 1, "2026-1")
    assert row["Définition"].startswith("Visites")


def test_both_sheets_hold_every_figure_in_the_same_order(book):
    french, english = rows(book["Chiffres"]), rows(book["Figures"])
    told = [(f.site, f.region, f.value, f.lower, f.upper, f.base) for f in cube().figures]
    for sheet, names in ((french, ("Site", "Région", "Chiffre", "Vrai compte : de", "Vrai compte : à",
                                   "Arrondi à")),
                         (english, ("Site", "Region", "Figure", "True count: from", "True count: to",
                                    "Rounded to"))):  # fmt: skip
        assert [tuple(row[name] for name in names) for row in sheet] == told
    assert {row["Period"] for row in english} == {"day", "month", "year"}
    assert {row["Nom de la région"] for row in french} == {"Montréal", "Estrie", "Toutes les régions"}


def test_no_formula_gets_in_whatever_a_name_looks_like(book):
    names = {row["Nom du site"] for row in rows(book["Chiffres"])}
    assert {FORMULA, TYPST} <= names
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "d", "inlineStr"}
    with zipfile.ZipFile(io.BytesIO(xlsx.release(cube()))) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/sheet" in name]
        assert not [name for name in parts.namelist() if "externalLink" in name or "vba" in name.lower()]
    assert all(not re.search(r"<f[ >]|<hyperlink", sheet) for sheet in sheets)


def test_the_heading_stays_and_filters_and_prints_on_every_page(book):
    for name in ("Chiffres", "Figures", "Définitions · Definitions", "Horaire · Hours"):
        sheet = book[name]
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert book["Chiffres"].auto_filter.ref == f"A1:W{len(cube().figures) + 1}"


def test_promise_method_definitions_and_hours_are_in_it(book):
    method = {row[0]: row[1:] for row in book["Méthode et promesse · Method"].iter_rows(values_only=True)}
    french, english = method["Promesse · Promise"]
    assert "un multiple de 5" in french
    assert "rounded at random, once" in english
    assert method["Plan de publication · Publication plan"][0] == "2026-1"
    definitions = rows(book["Définitions · Definitions"])
    assert [row["Code · Code"] for row in definitions] == list(cube().definitions)
    hours = rows(book["Horaire · Hours"])
    assert hours[0]["Ouvre (heure du site) · Opens (local)"].isoformat() == "2026-11-20T14:00:00"
    assert hours[-1]["Ouvre (heure du site) · Opens (local)"] is None
    assert hours[-1]["Heures prévues · Planned hours"] == 0


@pytest.mark.parametrize("few", [2000, 0])
def test_written_again_on_another_day_it_is_the_same_bytes(monkeypatch, few):
    monkeypatch.setattr(xlsx, "FEW", few)
    first = xlsx.release(cube())
    with time_machine.travel(datetime(2031, 7, 4, 12, tzinfo=UTC)):
        assert xlsx.release(cube()) == first


def test_a_release_without_figures_opens_too():
    empty = openpyxl.load_workbook(io.BytesIO(xlsx.release(cube([], openings=[], definitions={}))))
    assert rows(empty["Chiffres"]) == []
