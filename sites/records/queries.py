"""What waits for a person."""

import uuid

from django.db.models import Exists, OuterRef, Q

from sites.people.models import Staff
from sites.people.terms import Permission
from sites.places.models import Site
from sites.records.models import Authorship, Record
from sites.records.terms import IMPORT_FLAG, TO_CONFIRM_FLAG, Status


def kept(site: Site):
    """Records that were not applied and that nobody has settled; oldest first."""
    rows = Record.objects.at(site).filter(~Q(status=Status.CREATED), settled_at__isnull=True)
    return rows.order_by("occurred_at", "id")


def to_confirm(site: Site):
    """Facts that nobody has said to be theirs yet; oldest first."""
    rows = Record.objects.at(site).filter(status=Status.CREATED, flags__contains=[TO_CONFIRM_FLAG])
    return rows.filter(~Exists(_said(site))).order_by("occurred_at", "id")


def may_confirm(record: Record, staff: Staff) -> bool:
    """Oneself for what bears one's name or none; whoever settles what waits, for all."""
    return record.by in ("", staff.code) or staff.may(Permission.REVIEW)


def mine_to_confirm(site: Site, staff: Staff):
    """What this person may say to be theirs: under their name, or under none."""
    return to_confirm(site).filter(by__in=["", staff.code])


def _said(site: Site):
    return Authorship.objects.at(site).filter(record_id=OuterRef("record_id"))


def is_here(site: Site, record_id: uuid.UUID) -> bool:
    return Record.objects.at(site).filter(record_id=record_id).exists()


def imported(field: str, ref: str) -> Exists:
    """Whether a row came with a past register: `ref` names it, as a record’s subject or id does."""
    told = Record.objects.filter(site=OuterRef("site"), flags__contains=[IMPORT_FLAG])
    return Exists(told.filter(**{field: OuterRef(ref)}))
