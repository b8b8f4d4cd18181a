"""What a submission is judged by, and what waits for a person."""

import uuid
from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from harmreduction.pg.prepared import ask, columns, listed, made
from sites.people.models import Staff
from sites.people.queries import WORKING
from sites.people.terms import Permission
from sites.places.models import Site
from sites.records.models import Authorship, Record
from sites.records.terms import IMPORT_FLAG, TO_CONFIRM_FLAG, Status

# What is held is named by its index: of all that was ever written, a handful waits.
BEFORE = f"""
select here.staff, here.awaited, {columns(Record, "r")}
from (select array({WORKING} and staff.code = any(string_to_array(%(by)s, ','))) staff,
        array(select waits_for from scs_record where site_id = %(site)s::bigint
            and waits_for is not null and status = 'held') awaited) here
    left join scs_record r on r.site_id = %(site)s::bigint and (r.record_id = any(%(ids)s::uuid[])
        or r.subject = any(%(subjects)s::uuid[]) and r.status = 'created')
order by r.id
"""  # noqa: S608 - names of our own models


class Before(NamedTuple):
    """What was known when a submission began.

    `staff`: who of its authors works there. `awaited`: what held records wait for. `records`: those of its
    ids, and all that were applied to its subjects, oldest first.
    """

    staff: set[str]
    awaited: set[uuid.UUID]
    records: list[Record]


def before(
    site: Site, ids: Collection[uuid.UUID], subjects: Collection[uuid.UUID], by: Collection[str]
) -> Before:
    rows = ask(BEFORE, site=site.pk, ids=listed(ids), subjects=listed(subjects), by=",".join(by))
    staff, awaited, *_ = rows[0]
    told = [iter(row[2:]) for row in rows if row[2] is not None]
    return Before(set(staff), set(awaited), [made(Record, values) for values in told])


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
