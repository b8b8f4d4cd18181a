"""Taking a tablet in hand: it joins a site once; then whoever works there unlocks it by six digits."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from sites.people import pins, proofs
from sites.people.access import public
from sites.people.devices import is_token
from sites.people.enrolment import enrol_with
from sites.people.models import Device, Staff
from sites.people.queries import may_grant, tablet_team
from sites.people.terms import Permission
from sites.records.queries import mine_to_confirm
from sites.tablet.doors import answer, for_tablet, unreadable, with_body
from sites.tablet.setup import device_row
from sites.tablet.views import refuse

SAID_ALOUD_FOR = timedelta(minutes=10)


@csrf_exempt
@require_POST
@public
@with_body("code", optional=("token",))
def enrol(request, code, token):
    """A tablet that brings its own token may ask again when the answer was lost."""
    if token and not is_token(token):
        return unreadable()
    enrolled = enrol_with(code, token)
    if enrolled is None:
        return refuse(403, "code", _("Ce code ne va pas, ou plus. En demander un autre."))
    device, token = enrolled
    return answer({"device": device_row(device) | {"token": token}})


@csrf_exempt
@require_POST
@for_tablet
@with_body("staff", "pin")
def unlock(request, device, staff, pin):
    try:
        person = pins.prove(device, staff, pin)
    except pins.Refused as refused:
        return _refusal(refused)
    return _held(device, person)


@csrf_exempt
@require_POST
@for_tablet
def lock(request, device):
    """Whoever holds it no longer does. Nothing else ends: what waits on the tablet is sent all the same."""
    if proofs.holder(request, device):
        proofs.lock(device)
    return answer({})


@csrf_exempt
@require_POST
@for_tablet
@with_body("staff", "once", "pin")
def choose_pin(request, device, staff, once, pin):
    """Choose one's six digits with a code that a manager or a shift lead told; that unlocks too."""
    try:
        person = pins.choose(device, staff, once, pin)
    except pins.Refused as refused:
        return _refusal(refused)
    return _held(device, person)


@csrf_exempt
@require_POST
@for_tablet
@with_body("staff", "lead", "pin")
def help_colleague(request, device, staff, lead, pin):
    """A shift lead or a manager ends a colleague's pause and is told a code for a new PIN."""
    try:
        helper = pins.prove(device, lead, pin)
    except pins.Refused as refused:
        return _refusal(refused)
    colleague = tablet_team(device.site).filter(code=staff).first()
    if not helper.may(Permission.REVIEW) or colleague is None or not may_grant(helper, colleague.role):
        return refuse(403, "not_yours", _("Il faut le code d’une personne responsable."))
    once = pins.tell_once(
        colleague, by=helper.code, site=device.site, valid_for=SAID_ALOUD_FOR, device=str(device.uuid)
    )
    return answer({"once": once})


def _held(device: Device, person: Staff):
    held, token = proofs.unlock(device, person)
    return answer(
        {
            "unlock": token,
            "until": held.until.isoformat(),
            "to_confirm": mine_to_confirm(device.site, person).count(),
            "person": {
                "code": person.code,
                "name": person.display_name,
                "role": person.role,
                "language": person.language,
                "may": sorted(permission.value for permission in Permission if person.may(permission)),
            },
        }
    )


def _refusal(refused: pins.Refused):
    """403; `left` tries are told in the words too."""
    if isinstance(refused, pins.Weak):
        return refuse(422, "weak", refused.message)
    if refused.code == "paused":
        message = _("Cinq codes qui ne vont pas. Une personne responsable peut débloquer.")
    else:
        message = ngettext(
            "Ce code ne va pas. Encore %(left)s essai.",
            "Ce code ne va pas. Encore %(left)s essais.",
            refused.left or 0,
        ) % {"left": refused.left}
    return refuse(403, refused.code, message, left=refused.left)
