"""« Comme la dernière fois »: what someone who agreed to be known again declared here the last time.

The answer is the same for a handle that nobody gave and for someone who never agreed, so that asking
tells nothing of who comes here; who asks is in the trail, and may ask so many times an hour.
"""

from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sites.people.proofs import holder
from sites.people.terms import Permission
from sites.records.handles import handle_code, normalised
from sites.tablet.doors import answer, for_tablet, with_body
from sites.tablet.views import refuse
from sites.visits.look_ups import Door, look_up
from sites.visits.models import Visit
from sites.visits.pages import cares_for, known_about
from sites.visits.queries import last_declared, same_handle


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
    if not look_up(device.site, handle, by=person.code, door=Door.TABLET, device=device.uuid):
        message = _("Vingt recherches en une heure : attendre un peu, ou choisir ci-dessous.")
        return refuse(429, "limit", message)
    code = handle_code(device.site, handle)
    here = same_handle(device.site, code)
    declared = None if here else last_declared(device.site, code)
    known = known_about(device.site, code)
    told = {"already": _already(here) if here else None, "declared": declared}
    cares = [care.said for care in cares_for(device.site, code)]
    return answer(told | ({"known": known} if known else {}) | ({"cares": cares} if cares else {}))


def _already(visit: Visit) -> dict:
    return {
        "visit": str(visit.ref),
        "booth": visit.booth.label if visit.booth else None,
        "since": visit.since.isoformat(),
    }
