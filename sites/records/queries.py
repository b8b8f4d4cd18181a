"""What waits for a person."""

import uuid

from django.db.models import Q

from sites.places.models import Site
from sites.records.models import Record
from sites.records.terms import TO_CONFIRM_FLAG, Status


def to_review(site: Site):
    """Kept records, and facts whose author is to confirm, that nobody has settled; oldest first."""
    waiting = ~Q(status=Status.CREATED) | Q(flags__contains=[TO_CONFIRM_FLAG])
    return Record.objects.at(site).filter(waiting, settled_at__isnull=True).order_by("occurred_at", "id")


def is_here(site: Site, record_id: uuid.UUID) -> bool:
    return Record.objects.at(site).filter(record_id=record_id).exists()
