"""« C’est juste »: what looked odd and is right, said by a person with a reason; and taken back."""

import uuid
from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from sites.places.models import Site
from sites.records.locks import hold_locks
from sites.review.kinds import Kind
from sites.review.looking import look_again
from sites.review.models import Finding, ReviewLimit, Seen
from sites.review.queries import items
from sites.review.rules import limits_of
from sites.review.terms import WHY_RIGHT
from sites.trail.services import note

TAKEN_BACK_FOR = timedelta(days=30)


@transaction.atomic
def say_right(site: Site, kinds: Iterable[Kind], keys: Collection[str], *, why: str, by: str) -> list[Seen]:
    """Of what waits under these keys, say that it is right; what was said. Twice is once."""
    hold_locks(site, ["look over"])
    asked = [kind for kind in kinds if kind.may_be_right]
    found = [item for item in items(site, asked) if item.key in set(keys)]
    batch, present = uuid.uuid4(), timezone.now()
    rows = Seen.objects.bulk_create(
        Seen(
            site=site, kind=i.kind, rule=i.rule, ref=i.ref, said=i.said or {}, why=why, by=by, at=present,
            batch=batch,
        )
        for i in found
    )  # fmt: skip
    for row in rows:
        _findings(site, row).update(seen=True)
        # What someone typed stays where it is sealed.
        told = why if why in WHY_RIGHT else ""
        note("said right", actor=by, site_id=site.pk, about=row.kind, about_id=row.ref, why=told)
    return rows


@transaction.atomic
def take_back(site: Site, batch: uuid.UUID, *, by: str) -> int:
    """Put what one press confirmed back on the list; how many rows."""
    hold_locks(site, ["look over"])
    rows = list(taken_back_from(site).filter(batch=batch))
    Seen.objects.at(site).filter(pk__in=[row.pk for row in rows]).update(taken_back_at=timezone.now())
    for row in rows:
        _findings(site, row).update(seen=False)
        note("said right taken back", actor=by, site_id=site.pk, about=row.kind, about_id=row.ref)
    return len(rows)


def taken_back_from(site: Site):
    """What may still be put back on the list, the latest first."""
    since = timezone.now() - TAKEN_BACK_FOR
    return Seen.objects.at(site).filter(taken_back_at__isnull=True, at__gte=since).order_by("-id")


def _findings(site: Site, row: Seen):
    return Finding.objects.at(site).filter(kind=row.kind, rule=row.rule, ref=row.ref)


@transaction.atomic
def set_limits(site: Site, values: dict[str, int], *, by: str) -> None:
    """From where on this site wants to look again; every day is looked at anew."""
    changed = {code: n for code, n in values.items() if n != limits_of(site)[code]}
    for code, value in changed.items():
        ReviewLimit.objects.update_or_create(site=site, code=code, defaults={"value": value})
        note("review limit", actor=by, site_id=site.pk, about="limit", about_id=code, why=str(value))
    if changed:
        look_again(site)
