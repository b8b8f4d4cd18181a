"""A file that someone brought, as headings and numbered rows, within limits said in plain words."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from sites.imports import csv_file, workbook_file
from sites.imports.errors import Unreadable
from sites.imports.terms import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_MIB, MAX_ROWS
from sites.records.forms import storable_text

Row = tuple[int, list[str]]


def read_table(content: bytes) -> tuple[list[str], Iterator[Row]]:
    """(headings, rows that hold something). Raises Unreadable, also while rows are taken."""
    if len(content) > MAX_BYTES:
        raise Unreadable(_("Plus de %(n)s Mio : couper le registre, par année par exemple.") % {"n": MAX_MIB})
    rows = _plain(_raw(content))
    headings = _headings(rows)
    return headings, _within(rows, len(headings))


def _raw(content: bytes) -> Iterable[Row]:
    if content.startswith(workbook_file.OLD_EXCEL):
        raise Unreadable(
            _("Un classeur d’avant 2007, ou sous mot de passe : l’enregistrer en .xlsx, sans mot de passe.")
        )
    if content.startswith(workbook_file.ARCHIVE):
        return workbook_file.rows_of(content)
    return csv_file.rows_of(content)


def _plain(rows: Iterable[Row]) -> Iterator[Row]:
    """Without the empty ones, and without cells of blanks at the end of a row."""
    for number, cells in rows:
        kept = [storable_text(cell, MAX_CELL).strip() for cell in cells]
        while kept and not kept[-1]:
            kept.pop()
        if kept:
            yield number, kept


def _headings(rows: Iterator[Row]) -> list[str]:
    """The first row that holds two cells or more; a title may stand above it."""
    single: list[str] = []
    for number, cells in rows:
        if len(cells) > MAX_COLUMNS:
            raise Unreadable(csv_file.too_wide())
        if sum(bool(cell) for cell in cells) > 1:
            return cells
        single = single or cells
        if number > MAX_COLUMNS:
            break
    if single:
        raise Unreadable(
            _("Une seule colonne : vérifier que les cases sont séparées par « ; », « , » ou des tabulations.")
        )
    raise Unreadable(_("Le fichier est vide."))


def _within(rows: Iterator[Row], columns: int) -> Iterator[Row]:
    for taken, (number, cells) in enumerate(rows, 1):
        if taken > MAX_ROWS:
            raise Unreadable(
                _("Plus de %(n)s lignes : couper le registre, par année par exemple.") % {"n": MAX_ROWS}
            )
        if len(cells) > MAX_COLUMNS:
            raise Unreadable(csv_file.too_wide())
        yield number, (cells + [""] * (columns - len(cells)))[: max(columns, 1)]
