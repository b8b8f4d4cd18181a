from django.http import Http404, HttpResponseNotModified, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from harmreduction.pg.scope import acting
from sites.people.access import DEVICE, by_token, staff_may
from sites.people.devices import device_of
from sites.people.terms import Permission
from sites.tablet.board import board_of, digest
from sites.tablet.board_json import as_json
from sites.tablet.views import bearer, unknown_device

# Where someone without a board begins: the first of these that they may open.
ELSEWHERE = [(Permission.READ_RELEASES, "releases"), (Permission.SET_UP, "setup")]


def _fresh(request, tag: str) -> bool:
    return tag in [one.strip() for one in request.headers.get("If-None-Match", "").split(",")]


@require_safe
@staff_may(Permission.SIGNED_IN, site=False)
def home(request):
    """The board; who has none goes to the first page that is theirs."""
    if request.site is None or not request.user.may(Permission.SEE_BOARD):
        return HttpResponseRedirect(_elsewhere(request.user))
    board = board_of(request.site)
    return render(request, "visits/board.html", {"board": board, "page": "board"})


def _elsewhere(user) -> str:
    for permission, name in ELSEWHERE:
        if user.may(permission):
            try:
                return reverse(name)
            except NoReverseMatch:
                continue
    raise Http404


@require_safe
@staff_may(Permission.SEE_BOARD)
def live(request):
    """The board's tiles alone; 304 while nothing on them changes."""
    board = board_of(request.site)
    tag = f'"{digest(board.version, get_language(), request.user.pk)}"'
    response = (
        HttpResponseNotModified()
        if _fresh(request, tag)
        else render(request, "visits/_columns.html", {"board": board})
    )
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "no-cache, private"
    return response


@require_safe
@by_token(DEVICE)
def api_board(request):
    device = device_of(bearer(request, "Device"))
    if device is None or device.revoked_at:
        return unknown_device()
    with acting(sites=[device.site_id]):
        shown = as_json(board_of(device.site))
    tag = f'"{digest(*[value for name, value in shown.items() if name != "as_of"])}"'
    response = HttpResponseNotModified() if _fresh(request, tag) else JsonResponse(shown)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "no-cache, private"
    return response
