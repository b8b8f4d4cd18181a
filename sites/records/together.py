"""Records of one tap, written all together or not at all: a page that shows why keeps nothing else."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sites.places.models import Site
from sites.records.forms import clean_text
from sites.records.locks import hold_locks
from sites.records.models import Record
from sites.records.services import Receipt, Sender, submit
from sites.records.terms import Status

Problems = list[tuple[str, str]]
WRITTEN = (Status.CREATED, Status.DUPLICATE)


@dataclass
class Outcome:
    """Receipts when written (none for a tap that came twice), else (field, sentence) pairs."""

    receipts: list[Receipt] = field(default_factory=list)
    problems: Problems = field(default_factory=list)


class NotWritten(Exception):
    def __init__(self, receipts: Iterable[Receipt]):
        super().__init__()
        self.problems = [
            (name, error["message"])
            for receipt in receipts
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
    site: Site = request.site
    first = rows[0][0]
    hold_locks(site, [str(first)])
    if Record.objects.at(site).filter(record_id=first, by=request.user.code, status=Status.CREATED).exists():
        return Outcome()
    records = [_record(request, row, seq, at) for seq, row in enumerate(rows)]
    try:
        with transaction.atomic():
            receipts = submit(site=site, records=records, sender=Sender(staff=request.user.code))
            refused = [r for r in receipts if r.status not in WRITTEN]
            if refused:
                raise NotWritten(refused)
    except NotWritten as refusal:
        return Outcome(problems=refusal.problems)
    return Outcome(receipts)


def _record(request, row: tuple[uuid.UUID, str, dict], seq: int, at: datetime) -> dict:
    record_id, kind, data = row
    return {
        "id": str(record_id),
        "kind": kind,
        "occurred_at": at.isoformat(),
        "entered_at": at.isoformat(),
        "seq": seq,
        "by": request.user.code,
        "data": {name: value for name, value in data.items() if value not in (None, "", [])},
    }
