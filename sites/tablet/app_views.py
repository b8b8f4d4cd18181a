"""The tablet app: one page without data, and what an enrolled tablet asks for."""

from django.http import HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from harmreduction.pg.scope import acting
from sites.people.access import DEVICE, by_token, public
from sites.people.devices import device_of
from sites.tablet.board import board_of, digest
from sites.tablet.room import room_of
from sites.tablet.setup import setup_of
from sites.tablet.views import bearer, unknown_device


@require_safe
@public
def app(request):
    """The shell. It holds no data and is the same for everyone."""
    return render(request, "tablet/app.html")


@require_safe
@by_token(DEVICE)
def setup(request):
    device = device_of(bearer(request, "Device"))
    if device is None:
        return unknown_device()
    with acting(sites=[device.site_id]):
        return JsonResponse(setup_of(device))


@require_safe
@by_token(DEVICE)
def room(request):
    """The live room; 304 while nothing on it changes."""
    device = device_of(bearer(request, "Device"))
    if device is None:
        return unknown_device()
    with acting(sites=[device.site_id]):
        board = board_of(device.site)
        tag = f'"{digest(board.version)}"'
        if tag in request.headers.get("If-None-Match", ""):
            response = HttpResponseNotModified()
        else:
            response = JsonResponse(room_of(board, unlocked=False))
    response.headers["ETag"] = tag
    return response
