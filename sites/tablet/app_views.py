"""What an enrolled tablet asks for."""

from django.http import HttpResponseNotModified, JsonResponse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from sites.people.access import public
from sites.people.proofs import HEADER, holder
from sites.people.terms import Permission
from sites.tablet.board import board_of, digest
from sites.tablet.doors import answer, for_tablet
from sites.tablet.room import room_of
from sites.tablet.setup import setup_of


@require_safe
@public
def time(request):
    """For a tablet to measure its clock by."""
    headers = {"Cache-Control": "no-store"}
    return JsonResponse({"server_time": timezone.now().isoformat()}, headers=headers)


@require_safe
@for_tablet
@gzip_page
def setup(request, device):
    """What the tablet keeps of its site; 304 while it is the same."""
    told = setup_of(device)
    tag = f'"{digest(*[value for name, value in told.items() if name != "as_of"])}"'
    same = tag in request.headers.get("If-None-Match", "")
    response = HttpResponseNotModified() if same else answer(told)
    response.headers["ETag"] = tag
    return response


@require_safe
@for_tablet
def room(request, device):
    """The live room; words and substances for who holds the tablet; 304 while nothing on it changes."""
    person = holder(request, device)
    unlocked = person is not None and person.may(Permission.SEE_BOARD)
    shown = room_of(board_of(device.site), unlocked=unlocked)
    tag = f'"{digest(*[value for name, value in shown.items() if name != "as_of"])}"'
    if tag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        response = answer(shown)
    response.headers["ETag"] = tag
    if HEADER in request.headers and person is None:
        response.headers[HEADER] = "ended"
    return response
