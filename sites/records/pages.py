"""The page door: what a form posts becomes the same record that a tablet would send."""

import re
import uuid
from datetime import datetime, timedelta

import uuid6
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from sites.clockwork.services import now
from sites.places.models import Site
from sites.places.queries import day_bounds, local, today
from sites.records.envelopes import as_uuid, instant
from sites.records.locks import hold_locks
from sites.records.models import Record
from sites.records.services import Receipt, Sender, submit_one
from sites.records.terms import CLOCK_TOLERANCE_S, Status

WRITTEN = (Status.CREATED, Status.DUPLICATE)


def new_id() -> uuid.UUID:
    """A UUIDv7: what a page puts in its hidden `record_id`, and in `visit`, `event` or `lot`."""
    return uuid.UUID(str(uuid6.uuid7()))


@transaction.atomic
def submit_page(request, kind: str, data: dict, *, at: datetime | None = None, record_id=None) -> Receipt:
    """Write one record by who is signed in. A form posted twice (same `record_id`) has one effect.

    One that is refused is kept for a person all the same; a sheet that shows why, and lets it be
    mended on the spot, writes with records.together instead.
    """
    site: Site = request.site
    record_id = record_id or as_uuid(request.POST.get("record_id")) or new_id()
    hold_locks(site, [str(record_id)])
    known = Record.objects.at(site).filter(record_id=record_id, kind=kind, by=request.user.code).first()
    if known and known.status != Status.INVALID:
        again = Status.DUPLICATE if known.status == Status.CREATED else known.status
        return Receipt(str(record_id), again, known.errors)
    return submit_one(
        site=site,
        kind=kind,
        data={name: value for name, value in data.items() if value not in (None, "", [])},
        sender=Sender(staff=request.user.code),
        record_id=record_id,
        occurred_at=at or tapped_at(request),
    )


def tapped_at(request) -> datetime:
    """When the finger touched, if the page says so (hidden `at`) and it is believable; else now."""
    tapped = instant(request.POST.get("at"))
    present = now()
    if tapped is None or not present - timedelta(hours=1) <= tapped <= present:
        return present
    return tapped


def typed_time(site: Site, text: str, *, not_before: datetime | None = None) -> datetime:
    """A clock time typed by a person (14 h 05, 14:05), taken in the service day that is running.

    Raises ValidationError for what cannot be: unreadable, in the future, before `not_before`.
    """
    found = re.fullmatch(r"\s*(\d{1,2})\s*[h:]\s*(\d{2})\s*", text, re.IGNORECASE)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValidationError(_("Écrire l’heure comme 14 h 05."), code="time")
    present = now()
    moment = local(site, present).replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    if moment > present + timedelta(seconds=CLOCK_TOLERANCE_S):
        moment = local(site, moment - timedelta(days=1)).replace(hour=int(found[1]), minute=int(found[2]))
    if moment < day_bounds(site, today(site))[0]:
        raise ValidationError(_("Cette heure n’est pas encore venue aujourd’hui."), code="future")
    if not_before and moment < not_before:
        raise ValidationError(_("C’est avant l’arrivée de la personne."), code="before_arrival")
    return moment
