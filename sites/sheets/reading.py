"""Reading a sheet that was typed in: each cell on its own, then what the rows mean together."""

import re
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from sites.clockwork.services import now
from sites.codes.queries import choices
from sites.places.models import Site
from sites.places.queries import today
from sites.records.envelopes import as_uuid
from sites.records.forms import storable_text
from sites.records.pages import new_id
from sites.records.services import Receipt
from sites.records.together import Told
from sites.sheets.columns import ANSWER, CHOICE, DAY, NUMBER, TIME, TWO, Column, Fact, Line, Options, Sheet
from sites.sheets.told import Unreadable

CLOCK = re.compile(r"(\d{1,2})\s*[hH:.]?\s*(\d{2})")
LONGEST_AGO = timedelta(days=366)
LONGEST_TEXT = 200
HEAD = "head"


@dataclass
class Cell:
    """One cell as the page shows it: the names and values of its inputs, and what was wrong."""

    column: Column
    names: list[str]
    values: list[str]
    options: Options = field(default_factory=list)
    problem: str = ""

    @property
    def inputs(self) -> list[tuple[str, str]]:
        return list(zip(self.names, self.values, strict=True))


@dataclass
class Row:
    number: int
    ref: str
    fixed: list[str]
    cells: list[Cell]


@dataclass
class Typed:
    """A sheet as typed: its day, its head, its rows, and, when it could be read, the records it means."""

    site: Site
    sheet: Sheet
    day: date
    head: list[Cell]
    rows: list[Row]
    ref: str
    problems: list[tuple[str, str]] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    owners: dict[str, Row | None] = field(default_factory=dict)
    many: int = 0


def offered(site: Site, column: Column, day: date) -> Options:
    if column.options:
        return column.options(site)
    return choices(column.codes, day) if column.codes else []


def blank(site: Site, sheet: Sheet, day: date, posted: QueryDict | None = None) -> Typed:
    """The sheet with what was typed so far, or nothing."""
    posted = posted if posted is not None else QueryDict()
    options = {c: offered(site, c, day) for c in (*sheet.head, *sheet.columns)}

    def cell(column: Column, at: str) -> Cell:
        names = [f"{at}-{column.name}"]
        if column.many:
            names = [f"{at}-{column.name}-{n}" for n in range(TWO)]
        values = [storable_text(posted.get(name, "").strip(), LONGEST_TEXT) for name in names]
        return Cell(column, names, values, options[column])

    fixed = sheet.fixed(site) if sheet.fixed else [("", [])] * sheet.rows
    rows = [
        Row(n, ref or _ref(posted.get(f"{n}-ref")), words, [cell(c, str(n)) for c in sheet.columns])
        for n, (ref, words) in enumerate(fixed, 1)
    ]
    head = [cell(c, HEAD) for c in sheet.head]
    return Typed(site, sheet, day, head, rows, _ref(posted.get("ref")))


def _ref(text: str | None) -> str:
    return str(as_uuid(text) or new_id())


def read(site: Site, sheet: Sheet, posted: QueryDict) -> Typed:
    """The sheet, and the records it means; `problems` says what stands against it, cell by cell."""
    day = _day(posted.get("day", ""))
    typed = blank(site, sheet, day or today(site), posted)
    if day is None or not today(site) - LONGEST_AGO <= day <= today(site):
        typed.problems.append(("day", _("Dire de quel jour de service est la feuille.")))
        return typed
    head = {"ref": typed.ref} | _cells(typed, typed.head)
    lines = [
        Line(row.number, row.ref, _cells(typed, row.cells))
        for row in typed.rows
        if any(value for cell in row.cells for value in cell.values)
    ]
    if typed.problems:
        return typed
    try:
        _tell(typed, sheet.facts(site, head, lines))
    except Unreadable as unreadable:
        _mark(typed, unreadable)
        return typed
    typed.many = len(lines)
    if not typed.told:
        typed.problems.append(("rows", _("La feuille est vide.")))
    return typed


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _cells(typed: Typed, cells: list[Cell]) -> dict:
    found = {}
    for cell in cells:
        try:
            found[cell.column.name] = _value(typed, cell)
        except ValidationError as error:
            cell.problem = error.messages[0]
            typed.problems.append((cell.names[0], cell.problem))
    return found


