"""« Noté. Annuler »: what was just written may be taken back by who wrote it, for a minute."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from sites.records.models import Record
from sites.records.services import Receipt, Sender, submit_one
from sites.records.stories import VOIDED
from sites.records.terms import Status
from sites.records.words import UNDONE_AT_ONCE

UNDO_FOR = timedelta(seconds=60)


def noted(request, receipts: Iterable[Receipt], words: str = "") -> None:
    """Say that it is written, with what takes it back. Last written is undone first."""
    written = [r.id for r in receipts if r.status == Status.CREATED and r.id]
    if written:
        messages.success(request, words or _("Noté."), extra_tags=" ".join(["undo", *reversed(written)]))


def undo(site, staff: str, record_ids: list[uuid.UUID]) -> bool:
    """Void each of one's own records written in the last minute, in the order given; False if one cannot."""
    since = timezone.now() - UNDO_FOR
    for record_id in record_ids:
        mine = Record.objects.at(site).filter(
            record_id=record_id, by=staff, received_at__gte=since, status=Status.CREATED
        )
        if not mine.exists():
            return False
        receipt = submit_one(
            site=site,
            kind=VOIDED,
            data={"target": str(record_id), "reason": UNDONE_AT_ONCE},
            sender=Sender(staff=staff),
            record_id=uuid.uuid5(record_id, "undo"),
            occurred_at=timezone.now(),
        )
        if receipt.status not in (Status.CREATED, Status.DUPLICATE):
            return False
    return True
