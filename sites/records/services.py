"""The one write path: a record comes in, is kept once, and becomes a fact or waits for a person.

`submit` runs in one transaction. Locks are taken first, in one order, so that two batches about
the same visit, event, lot or booth never deadlock; each record has its own savepoint.
"""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sites.people.models import Device
from sites.people.queries import staff_codes
from sites.places.models import Site
from sites.places.queries import service_date
from sites.records.envelopes import Envelope, as_uuid, open_envelope
from sites.records.errors import Conflict, Held, Invalid, NotApplied, Quarantined
from sites.records.forms import storable_text
from sites.records.handles import HANDLE, handle_code, kept_data, normalised
from sites.records.models import DirtyMark, Record
from sites.records.stories import (
    CORRECTED,
    KINDS,
    VOIDED,
    Fact,
    Kind,
    Telling,
    amended,
    live,
    story_of,
    tell,
)
from sites.records.terms import Status
from sites.trail.services import note


@dataclass(frozen=True)
class Receipt:
    """What the sender is told: {"id", "status", "errors"}."""

    id: str | None
    status: str
    errors: dict

    def as_json(self) -> dict:
        return {"id": self.id, "status": str(self.status), "errors": self.errors}


@dataclass(frozen=True)
class Sender:
    """The door a record came through: an enrolled tablet, or someone signed in."""

    device: Device | None = None
    staff: str = ""

    @property
    def name(self) -> str:
        return self.staff or "tablet"

    @property
    def device_id(self) -> str:
        return str(self.device.uuid) if self.device else ""

    @property
    def revoked(self) -> bool:
        return bool(self.device and self.device.revoked_at)


@transaction.atomic
def submit(*, site: Site, records: list, sender: Sender) -> list[Receipt]:
    """Take records in their order; answer one receipt each. Same input twice, one effect."""
    received_at = timezone.now()
    envelopes = [open_envelope(site, raw, received_at) for raw in records]
    _lock(site, envelopes)
    return [_take(site, envelope, sender) for envelope in envelopes]


def submit_one(
    *, site: Site, kind: str, data: dict, sender: Sender, record_id, occurred_at: datetime
) -> Receipt:
    """A page's record, written by who is signed in."""
    return submit(
        site=site,
        sender=sender,
        records=[
            {
                "id": str(record_id),
                "kind": kind,
                "occurred_at": occurred_at.isoformat(),
                "entered_at": occurred_at.isoformat(),
                "seq": 0,
                "by": sender.staff,
                "data": data,
            }
        ],
    )[0]


# --- Locks -----------------------------------------------------------------------------


def _lock(site: Site, envelopes: list[Envelope]) -> None:
    names: set[str] = set()
    targets = []
    for envelope in envelopes:
        names.add(str(envelope.record_id))
        names.update(_named(envelope.data))
        if target := as_uuid(envelope.data.get("target")):
            targets.append(target)
        if kind := KINDS.get(envelope.kind):
            names.update(kind.locks(envelope.data))
    if targets:
        # Corrections made before may name another lot or booth than the target does.
        about = Record.objects.at(site).filter(Q(record_id__in=targets) | Q(target__in=targets))
        for row in about.values("subject", "kind", "data"):
            names |= {str(row["subject"]), *_named(row["data"])}
            if kind := KINDS.get(row["kind"]):
                names.update(kind.locks(row["data"]))
    hold_locks(site, names)


def _named(data: dict) -> set[str]:
    """Every id that data names, those inside the changes of a correction included."""
    changes = data.get("data") if isinstance(data.get("data"), dict) else {}
    return {str(found) for found in map(as_uuid, [*data.values(), *changes.values()]) if found}


def hold_locks(site: Site, names: Iterable[str]) -> None:
    """Wait for whoever else writes about these at this site, until this transaction ends."""
    keys = sorted(_lock_key(site, name) for name in names)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(k) from unnest(%s::bigint[]) k", [keys])


