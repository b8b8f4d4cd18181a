"""How a request of an enrolled tablet comes in: its token, its body, its site in sight."""

import json
from functools import wraps

from django.http import JsonResponse
from django.utils.translation import gettext as _

from harmreduction.pg.scope import acting
from sites.people.access import DEVICE, by_token
from sites.people.devices import device_of
from sites.tablet.views import bearer, refuse, unknown_device

MAX_BODY_BYTES = 16 * 1024


def for_tablet(view):
    """Call view(request, device, …) with the tablet's site in sight; no token that stands is 401."""

    @wraps(view)
    def opened(request, **named):
        device = device_of(bearer(request, "Device"))
        if device is None:
            return unknown_device()
        if device.revoked_at:
            return refuse(401, "revoked", _("Cette tablette a été révoquée."))
        with acting(sites=[device.site_id]):
            return view(request, device, **named)

    return by_token(DEVICE)(opened)


def with_body(*names: str, optional: tuple[str, ...] = ()):
    """Call view(request, …, **texts) with these texts of the JSON body; 422 when one is not there. An
    optional one that is not there is empty.
    """

    def decorate(view):
        @wraps(view)
        def read(request, *args):
            body = dict.fromkeys(optional, "") | body_of(request)
            texts = {name: body.get(name) for name in (*names, *optional)}
            if not all(map(_is_text, texts.values())):
                return unreadable()
            return view(request, *args, **texts)

        return read

    return decorate


def body_of(request) -> dict:
    """The JSON object sent; {} for anything else."""
    raw = request.read(MAX_BODY_BYTES + 1)
    try:
        body = json.loads(raw.decode("utf-8")) if len(raw) <= MAX_BODY_BYTES else None
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def unreadable() -> JsonResponse:
    return refuse(422, "body", _("Le corps n’est pas celui qui est attendu."))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 60 and value.isprintable() and "\ufffd" not in value


def answer(body: dict, status: int = 200) -> JsonResponse:
    response = JsonResponse(body, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
