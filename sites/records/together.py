"""Records of one tap, written all together or not at all: a page that shows why keeps nothing else."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from sites.clockwork.services import now
from sites.places.models import Site
from sites.records.forms import clean_text
from sites.records.locks import hold_locks
from sites.records.models import Record
from sites.records.services import Receipt, Sender, submit
from sites.records.terms import Status

Problems = list[tuple[str, str]]
WRITTEN = (Status.CREATED, Status.DUPLICATE)


class Told(NamedTuple):
    """A record to be, and when it happened."""

    record_id: uuid.UUID
    kind: str
    data: dict
    at: datetime


@dataclass
class Outcome:
    """Receipts when written (none for a tap that came twice), else (field, sentence) pairs.

    `refused`: the receipts behind the problems, to say which of several rows is meant.
    """

    receipts: list[Receipt] = field(default_factory=list)
    problems: Problems = field(default_factory=list)
    refused: list[Receipt] = field(default_factory=list)


class NotWritten(Exception):
    def __init__(self, receipts: Iterable[Receipt]):
        super().__init__()
        self.receipts = list(receipts)
        self.problems = [
            (name, error["message"])
            for receipt in self.receipts
            for name, errors in receipt.errors.items()
            for error in errors
        ]


def unreadable(request) -> Problems:
    """Fields that hold what no database keeps: NUL, or half of a surrogate pair."""
    message = _("Ce texte contient un signe qui ne peut pas être gardé.")
    return [
        (name if clean_text(name) else "__all__", message)
        for name, texts in request.POST.lists()
        if not all(clean_text(text) for text in [name, *texts])
    ]


def write(request, rows: list[tuple[uuid.UUID, str, dict]], at: datetime) -> Outcome:
    """Write records (id, kind, data) of one moment by who is signed in. Twice is once."""
    told = [Told(*row, at) for row in rows]
    hold_locks(request.site, [str(one.record_id) for one in told])
    if _written(request, told):
        return Outcome()
    return _write(request, told, Sender(staff=request.user.code))


def write_afterwards(request, rows: list[Told]) -> Outcome:
    """Write what was first noted on paper: each at its own time, typed now, and marked so. Twice is once."""
    hold_locks(request.site, [str(row.record_id) for row in rows])
    before = _written(request, rows)
    left = [row for row in rows if row.record_id not in before]
    if not left:
        return Outcome()
    return _write(request, left, Sender(staff=request.user.code, from_paper=True), entered=now())


def _written(request, rows: list[Told]) -> set[uuid.UUID]:
    """Of these, the records that this person has written already."""
    ids = [row.record_id for row in rows]
    mine = Record.objects.at(request.site).filter(
        record_id__in=ids, by=request.user.code, status=Status.CREATED
    )
    return set(mine.values_list("record_id", flat=True))


def _write(request, rows: list[Told], sender: Sender, entered: datetime | None = None) -> Outcome:
    site: Site = request.site
    records = [_record(request, row, seq, entered or row.at) for seq, row in enumerate(rows)]
    try:
        with transaction.atomic():
            receipts = submit(site=site, records=records, sender=sender)
            refused = [r for r in receipts if r.status not in WRITTEN]
            if refused:
                raise NotWritten(refused)
    except NotWritten as refusal:
        return Outcome(problems=refusal.problems, refused=refusal.receipts)
    return Outcome(receipts)


def _record(request, row: Told, seq: int, entered: datetime) -> dict:
    return {
        "id": str(row.record_id),
        "kind": row.kind,
        "occurred_at": row.at.isoformat(),
        "entered_at": entered.isoformat(),
        "seq": seq,
        "by": request.user.code,
        "data": {name: value for name, value in row.data.items() if value not in (None, "", [])},
    }
