"""« Comme la dernière fois »: what someone who agreed to be known again declared here the last time.

The answer is the same for a handle that nobody gave and for someone who never agreed, so that asking
tells nothing of who comes here; who asks is in the trail, and may ask so many times an hour.
"""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sites.clients.services import person_mark
from sites.people.models import Device, Staff
from sites.people.proofs import holder
from sites.people.terms import Permission
from sites.records.handles import handle_code, normalised
from sites.records.locks import hold_locks
from sites.tablet.doors import answer, for_tablet, with_body
from sites.tablet.views import refuse
from sites.trail.models import TrailEntry
from sites.trail.services import note
from sites.visits.models import Visit
from sites.visits.pages import cares_for, known_about
from sites.visits.queries import last_declared, same_handle

ACTION = "handle.last_time"
MOST_AN_HOUR = 20


@csrf_exempt
@require_POST
@for_tablet
@with_body("handle")
def last_time(request, device, handle):
    """{"already": {"visit", "booth", "since"} or null, "declared": {"substances", "route"} or null}

    Also `known` when a measure keeps this person away, `cares` for what helps to care for them: sentences, in
    the language of the request.
    """
    person = holder(request, device)
    if person is None:
        return refuse(401, "locked", _("La tablette est verrouillée."))
    if not person.may(Permission.RECORD_VISITS):
        return refuse(403, "permission", _("Ce rôle ne note pas les visites."))
    if not normalised(handle):
        return refuse(422, "handle", _("Il manque le pseudonyme."))
    if not _may_ask(device, person, handle):
        message = _("Vingt recherches en une heure : attendre un peu, ou choisir ci-dessous.")
        return refuse(429, "limit", message)
    code = handle_code(device.site, handle)
    here = same_handle(device.site, code)
    declared = None if here else last_declared(device.site, code)
    known = known_about(device.site, code)
    told = {"already": _already(here) if here else None, "declared": declared}
    cares = [care.said for care in cares_for(device.site, code)]
    return answer(told | ({"known": known} if known else {}) | ({"cares": cares} if cares else {}))


def _may_ask(device: Device, person: Staff, handle: str) -> bool:
    """Write down that someone asks, unless they asked too often. Two at once wait for each other."""
    hold_locks(device.site, [f"{ACTION} {person.code}"])
    since = timezone.now() - timedelta(hours=1)
    asked = TrailEntry.objects.filter(
        site_id=device.site_id, actor=person.code, action=ACTION, at__gt=since
    ).count()
    if asked >= MOST_AN_HOUR:
        return False
    note(
        ACTION,
        actor=person.code,
        site_id=device.site_id,
        about="person",
        about_id=person_mark(device.site, handle),
        device=device.uuid,
    )
    return True


def _already(visit: Visit) -> dict:
    return {
        "visit": str(visit.ref),
        "booth": visit.booth.label if visit.booth else None,
        "since": visit.since.isoformat(),
    }
