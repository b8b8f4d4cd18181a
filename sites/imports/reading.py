"""A row of the file as the records it means: each cell on its own, then what the row says together."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sites.clockwork.services import now
from sites.imports import moments
from sites.imports.boxes import FileRow
from sites.imports.fields import AFTER, ANSWER, CODE, DAY, HANDLE, MOMENT, NUMBER, TIME, Field
from sites.imports.guessing import AGES, band_of, is_age
from sites.imports.mapping import LEFT_EMPTY, Digests, Mapping, parts_of
from sites.imports.terms import SERVICE_NIGHT, Notice
from sites.places.queries import ONE_DAY, day_bounds, local, service_date, today
from sites.records.handles import MAX_HANDLE
from sites.sheets.columns import Fact, Line
from sites.sheets.told import Unreadable

NOON = timedelta(hours=12)
YES = {"oui", "o", "yes", "y", "1", "vrai", "true", "x", "✓"}
NO = {"non", "n", "no", "0", "faux", "false"}
Problem = tuple[int | None, str]


@dataclass
class ReadRow:
    """One row, read: its records to be, or why not (column number, words); what was decided on the way."""

    row: FileRow
    line: Line
    facts: list[Fact] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def notices(self) -> list[Notice]:
        return self.line.cells["notices"]


class Reader:
    """Reads rows of one file by one mapping. `turn` is how often this file's rows were undone before."""

    def __init__(self, mapping: Mapping):
        self.mapping, self.site = mapping, mapping.site
        self.digests = Digests(mapping.site)
        self.today = today(mapping.site)
        self.read_by = {
            MOMENT: self._moment, DAY: self._day, TIME: self._time, AFTER: self._after, CODE: self._codes,
            NUMBER: self._number, ANSWER: self._answer, HANDLE: self._handle,
        }  # fmt: skip

    def read(self, row: FileRow, turn: int = 0) -> ReadRow:
        ref = str(subject_of(row, turn))
        cells: dict = {"notices": [], "visit": ref, "event": ref, "undeclared": self.mapping.undeclared}
        told = ReadRow(row, Line(row.number, ref, cells))
        for column, one in self.mapping.fields.items():
            text = row.cells[column] if column < len(row.cells) else ""
            try:
                cells[one.name] = self._cell(one, text)
            except ValidationError as error:
                told.problems.append((column, error.messages[0]))
        for name, code in self.mapping.always.items():
            if cells.get(name) in (None, "", []):
                cells[name] = [code] if self._many(name) else code
        for one in self.mapping.register.fields:
            if one.needed and not cells.get(one.name) and not self._told_of(told, one.name):
                told.problems.append((self.mapping.column_of(one.name), _("Il manque une réponse.")))
        if not told.problems:
            self._together(told)
        return told

    def _cell(self, one: Field, text: str):
        if not text:
            return None
        if text.startswith("="):
            raise ValidationError(_("C’est une formule : copier la colonne, puis la coller en valeurs."))
        return self.read_by[one.form](one, text)

    def _many(self, name: str) -> bool:
        return self.mapping.register.all_fields()[name].many

    def _told_of(self, told: ReadRow, name: str) -> bool:
        column = self.mapping.column_of(name)
        return any(column == said for said, _words in told.problems)

    # --- One cell -----------------------------------------------------------------------
    def _moment(self, one: Field, text: str) -> tuple[date, time | None]:
        return moments.parse_moment(text, self.mapping.order)

    def _day(self, one: Field, text: str) -> date:
        return moments.parse_day(text, self.mapping.order)

    def _time(self, one: Field, text: str) -> time:
        try:
            return moments.parse_time(text)
        except ValidationError:
            # A cell of hours may hold a whole moment.
            clock = self._moment_or_none(text)
            if clock is None:
                raise
            return clock[1] or time(0)

    def _after(self, one: Field, text: str) -> tuple[date | None, time]:
        """(day when it is told, hour)."""
        if (found := self._moment_or_none(text)) and found[1]:
            return found
        return None, moments.parse_time(text)

    def _moment_or_none(self, text: str) -> tuple[date, time | None] | None:
        try:
            return moments.parse_moment(text, self.mapping.order)
        except ValidationError:
            return None

    def _codes(self, one: Field, text: str) -> list[str] | str | None:
        known = self.mapping.values.get(one.name, {})
        codes = []
        for part in parts_of(one, text):
            in_years = one.codes == AGES and is_age(part)
            code = band_of(part) if in_years else known.get(self.digests[part])
            if not code:
                raise ValidationError(_("Dire à quoi correspond cette valeur, à l’étape « Valeurs »."))
            if code != LEFT_EMPTY:
                codes.append(code)
        return list(dict.fromkeys(codes)) if one.many else (codes[0] if codes else None)

    def _number(self, one: Field, text: str) -> int:
        digits = "".join(text.split()).replace("\u202f", "").replace("\xa0", "")
        whole, _point, rest = digits.replace(",", ".").partition(".")
        if not (whole.isascii() and whole.isdigit() and len(whole) < 7 and not rest.strip("0")):
            raise ValidationError(_("Un nombre entier, comme 12."))
        return int(whole)

    def _answer(self, one: Field, text: str) -> bool:
        said = text.strip().lower()
        if said in YES or said in NO:
            return said in YES
        raise ValidationError(_("Oui ou non."))

    def _handle(self, one: Field, text: str) -> str:
        if len(text) > MAX_HANDLE:
            raise ValidationError(_("Un pseudonyme a au plus %(n)s signes.") % {"n": MAX_HANDLE})
        return text

    # --- The row together ---------------------------------------------------------------
    def _together(self, told: ReadRow) -> None:
        cells = told.line.cells
        try:
            cells["time"] = self._when(told)
            for one in self.mapping.fields.values():
                if one.form == AFTER and cells.get(one.name):
                    cells[one.name] = self._follows(told, one.name, cells["time"])
            told.facts = self.mapping.register.facts(told.line)
        except Unreadable as unreadable:
            told.problems.append((self.mapping.column_of(unreadable.name), unreadable.messages[0]))
        except ValidationError as error:
            told.problems.append((self._when_column(), error.messages[0]))

    def _when_column(self) -> int | None:
        found = [column for column, one in self.mapping.fields.items() if one.form in (MOMENT, DAY)]
        return found[0] if found else None

    def _when(self, told: ReadRow) -> datetime:
        cells = told.line.cells
        day, clock = cells.get("moment") or (cells.get("day"), None)
        clock = clock or cells.get("clock")
        if day is None:
            raise ValidationError(_("Il manque la date."))
        if clock is None:
            at = self._untimed(told, day)
        else:
            if (
                self.mapping.splits_night
                and self.mapping.night == SERVICE_NIGHT
                and clock < self.site.cutover
            ):
                day += ONE_DAY
            at = self._instant(told, day, clock)
        if at > now():
            raise ValidationError(_("C’est dans l’avenir : vérifier l’ordre du jour et du mois."))
        if self.site.opened_on and service_date(self.site, at) < self.site.opened_on:
            words = _("Le site n’était pas ouvert : il l’est depuis le %(day)s (Réglages → Site).")
            raise ValidationError(words % {"day": self.site.opened_on.isoformat()})
        return at

    def _untimed(self, told: ReadRow, day: date) -> datetime:
        """In the middle of its service day: where that day can be told from its neighbours on any clock."""
        if not self.mapping.register.day_only:
            raise ValidationError(
                _("Il manque l’heure d’arrivée : sans elle, une visite fausserait les heures.")
            )
        if day >= self.today:
            raise ValidationError(_("Un jour sans heure doit être fini."))
        told.line.cells["untimed"] = True
        told.notices.append(Notice.NO_TIME)
        return day_bounds(self.site, day)[0] + NOON

    def _instant(self, told: ReadRow, day: date, clock: time) -> datetime:
        at, twice = moments.instant(self.site, day, clock)
        if twice:
            told.notices.append(Notice.HOUR_TWICE)
        return at

    def _follows(self, told: ReadRow, name: str, after: datetime) -> datetime:
        """The first such hour from the row's own on, unless it bears a date."""
        day, clock = told.line[name]
        if told.line["untimed"]:
            raise Unreadable(told.line, name, _("Il faut aussi l’heure du début."))
        begun = local(self.site, after)
        if day is None:
            day = (
                begun.date()
                if clock >= begun.time().replace(second=0, microsecond=0)
                else begun.date() + ONE_DAY
            )
        try:
            at = self._instant(told, day, clock)
        except ValidationError as error:
            raise Unreadable(told.line, name, error.messages[0]) from error
        if not after <= at <= after + ONE_DAY or at > now():
            raise Unreadable(
                told.line, name, _("Entre l’arrivée et 24 heures plus tard, et pas dans l’avenir.")
            )
        return at


def subject_of(row: FileRow, turn: int) -> uuid.UUID:
    """The id of what a row is about: the same for the same row in any file; another once it was undone."""
    return uuid.uuid5(uuid.UUID(bytes=row.ident), f"row {turn}")
