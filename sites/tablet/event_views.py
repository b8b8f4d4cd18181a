"""An overdose that runs, for a second tablet that joins it: its records as they were told, locked or not."""

import uuid
from datetime import timedelta

from django.http import HttpResponseNotModified
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sites.clockwork.services import now
from sites.overdoses.models import OverdoseEvent
from sites.places.models import Site
from sites.records.models import Record
from sites.records.terms import Status
from sites.tablet.board import digest
from sites.tablet.doors import answer, for_tablet
from sites.tablet.views import refuse
from sites.trail.services import note_again

# Long enough for every tablet that shares it to learn that it is over.
READABLE_AFTER = timedelta(hours=1)


@require_safe
@for_tablet
def event(request, device, event: uuid.UUID):
    """Every record that counts, in the order in which they came; 304 while there is none more."""
    row = OverdoseEvent.objects.at(device.site).filter(ref=event).first()
    if row is None or (row.closed_at and row.closed_at < now() - READABLE_AFTER):
        return refuse(404, "gone", _("Cette surdose n’est plus en cours."))
    note_again(
        "looked",
        actor="tablet",
        site_id=device.site_id,
        about="overdose event",
        about_id=event,
        device=device.uuid,
    )
    records = list(_records(device.site, event))
    tag = f'"{digest(event, *[record.pk for record in records])}"'
    if tag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        response = answer(_told(event, records))
    response.headers["ETag"] = tag
    return response


def _records(site: Site, event: uuid.UUID):
    return Record.objects.at(site).filter(subject=event, status=Status.CREATED).order_by("id")


def _told(event: uuid.UUID, records: list[Record]) -> dict:
    """{"event", "tablets", "records"}; `tablets` have written in it."""
    return {
        "event": str(event),
        "tablets": len({record.device for record in records if record.device}),
        "records": [
            {
                "id": str(record.record_id),
                "kind": record.kind,
                "occurred_at": record.occurred_at.isoformat(),
                "by": record.by or None,
                "data": record.data,
            }
            for record in records
        ],
    }
