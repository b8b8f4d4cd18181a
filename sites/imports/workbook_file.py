"""An Excel workbook as rows of text: its first sheet, values only, never larger than it may be."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from importlib import import_module
from io import BytesIO

from django.utils.translation import gettext as _

from sites.imports.csv_file import too_wide
from sites.imports.errors import Unreadable
from sites.imports.terms import MAX_COLUMNS, MAX_UNFOLDED_MIB

ARCHIVE, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MIB = 1024 * 1024
MOST_PARTS = 500
# What no spreadsheet writes into its parts, and what entities that multiply begin with.
DOCTYPE = b"<!DOCTYPE"
# A sheet may hold a million formatted rows with nothing in them.
MOST_LINES = 1_048_576
# What stands in a cell instead of a value; as in a CSV, reading says it.
FORMULA = "="


def rows_of(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """(row, cells) of the first sheet. Raises Unreadable, also on the way."""
    _refuse_bombs(content)
    # Whatever a broken workbook makes its library raise, it is a file that does not read.
    try:
        # Loaded by who brings a workbook: it takes numpy along, and each web process would carry it.
        book = import_module("openpyxl").load_workbook(
            BytesIO(content), read_only=True, data_only=False, keep_links=False
        )
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), 1):
            if len(cells) > MAX_COLUMNS and cells[MAX_COLUMNS].value is not None:
                raise Unreadable(too_wide())
            yield number, [_text(cell) for cell in cells]
            if number > MOST_LINES:
                break
    except Unreadable:
        raise
    except Exception as error:
        raise _broken() from error


def _broken() -> Unreadable:
    return Unreadable(_("Ce classeur ne s’ouvre pas. L’enregistrer de nouveau en .xlsx, ou en CSV."))


def _refuse_bombs(content: bytes) -> None:
    """What is declared is the most that is ever unfolded: the archive is read no further."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            unfolded = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or unfolded > MAX_UNFOLDED_MIB * MIB:
                words = _(
                    "Ce classeur déplié dépasse %(n)s Mio. Copier le registre seul dans un fichier neuf."
                )
                raise Unreadable(words % {"n": MAX_UNFOLDED_MIB})
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and _has_doctype(archive, part):
                    raise _broken()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise _broken() from error


def _has_doctype(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Two bytes a letter included; read piece by piece."""
    tail = b""
    with archive.open(part) as opened:
        while piece := opened.read(MIB):
            seen = tail + piece.replace(b"\x00", b"").upper()
            if DOCTYPE in seen:
                return True
            tail = seen[-len(DOCTYPE) :]
    return False


def _text(cell) -> str:
    """A cell as reading takes it: dates in ISO, whole numbers without a point, of a formula its sign."""
    value, kind = cell.value, getattr(cell, "data_type", "n")
    if value is None:
        return ""
    if kind == "f":
        return FORMULA
    if kind == "e":
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        # To the second: a fraction of a day is never quite the minute that was typed.
        return (value + timedelta(milliseconds=500)).replace(microsecond=0).isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.replace(microsecond=0).isoformat()
    if isinstance(value, timedelta):
        return f"{value / timedelta(days=1):.10f}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
