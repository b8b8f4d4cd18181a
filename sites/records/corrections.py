"""Correcting one record from a page: the fields as they read now, and only what changed is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext as _

from sites.places.models import Site
from sites.places.queries import local
from sites.records.forms import CodeField, CodesField, LinesField, YesNo
from sites.records.models import Record
from sites.records.stories import CORRECTED, KINDS, VOIDED, Telling, story_of
from sites.records.terms import Status
from sites.records.words import IDS, field_words

BLANK_LINES = 3


@dataclass
class Field:
    """One field to fill or correct: `widget` is text, date, number, choice, chips, flag, answer or lines.

    `rows` are those of lines.
    """

    name: str
    words: str
    widget: str
    value: object
    choices: list[tuple[str, str]]
    rows: Sequence[list["Field"]] = ()


def target_of(site: Site, record_id) -> tuple[Record, Telling] | None:
    """A record that may be corrected and how it reads now; None when it is not a fact, or is voided."""
    record = Record.objects.at(site).filter(record_id=record_id, status=Status.CREATED).first()
    if record is None or record.kind in (CORRECTED, VOIDED):
        return None
    telling = next((t for t in story_of(site, record.subject) if t.record_id == record.record_id), None)
    return (record, telling) if telling else None


WIDGETS: list[tuple[type[forms.Field], str]] = [
    (CodesField, "chips"),
    (CodeField, "choice"),
    (LinesField, "lines"),
    (YesNo, "answer"),
    (forms.BooleanField, "flag"),
    (forms.IntegerField, "number"),
]


def _shown(site: Site, kind: str, at: datetime) -> dict[str, forms.Field]:
    """What a person may fill; ids say what the record is about and stay."""
    form = KINDS[kind].form({}, site=site, occurred_at=at, day=local(site, at).date())
    return {
        name: field
        for name, field in form.fields.items()
        if name not in IDS and not isinstance(field, forms.UUIDField)
    }


def _widget(field: forms.Field) -> str:
    # Itself, not a kind of it: an expiry is a date that may be a month.
    if type(field) is forms.DateField:
        return "date"
    return next((widget for cls, widget in WIDGETS if isinstance(field, cls)), "text")


def fields_of(site: Site, telling: Telling, typed: QueryDict | None = None) -> list[Field]:
    """The fields with their values now, or as typed."""
    shown = _shown(site, telling.kind, telling.occurred_at)
    return [
        _field(name, field, _typed(name, field, typed) if typed else telling.data.get(name, ""))
        for name, field in shown.items()
    ]


def blank_fields(site: Site, kind: str, at: datetime, typed: QueryDict) -> list[Field]:
    """The fields of a new record of this kind, with what was typed."""
    shown = _shown(site, kind, at)
    return [_field(name, field, _typed(name, field, typed)) for name, field in shown.items()]


def typed_data(site: Site, kind: str, at: datetime, typed: QueryDict) -> dict:
    """What was typed, as the data of a record; what was left empty is left out."""
    shown = _shown(site, kind, at)
    values = {name: _typed(name, field, typed) for name, field in shown.items()}
    flags = {name for name, field in shown.items() if _widget(field) == "flag"}
    return {
        name: value
        for name, value in values.items()
        if value not in (None, "", []) and (value or name not in flags)
    }


def _field(name: str, field: forms.Field, value) -> Field:
    words = str(field.label or field_words(name.rpartition("-")[2]))
    offered = [choice for choice in getattr(field, "choices", []) if choice[0]]
    rows = _rows(name, field, value or []) if isinstance(field, LinesField) else []
    return Field(name, words, _widget(field), value, offered, rows)


def _rows(name: str, field: LinesField, lines: list[dict]) -> list[list[Field]]:
    """The lines there are, then some to fill in."""
    return [
        [_field(f"{name}-{number}-{key}", one, line.get(key, "")) for key, one in field.line_fields.items()]
        for number, line in enumerate([*lines, *[{}] * BLANK_LINES])
    ]


def _typed(name: str, field: forms.Field, typed: QueryDict):
    if isinstance(field, CodesField):
        return typed.getlist(name)
    if isinstance(field, LinesField):
        return [line for number in range(field.most) if (line := _typed_line(name, number, field, typed))]
    text = typed.get(name, "").strip()
    if isinstance(field, YesNo):
        return {"1": True, "0": False}.get(text, "")
    if isinstance(field, forms.BooleanField):
        return name in typed
    if isinstance(field, forms.IntegerField) and text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    return text


def _typed_line(name: str, number: int, field: LinesField, typed: QueryDict) -> dict:
    """A line as typed; nothing when its first field was emptied, which takes it away."""
    read = {key: _typed(f"{name}-{number}-{key}", one, typed) for key, one in field.line_fields.items()}
    filled = {key: value for key, value in read.items() if value != ""}
    return filled if next(iter(read)) in filled else {}


def changes_of(site: Site, telling: Telling, typed: QueryDict) -> dict:
    """What differs from how it reads now; an emptied field is None. Raises ValueError for the time."""
    changed = {}
    for name, field in _shown(site, telling.kind, telling.occurred_at).items():
        value, before = _typed(name, field, typed), telling.data.get(name, "")
        said = value or before or _widget(field) == "answer"
        same = value == before if isinstance(value, list) else str(value) == str(before)
        if said and not same:
            changed[name] = value if value not in ("", []) else None
    at = _moment(site, telling, typed)
    if at:
        changed["occurred_at"] = at.isoformat()
    return changed


def _moment(site: Site, telling: Telling, typed: QueryDict) -> datetime | None:
    """The typed date and time, None when they say what is already there."""
    now = local(site, telling.occurred_at)
    day_text, time_text = typed.get("day", "").strip(), typed.get("time", "").strip()
    if (day_text, time_text) == (f"{now:%Y-%m-%d}", f"{now:%H:%M}") or not (day_text or time_text):
        return None
    day: date | None = parse_date(day_text) if day_text else now.date()
    clock: time | None = parse_time(time_text.replace(" h ", ":").replace("h", ":")) if time_text else None
    if day is None or clock is None:
        raise ValueError(_("Écrire l’heure comme 14 h 05."))
    moment = datetime.combine(day, clock.replace(tzinfo=None), tzinfo=ZoneInfo(site.zone))
    if moment > datetime.now(tz=ZoneInfo(site.zone)):
        raise ValueError(_("Cette heure n’est pas encore venue."))
    return moment
