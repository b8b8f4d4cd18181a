"""What a record means, and what stands against it: nothing is written here.

`prepare` raises Held, Conflict or Invalid; else it answers the story as it would then read.
"""

import uuid
from datetime import date, datetime

from django.utils.translation import gettext as _

from sites.places.models import Site
from sites.places.queries import service_date
from sites.records.envelopes import as_uuid, open_envelope
from sites.records.errors import Conflict, Held, Invalid
from sites.records.forms import LinesField, storable_text
from sites.records.handles import HANDLE, handle_code, kept_data, normalised
from sites.records.models import Record
from sites.records.stories import (
    CORRECTED,
    KINDS,
    VOIDED,
    Fact,
    Kind,
    Stories,
    Telling,
    amended,
)
from sites.records.terms import Status

Prepared = tuple[Kind, Fact, list[Telling]]


def prepare(stories: Stories, record: Record, data: dict) -> Prepared:
    """Fill in what the record is about and says; return its kind, the fact and the story with it."""
    if record.kind in (CORRECTED, VOIDED):
        return _prepare_change(stories, record, data)
    return _prepare_fact(stories, record, data)


def kept(kind: str, data: dict) -> dict:
    """What is kept of data that was not applied: no unknown key's value, at any depth, and no handle."""
    known = kept_data(data, known_fields(kind), _line_fields())
    if kind == CORRECTED and isinstance(known.get("data"), dict):
        known["data"] = kept_data(known["data"], _any_field(), _line_fields())
    return known


def known_fields(kind: str) -> set[str]:
    if kind == CORRECTED:
        return {"target", "data", "reason"}
    if kind == VOIDED:
        return {"target", "reason"}
    return set(KINDS[kind].form.base_fields) if kind in KINDS else set()


def _any_field() -> set[str]:
    return {"occurred_at"}.union(*(kind.form.base_fields for kind in KINDS.values()))


def _line_fields() -> dict[str, set[str]]:
    """Of every field that holds lines, the names of what a line holds."""
    found: dict[str, set[str]] = {}
    for kind in KINDS.values():
        for name, field in kind.form.base_fields.items():
            if isinstance(field, LinesField):
                found.setdefault(name, set()).update(field.line.base_fields)
    return found


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Invalid("unknown", _("Ce genre de saisie n’existe pas."), "kind")
    return KINDS[name]


def _cleaned(kind: Kind, site: Site, data: dict, at: datetime, day: date, *, first: bool = True) -> dict:
    """The data as kept, or Invalid with errors by field. A handle comes with the `first` word alone."""
    form = kind.form(data, site=site, occurred_at=at, day=day, in_passing=True)
    if not first:
        form.fields.pop(HANDLE, None)
    if not form.is_valid():
        raise Invalid.because(form.as_errors())
    return form.as_data()


def _prepare_fact(stories: Stories, record: Record, data: dict) -> Prepared:
    site = stories.site
    kind = _kind(record.kind)
    cleaned = _cleaned(kind, site, data, record.occurred_at, record.service_date)
    handle = cleaned.pop(HANDLE, "")
    code = handle_code(site, handle) if normalised(handle) else None
    if code and kind.founds:
        cleaned["handle_given"] = True
    record.data = cleaned
    record.flags = list(dict.fromkeys([*record.flags, *kind.flags(cleaned)]))
    subject_field = kind.story.subject_field
    record.subject = uuid.UUID(cleaned[subject_field]) if subject_field else record.record_id
    known, telling = stories.with_it(record)
    if kind.waits_for_founder and not any(KINDS[t.kind].founds for t in known):
        raise Held(record.subject)
    fact = Fact(site, record.subject, telling, code, handle, is_first=not known)
    kind.story.check(fact, known)
    return kind, fact, _in_order([*known, telling])