def _value(typed: Typed, cell: Cell):
    """What the cell holds: an instant, a number, a code, codes, yes or no, a text; None when empty."""
    values = [value for value in cell.values if value]
    if not values:
        if cell.column.needed:
            raise ValidationError(_("Il manque une réponse."))
        return None
    return READ.get(cell.column.form, _text)(typed, cell, values)


def _text(typed: Typed, cell: Cell, values: list[str]) -> str:
    return values[0]


def _choice(typed: Typed, cell: Cell, values: list[str]):
    if not set(values) <= {code for code, _words in cell.options}:
        raise ValidationError(_("Ce choix n’existe pas."))
    return list(dict.fromkeys(values)) if cell.column.many else values[0]


def _clock(typed: Typed, cell: Cell, values: list[str]) -> datetime:
    return instant_of(typed.site, typed.day, values[0])


def _number(typed: Typed, cell: Cell, values: list[str]) -> int:
    if not (values[0].isascii() and values[0].isdigit() and len(values[0]) < 7):
        raise ValidationError(_("Un nombre entier."))
    return int(values[0])


def _answer(typed: Typed, cell: Cell, values: list[str]) -> bool | None:
    return {"1": True, "0": False}.get(values[0])


def _date(typed: Typed, cell: Cell, values: list[str]) -> str:
    if (day := _day(values[0])) is None:
        raise ValidationError(_("Une date, comme 2026-11-22."))
    return day.isoformat()


READ = {CHOICE: _choice, TIME: _clock, NUMBER: _number, ANSWER: _answer, DAY: _date}


def instant_of(site: Site, day: date, text: str) -> datetime:
    """A clock time written on a sheet of this service day: before the cut-over it is the night after."""
    found = CLOCK.fullmatch(text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValidationError(_("Écrire l’heure comme 14 h 05."))
    clock = time(int(found[1]), int(found[2]))
    on = day if clock >= site.cutover else day + timedelta(days=1)
    at = datetime.combine(on, clock, tzinfo=ZoneInfo(site.zone))
    if at > now():
        raise ValidationError(_("Cette heure n’est pas encore venue."))
    return at


def _tell(typed: Typed, facts: list[tuple[Line, Fact]]) -> None:
    """Give each record an id that the same row, sent again, gives again."""
    rows = {row.number: row for row in typed.rows}
    of_line: Counter = Counter()
    for line, fact in facts:
        of_line[line.number] += 1
        name = f"{typed.sheet.name} {line.number} {of_line[line.number]} {fact.kind}"
        record_id = uuid.uuid5(uuid.UUID(typed.ref if typed.sheet.head else line.ref), name)
        typed.told.append(Told(record_id, fact.kind, fact.data, fact.at))
        typed.owners[str(record_id)] = rows.get(line.number)


def _mark(typed: Typed, unreadable: Unreadable) -> None:
    line = unreadable.line
    row = next((row for row in typed.rows if line and row.number == line.number), None)
    _say(typed, row, unreadable.name, unreadable.messages[0])


def _say(typed: Typed, row: Row | None, name: str, message: str) -> None:
    """Beside the cell of that name, else the first of its row."""
    cells = row.cells if row else typed.head
    cell = next((cell for cell in cells if cell.column.name == name), cells[0])
    cell.problem = message
    typed.problems.append((cell.names[0], message))


def refused(typed: Typed, receipts: Iterable[Receipt]) -> None:
    """Say beside each row why its record was refused."""
    for receipt in receipts:
        for name, errors in receipt.errors.items():
            _say(typed, typed.owners.get(str(receipt.id)), name, errors[0]["message"])
