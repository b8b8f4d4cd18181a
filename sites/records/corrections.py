"""Correcting one record from a page: the fields as they read now, and only what changed is sent."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext as _

from sites.places.models import Site
from sites.places.queries import local
from sites.records.forms import CodeField, CodesField
from sites.records.models import Record
from sites.records.stories import CORRECTED, KINDS, VOIDED, Telling, story_of
from sites.records.terms import Status
from sites.records.words import IDS, field_words


@dataclass
class Field:
    """One field to correct: `widget` is text, number, choice, chips or flag."""

    name: str
    words: str
    widget: str
    value: object
    choices: list[tuple[str, str]]


def target_of(site: Site, record_id) -> tuple[Record, Telling] | None:
    """A record that may be corrected and how it reads now; None when it is not a fact, or is voided."""
    record = Record.objects.at(site).filter(record_id=record_id, status=Status.CREATED).first()
    if record is None or record.kind in (CORRECTED, VOIDED):
        return None
    telling = next((t for t in story_of(site, record.subject) if t.record_id == record.record_id), None)
    return (record, telling) if telling else None


def _form(site: Site, telling: Telling):
    day = local(site, telling.occurred_at).date()
    return KINDS[telling.kind].form({}, site=site, occurred_at=telling.occurred_at, day=day)


def _shown(telling: Telling, form) -> dict[str, forms.Field]:
    """What a person may change; ids say what the record is about and stay."""
    return {
        name: field
        for name, field in form.fields.items()
        if name not in IDS and not isinstance(field, forms.UUIDField)
    }


def _widget(field: forms.Field) -> str:
    for cls, widget in ((CodesField, "chips"), (CodeField, "choice"), (forms.BooleanField, "flag")):
        if isinstance(field, cls):
            return widget
    return "text"


def fields_of(site: Site, telling: Telling, typed: QueryDict | None = None) -> list[Field]:
    """The fields with their values now, or as typed."""
    shown = _shown(telling, _form(site, telling))
    return [
        Field(
            name,
            str(field.label or field_words(name)),
            _widget(field),
            _typed(name, field, typed) if typed else telling.data.get(name, ""),
            [c for c in getattr(field, "choices", []) if c[0]],
        )
        for name, field in shown.items()
    ]


def _typed(name: str, field: forms.Field, typed: QueryDict):
    if isinstance(field, CodesField):
        return typed.getlist(name)
    text = typed.get(name, "").strip()
    if isinstance(field, forms.BooleanField):
        return name in typed
    if isinstance(field, forms.IntegerField) and text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    return text


def changes_of(site: Site, telling: Telling, typed: QueryDict) -> dict:
    """What differs from how it reads now; an emptied field is None. Raises ValueError for the time."""
    changed = {}
    for name, field in _shown(telling, _form(site, telling)).items():
        value, before = _typed(name, field, typed), telling.data.get(name, "")
        if str(value) != str(before) and (value or before):
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
