"""Files as they come: every encoding and separator, and what is no register, said in plain words."""

import io
import zipfile
from datetime import datetime, time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from sites.imports.errors import Unreadable
from sites.imports.models import Import, ImportPiece
from sites.imports.tables import read_table
from sites.imports.terms import MAX_BYTES
from tests.factories import make_staff
from tests.imports.bringing import VISITS, as_csv

ROW = ["2024-03-01 21:05", "22:10", "Femme", "34", "Héroïne", "IV", "2"]


def table(content: bytes) -> tuple[list[str], list[tuple[int, list[str]]]]:
    headings, rows = read_table(content)
    return headings, list(rows)


def workbook(*rows, sheet=None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if sheet:
        sheet(book.active)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_every_encoding_and_separator(encoding, separator):
    headings, rows = table(as_csv(VISITS, [ROW], separator=separator, encoding=encoding))
    assert (headings, rows) == (list(VISITS), [(2, ROW)])


def test_rows_keep_the_numbers_that_a_spreadsheet_gives_them():
    text = "sep=;\nRegistre de mars\n\nArrivée;Âge\n2024-03-01 21:05;34\n;;\n2024-03-02 21:05;\n"
    assert table(text.encode()) == (
        ["Arrivée", "Âge"],
        [(5, ["2024-03-01 21:05", "34"]), (7, ["2024-03-02 21:05", ""])],
    )


def test_a_workbook_gives_days_hours_numbers_and_no_formula():
    def formula(sheet):
        sheet["E2"] = "=A2+1"

    content = workbook(
        ["Arrivée", "Heure", "Nombre", "Vrai", "Calcul"],
        [datetime(2024, 3, 1, 21, 5), time(14, 5), 12.0, True, None],  # noqa: DTZ001 - as Excel has them
        sheet=formula,
    )
    assert table(content) == (
        ["Arrivée", "Heure", "Nombre", "Vrai", "Calcul"],
        [(2, ["2024-03-01 21:05:00", "14:05:00", "12", "1", "="])],
    )


def bomb() -> bytes:
    """Under a hundred kilobytes that unfold to a gigabyte."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _piece in range(60):
                part.write(b" " * 1024 * 1024)
    return kept.getvalue()


def with_entities() -> bytes:
    kept = io.BytesIO(workbook(["A", "B"], ["1", "2"]))
    with zipfile.ZipFile(kept, "a") as archive:
        archive.writestr("xl/lol.xml", '<?xml version="1.0"?><!doctype x [<!entity a "b">]><x>&a;</x>')
    return kept.getvalue()


def cut_short() -> bytes:
    whole = workbook(["A", "B"], ["1", "2"])
    return whole[: len(whole) // 2]


def not_a_workbook() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("hello.txt", "hello")
    return kept.getvalue()


def broken_parts() -> bytes:
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["A", "B"], ["1", "2"]))) as whole,
        zipfile.ZipFile(kept, "w") as out,
    ):
        for part in whole.namelist():
            out.writestr(part, b"<x><y>" if "sheet1" in part else whole.read(part))
    return kept.getvalue()


FEW_ROWS = 300
NO_REGISTER = {
    "empty": (lambda: b"", "vide"),
    "blanks": (lambda: b"\n\n;;\n", "vide"),
    "nul": (lambda: b"Arriv\x00e;Age\n1;2\n", "n’est pas un tableau"),
    "utf-16": (lambda: "Arrivée;Âge\n".encode("utf-16"), "UTF-16"),
    "no encoding": (lambda: b"Arriv\x81e;\x8d\n1;2\n", "ne se lisent pas"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "n’est pas un tableau"),
    "one column": (lambda: b"Arrivee\n2024-03-01\n", "Une seule colonne"),
    "a million columns": (lambda: b";".join([b"x"] * 1_000_000), "colonnes"),
    "wide later": (lambda: b"a;b\n" + b";".join([b"x"] * 900) + b"\n", "colonnes"),
    "quote": (lambda: b'a;b\n1;"' + b"x" * 200_000, "guillemet"),
    "bomb": (bomb, "Mio"),
    "entities": (with_entities, "ne s’ouvre pas"),
    "cut": (cut_short, "ne s’ouvre pas"),
    "archive": (not_a_workbook, "ne s’ouvre pas"),
    "broken": (broken_parts, "ne s’ouvre pas"),
    "old excel": (lambda: b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "avant 2007"),
    "wide book": (lambda: workbook(["x"] * 70, ["y"] * 70), "colonnes"),
    "too long": (lambda: b"a;b\n" + b"1;2\n" * (FEW_ROWS + 1), "lignes"),
    "too heavy": (lambda: b"a;b\n" + b"1;2\n" * (MAX_BYTES // 4), "Mio"),
}


@pytest.mark.parametrize("name", NO_REGISTER)
def test_what_is_no_register_is_said_and_leaves_nothing(site, client, monkeypatch, name):
    monkeypatch.setattr("sites.imports.tables.MAX_ROWS", FEW_ROWS)
    make, words = NO_REGISTER[name]
    content = make()
    with pytest.raises(Unreadable) as refused:
        table(content)
    assert words in refused.value.message
    client.force_login(make_staff("s01-mgr", site, "manager"))
    answer = client.post("/imports/new", {"kind": "kits", "file": SimpleUploadedFile("x.csv", content)})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page or name == "empty"
    assert '<option value="kits" selected>' in page
    assert not Import.objects.exists()
    assert not ImportPiece.objects.exists()


def test_a_file_is_never_written_to_a_folder(site, client, monkeypatch):
    """Django would put one over 2.5 MiB into the temporary folder."""
    monkeypatch.setattr("tempfile.NamedTemporaryFile", lambda *_args, **_more: pytest.fail("a file on disk"))
    client.force_login(make_staff("s01-mgr", site, "manager"))
    content = as_csv(VISITS, [[*ROW[:6], str(n) * 900] for n in range(1000)])
    assert 2.5 < len(content) / 1024**2 < 8
    brought = {"kind": "visits", "file": SimpleUploadedFile("x.csv", content)}
    assert client.post("/imports/new", brought).status_code == 302
    brought = {"kind": "visits", "file": SimpleUploadedFile("x.csv", content * 4)}
    page = client.post("/imports/new", brought)
    assert page.status_code == 422
    assert "au plus 8 Mio" in page.content.decode()


def test_a_cell_far_below_is_read_and_one_far_to_the_right_is_no_column():
    def far(sheet):
        sheet["A100000"], sheet["B100000"], sheet["XFD3"] = "loin", "ici", "trop loin"

    read = table(workbook(["A", "B"], ["1", "2"], sheet=far))
    assert read == (["A", "B"], [(2, ["1", "2"]), (100_000, ["loin", "ici"])])