def _lock_key(site: Site, name: str) -> int:
    digest = hashlib.sha256(f"{site.pk}|{name}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], signed=True)


# --- One record ------------------------------------------------------------------------


def _take(site: Site, envelope: Envelope, sender: Sender) -> Receipt:
    known = Record.objects.at(site).filter(record_id=envelope.record_id).first()
    if known and bytes(known.content_mac) == envelope.mac:
        return Receipt(envelope.shown_id, Status.DUPLICATE, known.errors)
    if known and known.status != Status.INVALID:
        return _keep_other_content(site, envelope, sender)
    record = _new_record(site, envelope, sender)
    if known:
        record.pk = known.pk
    _judge(site, record, envelope.data, sender, envelope.errors, envelope.by)
    return Receipt(envelope.shown_id, record.status, record.errors)


def _new_record(site: Site, envelope: Envelope, sender: Sender) -> Record:
    return Record(
        site=site,
        record_id=envelope.record_id,
        kind=envelope.kind,
        occurred_at=envelope.occurred_at,
        sent_occurred_at=envelope.sent_occurred_at,
        entered_at=envelope.entered_at,
        received_at=envelope.received_at,
        service_date=service_date(site, envelope.occurred_at),
        seq=envelope.seq,
        by=storable_text(envelope.by or "", 40),
        device=sender.device_id,
        data={},
        content_mac=envelope.mac,
        flags=envelope.flags,
    )


def _keep_other_content(site: Site, envelope: Envelope, sender: Sender) -> Receipt:
    """Another content under an id already used: kept beside the first, once, for a person."""
    errors = {"__all__": [{"code": "id_used", "message": _("Cet identifiant porte déjà une autre saisie.")}]}
    record = _new_record(site, envelope, sender)
    record.record_id = uuid.uuid5(envelope.record_id, envelope.mac.hex())
    if not Record.objects.at(site).filter(record_id=record.record_id).exists():
        record.status, record.errors = Status.CONFLICT, errors
        record.data = kept_data(envelope.data, _known_fields(envelope.kind))
        _store_kept(site, record, sender)
    return Receipt(envelope.shown_id, Status.CONFLICT, errors)


def _known_fields(kind: str) -> set[str]:
    if kind == CORRECTED:
        return {"target", "data", "reason"}
    if kind == VOIDED:
        return {"target", "reason"}
    return set(KINDS[kind].form.base_fields) if kind in KINDS else set()


def _judge(site: Site, record: Record, data: dict, sender: Sender, errors: dict, by: str | None) -> None:
    """Apply the record, or keep it with the reason why not."""
    refusal: NotApplied | None = None
    if by is not None and by not in staff_codes(site):
        unknown = [{"code": "unknown", "message": _("Cette personne n’est pas du site.")}]
        refusal = Quarantined.because({"by": unknown, **errors})
    elif sender.revoked:
        refusal = Quarantined("device", _("Cette tablette a été révoquée."))
    elif errors:
        refusal = Invalid.because(errors)
    pk = record.pk
    try:
        if refusal:
            raise refusal
        with transaction.atomic():
            _apply(site, record, data, sender)
    except Held as held:
        record.status, record.waits_for, record.errors = Status.HELD, held.waits_for, {}
    except NotApplied as refused:
        record.status, record.errors = refused.status, refused.errors
    if record.status != Status.CREATED:
        record.pk = pk
        if not record.data:
            record.data = kept_data(data, _known_fields(record.kind))
        _store_kept(site, record, sender)


def _store_kept(site: Site, record: Record, sender: Sender) -> None:
    record.settled_at = None
    record.save()
    note(
        f"{record.kind or '?'}: {record.status}",
        actor=sender.name,
        site_id=site.pk,
        about="record",
        about_id=record.record_id,
        device=sender.device_id,
    )
    mark_dirty(site, [record.service_date])


# --- Applying --------------------------------------------------------------------------


def _apply(site: Site, record: Record, data: dict, sender: Sender) -> None:
    record.status, record.errors, record.waits_for = Status.CREATED, {}, None
    if record.kind in (CORRECTED, VOIDED):
        kind, fact = _prepare_change(site, record, data)
    else:
        kind, fact = _prepare_fact(site, record, data)
    record.save()
    days = set(kind.story.refresh(fact, story_of(site, fact.subject)))
    mark_dirty(site, days | {record.service_date})
    note(
        record.kind,
        actor=record.by or sender.name,
        site_id=site.pk,
        about=kind.story.name,
        about_id=record.subject,
        why=str(record.data.get("reason", "")) if record.target else "",
        device=sender.device_id,
    )
    _wake(site, {record.subject, record.record_id}, sender)


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Invalid("unknown", _("Ce genre de saisie n’existe pas."), "kind")
    return KINDS[name]


def _cleaned(kind: Kind, site: Site, data: dict, at: datetime, day: date) -> dict:
    """The data as kept, or Invalid with errors by field."""
    form = kind.form(data, site=site, occurred_at=at, day=day)
    if not form.is_valid():
        raise Invalid.because(form.as_errors())
    return form.as_data()


def _prepare_fact(site: Site, record: Record, data: dict) -> tuple[Kind, Fact]:
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
    known = story_of(site, record.subject)
    if kind.waits_for_founder and not any(KINDS[t.kind].founds for t in known):
        raise Held(record.subject)
    fact = Fact(site, record.subject, tell(record), code, handle)
    kind.story.check(fact, known)
    return kind, fact


def _prepare_change(site: Site, record: Record, data: dict) -> tuple[Kind, Fact]:
    """A correction or a void: judged against the whole story as it would then read."""
    target_id = _change_frame(record, data)
    target = Record.objects.at(site).filter(record_id=target_id, status=Status.CREATED).first()
    if target is None or target.kind in (CORRECTED, VOIDED):
        if target is None:
            raise Held(target_id)
        raise Invalid("target", _("On corrige une saisie, pas une correction."), "target")
    kind = KINDS[target.kind]
    known = story_of(site, target.subject)
    before = next((t for t in known if t.record_id == target_id), None)
    if before is None:
        raise Conflict("voided", _("Cette saisie a déjà été annulée."), "target")
    record.subject, record.target = target.subject, target_id
    others = [t for t in known if t.record_id != target_id]
    if record.kind == VOIDED:
        _refuse_void_of_founder(kind, others)
        return kind, Fact(site, target.subject, None)
    after = _corrected(site, kind, before, record)
    kind.story.check(Fact(site, target.subject, after), others)
    return kind, Fact(site, target.subject, after)


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
        if name not in _known_fields(record.kind):
            problems[storable_text(name, 40)] = [
                {"code": "unknown", "message": _("Ce champ n’existe pas ici.")}
            ]
    if problems or target_id is None:
        raise Invalid.because(problems)
    record.data = kept_data(data, _known_fields(record.kind))
    return target_id


def _refuse_void_of_founder(kind: Kind, others: list[Telling]) -> None:
    if kind.founds and others and not any(KINDS[t.kind].founds for t in others):
        names = ", ".join(f"{t.kind} {t.record_id}" for t in others[:20])
        raise Invalid(
            "has_later",
            _("D’autres saisies en dépendent : %(names)s.") % {"names": names},
            "target",
        )


def _corrected(site: Site, kind: Kind, before: Telling, record: Record) -> Telling:
    """The target as it would read: only changed fields are sent, the whole is validated."""
    changes = dict(record.data["data"])
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
    cleaned = _cleaned(kind, site, data, after.occurred_at, service_date(site, after.occurred_at))
    record.data["data"] = {k: cleaned.get(k) for k in changes if k != "occurred_at"}
    if "occurred_at" in changes:
        record.data["data"]["occurred_at"] = changes["occurred_at"]
    return after


def _wake(site: Site, refs: set, sender: Sender) -> None:
    """Apply what was waiting for these, in the order it happened."""
    waiting = Record.objects.at(site).filter(waits_for__in=refs, status=Status.HELD)
    for pk in list(waiting.order_by("occurred_at", "seq", "id").values_list("pk", flat=True)):
        # One that was applied may already have woken the next.
        if record := waiting.filter(pk=pk).first():
            _judge(site, record, record.data, sender, {}, None)


# --- Dirty days ------------------------------------------------------------------------


def mark_dirty(site: Site, days: Iterable[date]) -> None:
    DirtyMark.objects.bulk_create([DirtyMark(site=site, service_date=day) for day in set(days)])


def refresh_story(site: Site, subject: uuid.UUID) -> None:
    """Fold one story again from its records, for repair and proof."""
    tellings = live(Record.objects.at(site).filter(subject=subject, status=Status.CREATED).order_by("id"))
    if tellings:
        kind = KINDS[tellings[0].kind]
        mark_dirty(site, kind.story.refresh(Fact(site, subject, None), tellings))
