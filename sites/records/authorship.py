"""Who wrote a record that came without a name, or under one that was not proven.

The record stays as it was sent; who it is said to be of is added beside it, with who says so.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from sites.people.models import Staff
from sites.places.models import Site
from sites.places.services import mark_dirty
from sites.records.locks import hold_locks
from sites.records.models import Authorship, Record
from sites.records.queries import may_confirm, to_confirm
from sites.records.stories import CORRECTED, KINDS, VOIDED, Fact, story_of
from sites.trail.services import note

NOBODY = ""


@transaction.atomic
def confirm(site: Site, ids: Iterable[UUID], *, author: str, by: Staff, device: str = "") -> int:
    """Say of these that `author` wrote them; answers of how many. Twice is once."""
    doubted = to_confirm(site).filter(record_id__in=list(ids))
    about = [ref for pair in doubted.values_list("record_id", "subject") for ref in pair]
    hold_locks(site, map(str, about))
    records = [record for record in doubted.all() if may_confirm(record, by)]
    present = timezone.now()
    Authorship.objects.bulk_create(
        Authorship(
            site=site, record_id=r.record_id, author=author, said_by=by.code, said_at=present, device=device
        )
        for r in records
    )
    for record in records:
        action = "record.confirmed" if author else "record.disowned"
        note(
            action,
            actor=by.code,
            site_id=site.pk,
            about="record",
            about_id=record.record_id,
            why=author,
            device=device,
        )
    mark_dirty(site, {record.service_date for record in records})
    _fold_again(site, records)
    return len(records)


def _fold_again(site: Site, records: list[Record]) -> None:
    """Rows that show who did it, as the steps of an overdose do, show it now."""
    stories = {r.subject: KINDS[r.kind].story for r in records if r.kind not in (CORRECTED, VOIDED)}
    for subject, story in stories.items():
        mark_dirty(site, set(story.refresh(Fact(site, subject, None), story_of(site, subject))))
