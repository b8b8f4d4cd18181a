"""A CSV file as rows of text: its encoding and its separator are found, and what is no table is refused."""

import csv
from collections.abc import Iterator
from io import StringIO

from django.utils.translation import gettext as _

from sites.imports.errors import Unreadable
from sites.imports.terms import MAX_COLUMNS

SEPARATORS = ";,\t"
MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
# More separators than this on one line is no register, whatever is quoted.
MOST_ON_A_LINE = 20 * MAX_COLUMNS


def text_of(content: bytes) -> str:
    """UTF-8 with or without its mark, else Windows-1252. Raises Unreadable for anything else."""
    if content[:2] in MARKS:
        raise Unreadable(_("Ce fichier est en UTF-16. L’enregistrer en « CSV UTF-8 », puis recommencer."))
    if b"\x00" in content:
        raise Unreadable(_("Ce fichier n’est pas un tableau : il contient des signes qu’un CSV n’a pas."))
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("Les lettres de ce fichier ne se lisent pas. L’enregistrer en « CSV UTF-8 »."))


def rows_of(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """(row as a spreadsheet numbers it, cells). Raises Unreadable, also on the way."""
    text = text_of(content)
    if any(_separators_in(line) > MOST_ON_A_LINE for line in text.splitlines()):
        raise Unreadable(too_wide())
    first, _end, _rest = text.partition("\n")
    told = first.strip().lower()
    if told.startswith("sep=") and len(told) == len("sep=") + 1:
        separator = told[-1]
    else:
        separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator)
    try:
        for number, cells in enumerate(reader, 1):
            if not (number == 1 and told.startswith("sep=")):
                yield number, cells
    except csv.Error as error:
        raise Unreadable(_("Un guillemet ouvert n’est pas refermé, ou une case est trop longue.")) from error


def _separators_in(line: str) -> int:
    return max(map(line.count, SEPARATORS))


def too_wide() -> str:
    return _("Plus de %(n)s colonnes : garder seulement celles du registre.") % {"n": MAX_COLUMNS}
