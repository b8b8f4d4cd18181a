"""The one write path: a record comes in, is kept once, and becomes a fact or waits for a person.

`submit` runs in one transaction. Locks are taken first, in one order, so that two batches about
the same visit, event, lot or booth never deadlock; each record has its own savepoint.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sites.keyring.boxes import Opener
from sites.people.proofs import Proofs
from sites.places.models import Site
from sites.places.queries import service_date
from sites.places.services import mark_dirty
from sites.records.desk import Desk, Sender
from sites.records.envelopes import Envelope, open_envelope
from sites.records.errors import Held, Invalid, NotApplied, Quarantined
from sites.records.forms import clean_text, storable_text
from sites.records.judging import kept, prepare
from sites.records.locks import lock_for
from sites.records.models import Record
from sites.records.queries import before
from sites.records.sealed import is_sealed, open_sealed
from sites.records.stories import Stories, subject_of
from sites.records.terms import IMPORT_FLAG, PAPER_FLAG, TO_CONFIRM_FLAG, Status
from sites.records.words import REASONS


@dataclass(frozen=True)
class Receipt:
    """What the sender is told: {"id", "status", "errors"}."""

    id: str | None
    status: str
    errors: dict

    def as_json(self) -> dict:
        return {"id": self.id, "status": str(self.status), "errors": self.errors}


@transaction.atomic(savepoint=False)
def submit(
    *,
    site: Site,
    records: list,
    sender: Sender,
    received_at: datetime | None = None,
    one_by_one: bool = True,
) -> list[Receipt]:
    """Take records in their order; answer one receipt each. Same input twice, one effect.

    Not `one_by_one`: rows are written together, and NotApplied is raised, for the caller to begin again
    one by one, if that cannot be. The answer is the same.
    """
    received_at = received_at or timezone.now()
    envelopes = _read(site, records, received_at)
    # Before any lock: a PIN takes its time.
    _doubt(site, sender, envelopes, received_at)
    lock_for(site, envelopes)
    desk = _opened(site, sender, envelopes, one_by_one)
    receipts = [_take(desk, envelope) for envelope in envelopes]
    desk.finish()
    return receipts


def _read(site: Site, records: list, received_at: datetime) -> list[Envelope]:
    opener = Opener(site)
    return [
        open_sealed(site, opener, raw, received_at)
        if is_sealed(raw)
        else open_envelope(site, raw, received_at)
        for raw in records
    ]


def _doubt(site: Site, sender: Sender, envelopes: list[Envelope], received_at: datetime) -> None:
    """Flag what is signed by a name that was not proven, and what was copied from paper."""
    proofs = Proofs(site, sender.device, received_at)
    for envelope in envelopes:
        if sender.from_paper:
            envelope.flags.append(PAPER_FLAG)
        if sender.imported:
            envelope.flags.append(IMPORT_FLAG)
        if envelope.by and not proofs.proven(envelope.by, envelope.proof, envelope.entered_at):
            envelope.flags.append(TO_CONFIRM_FLAG)


def _opened(site: Site, sender: Sender, envelopes: list[Envelope], one_by_one: bool) -> Desk:
    """The desk with what is kept under the ids of these records, and what was told of what they are about."""
    ids = {e.record_id for e in envelopes}
    about = [subject_of(e.kind, e.record_id, e.data) for e in envelopes]
    subjects = {subject for subject in about if subject}
    found = before(site, ids, subjects, {e.by for e in envelopes if e.by and clean_text(e.by)})
    known = {record.record_id: record for record in found.records if record.record_id in ids}
    stories = Stories(site, subjects, found.records)
    return Desk(site, sender, found.staff, known, stories, found.awaited, one_by_one)


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


def _take(desk: Desk, envelope: Envelope) -> Receipt:
    known = desk.known.get(envelope.record_id)
    if known and bytes(known.content_mac) == envelope.mac:
        return Receipt(envelope.shown_id, Status.DUPLICATE, known.errors)
    if known and known.status != Status.INVALID:
        return _keep_other_content(desk, envelope)
    record = _new_record(desk, envelope)
    if envelope.unreadable:
        return _set_aside(desk, record, envelope)
    if known:
        record.pk = known.pk
        mark_dirty(desk.site, [known.service_date])
    _judge(desk, record, envelope.data, envelope.errors, envelope.by)
    desk.known[record.record_id] = record
    return Receipt(envelope.shown_id, record.status, record.errors)


def _new_record(desk: Desk, envelope: Envelope) -> Record:
    return Record(
        site=desk.site,
        record_id=envelope.record_id,
        kind=envelope.kind,
        occurred_at=envelope.occurred_at,
        sent_occurred_at=envelope.sent_occurred_at,
        entered_at=envelope.entered_at,
        received_at=envelope.received_at,
        service_date=service_date(desk.site, envelope.occurred_at),
        seq=envelope.seq,
        by=storable_text(envelope.by or "", 40),
        device=desk.sender.device_id,
        data={},
        content_mac=envelope.mac,
        flags=envelope.flags,
    )


def _set_aside(desk: Desk, record: Record, envelope: Envelope) -> Receipt:
    """A box that does not open here, kept whole: its key may be found again."""
    record.status, record.errors, record.data = Status.QUARANTINED, envelope.errors, envelope.data
    _store_kept(desk, record)
    desk.known[record.record_id] = record
    return Receipt(envelope.shown_id, record.status, record.errors)


def _keep_other_content(desk: Desk, envelope: Envelope) -> Receipt:
    """Another content under an id already used: kept beside the first, once, for a person."""
    errors = {"__all__": [{"code": "id_used", "message": _("Cet identifiant porte déjà une autre saisie.")}]}
    record = _new_record(desk, envelope)
    record.record_id = uuid.uuid5(envelope.record_id, envelope.mac.hex())
    if not Record.objects.at(desk.site).filter(record_id=record.record_id).exists():
        record.status, record.errors = Status.CONFLICT, errors
        record.data = kept(envelope.kind, envelope.data)
        _store_kept(desk, record)
    return Receipt(envelope.shown_id, Status.CONFLICT, errors)


def _judge(desk: Desk, record: Record, data: dict, errors: dict, by: str | None) -> None:
    """Apply the record, or keep it with the reason why not."""
    refusal: NotApplied | None = None
    if by is not None and by not in desk.staff:
        unknown = [{"code": "unknown", "message": _("Cette personne n’est pas du site.")}]
        refusal = Quarantined.because({"by": unknown, **errors})
    elif desk.sender.revoked:
        refusal = Quarantined("device", _("Cette tablette a été révoquée."))
    elif errors:
        refusal = Invalid.because(errors)
    pk = record.pk
    try:
        if refusal:
            raise refusal
        _apply(desk, record, data)
    except Held as held:
        record.status, record.waits_for, record.errors = Status.HELD, held.waits_for, {}
        desk.awaited.add(held.waits_for)
    except NotApplied as refused:
        record.status, record.errors = refused.status, refused.errors
    if record.status != Status.CREATED:
        record.pk = pk
        record.data = kept(record.kind, data)
        _store_kept(desk, record)
        return
    _wake(desk, {record.subject, record.record_id})


def _store_kept(desk: Desk, record: Record) -> None:
    record.settled_at = None
    record.save()
    desk.days.add(record.service_date)
    desk.note(
        f"{record.kind or '?'}: {record.status}",
        actor=desk.sender.name,
        about="record",
        about_id=record.record_id,
    )


def _apply(desk: Desk, record: Record, data: dict) -> None:
    record.status, record.errors, record.waits_for = Status.CREATED, {}, None
    if desk.may_put_off(record, data):
        kind, fact, tellings = desk.prepared(record, data)
        desk.put_off(record, kind, fact, tellings)
    else:
        with transaction.atomic():
            kind, fact, tellings = prepare(desk.stories, record, data)
            record.save()
            desk.days.update(kind.story.refresh(fact, tellings), [record.service_date])
    desk.stories.add(record)
    desk.note(
        record.kind,
        actor=record.by or desk.sender.name,
        about=kind.story.name,
        about_id=record.subject,
        why=_why(record),
    )


def _why(record: Record) -> str:
    """The reason of a change when it is one of ours: what someone typed stays where it is sealed."""
    reason = str(record.data.get("reason", "")) if record.target else ""
    return reason if reason in REASONS else ""


def _wake(desk: Desk, refs: set) -> None:
    """Apply what was waiting for these, in the order it happened."""
    if desk.awaited.isdisjoint(refs):
        return
    waiting = Record.objects.at(desk.site).filter(waits_for__in=refs, status=Status.HELD)
    for pk in list(waiting.order_by("occurred_at", "seq", "id").values_list("pk", flat=True)):
        # One that was applied may already have woken the next.
        if record := waiting.filter(pk=pk).first():
            _judge(desk, record, record.data, {}, None)