def _prepare_change(stories: Stories, record: Record, data: dict) -> Prepared:
    """A correction or a void: judged against the whole story as it would then read."""
    site = stories.site
    target_id = _change_frame(record, data)
    target = Record.objects.at(site).filter(record_id=target_id, status=Status.CREATED).first()
    if target is None or target.kind in (CORRECTED, VOIDED):
        if target is None:
            raise Held(target_id)
        raise Invalid("target", _("On corrige une saisie, pas une correction."), "target")
    kind = KINDS[target.kind]
    known = stories.story_of(target.subject)
    before = next((t for t in known if t.record_id == target_id), None)
    if before is None:
        raise Conflict("voided", _("Cette saisie a déjà été annulée."), "target")
    record.subject, record.target = target.subject, target_id
    others = [t for t in known if t.record_id != target_id]
    if record.kind == VOIDED:
        _refuse_void_of_founder(kind, others)
        return kind, Fact(site, target.subject, None), others
    after = _corrected(site, kind, before, record, data["data"])
    fact = Fact(site, target.subject, after)
    kind.story.check(fact, others)
    return kind, fact, _in_order([*others, after])


def _in_order(tellings: list[Telling]) -> list[Telling]:
    return sorted(tellings, key=lambda telling: telling.order)


def _change_frame(record: Record, data: dict) -> uuid.UUID:
    target_id, reason = as_uuid(data.get("target")), data.get("reason")
    problems: dict = {}
    if target_id is None:
        problems["target"] = [{"code": "invalid", "message": _("La saisie visée manque.")}]
    if not isinstance(reason, str) or not reason.strip() or len(reason) > 200:
        problems["reason"] = [{"code": "required", "message": _("Dire pourquoi, en 200 signes au plus.")}]
    if record.kind == CORRECTED and not (isinstance(data.get("data"), dict) and data["data"]):
        problems["data"] = [{"code": "required", "message": _("Dire ce qui change.")}]
    for name in data:
        if name not in known_fields(record.kind):
            problems[storable_text(name, 40)] = [
                {"code": "unknown", "message": _("Ce champ n’existe pas ici.")}
            ]
    record.data = kept(record.kind, data)
    if problems or target_id is None:
        raise Invalid.because(problems)
    return target_id


def _refuse_void_of_founder(kind: Kind, others: list[Telling]) -> None:
    if kind.founds and others and not any(KINDS[t.kind].founds for t in others):
        names = ", ".join(f"{t.kind} {t.record_id}" for t in others[:20])
        raise Invalid(
            "has_later",
            _("D’autres saisies en dépendent : %(names)s.") % {"names": names},
            "target",
        )


def _corrected(site: Site, kind: Kind, before: Telling, record: Record, sent: dict) -> Telling:
    """The target as it would read: only changed fields are sent, the whole is validated."""
    changes = dict(record.data["data"])
    if unknown := set(sent) - set(changes):
        names = {storable_text(name, 40) for name in unknown}
        unknown_error = {"code": "unknown", "message": _("Ce champ n’existe pas ici.")}
        raise Invalid.because({name: [unknown_error] for name in names})
    if "occurred_at" in changes:
        envelope = open_envelope(
            site,
            {"id": str(uuid.uuid4()), "occurred_at": changes["occurred_at"]},
            record.received_at,
        )
        if "occurred_at" in envelope.errors:
            raise Invalid.because({"occurred_at": envelope.errors["occurred_at"]})
        changes["occurred_at"] = envelope.occurred_at.isoformat()
    after = amended(before, changes)
    data = {k: v for k, v in after.data.items() if k != "handle_given"}
    subject_field = kind.story.subject_field
    if subject_field and str(data.get(subject_field)) != str(before.data.get(subject_field)):
        raise Invalid(
            "fixed",
            _("Une correction ne change pas de visite, d’événement ni de lot."),
            subject_field,
        )
    day = service_date(site, after.occurred_at)
    cleaned = _cleaned(kind, site, data, after.occurred_at, day, first=False)
    record.data["data"] = {k: cleaned.get(k) for k in changes if k != "occurred_at"}
    if "occurred_at" in changes:
        record.data["data"]["occurred_at"] = changes["occurred_at"]
    return after
