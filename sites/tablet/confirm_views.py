"""On the tablet: what whoever holds it may say to be theirs. Kind, time and place; no word, no substance."""

from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sites.people.proofs import holder
from sites.records.authorship import confirm
from sites.records.envelopes import as_uuid
from sites.records.queries import mine_to_confirm
from sites.tablet.doors import answer, body_of, for_tablet, unreadable
from sites.tablet.views import refuse

MOST = 200


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@for_tablet
def to_confirm(request, device):
    person = holder(request, device)
    if person is None:
        return refuse(403, "locked", _("Il faut d’abord ouvrir la tablette."))
    if request.method == "POST":
        sent = body_of(request).get("records")
        if not isinstance(sent, list) or len(sent) > MOST:
            return unreadable()
        ids = [ref for ref in map(as_uuid, sent) if ref]
        confirm(device.site, ids, author=person.code, by=person, device=str(device.uuid))
    rows = mine_to_confirm(device.site, person)[:MOST]
    return answer({"records": [_row(record) for record in rows]})


def _row(record) -> dict:
    return {
        "id": str(record.record_id),
        "kind": record.kind,
        "at": record.occurred_at.isoformat(),
        "booth": record.data.get("booth"),
        "location": record.data.get("location"),
        "step": record.data.get("step"),
        "by": record.by or None,
    }
