"""What every answer tells the browser to refuse, whatever made the answer."""

from functools import cache

from csp.utils import build_policy
from django.conf import settings
from django.http import HttpResponse

# Nothing of a device is asked for but its authenticator, and a screen that stays lit in an emergency.
PERMISSIONS = ", ".join(
    [
        *(f"{name}=()" for name in (
            "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope",
            "magnetometer", "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
        )),
        *(f"{name}=(self)" for name in (
            "publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock",
        )),
    ]
)  # fmt: skip
LARGEST_BODY = 20 * 1024 * 1024
LENGTH_DIGITS = 20
EVERYONE = {"public", "device", "recipient"}


class Headers:
    """Stands outside everything, static files included."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = refusal(request) or self.get_response(request)
        headers = response.headers
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", PERMISSIONS)
        headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        if not request.path.startswith(settings.STATIC_URL):
            headers.setdefault("Cache-Control", "no-store")
            headers.setdefault("Content-Security-Policy", _policy())
        return response


def refusal(request) -> HttpResponse | None:
    """Of a body that says no length that could be one, or one that is not read."""
    stated = request.META.get("CONTENT_LENGTH") or "0"
    if not (stated.isascii() and stated.isdigit() and len(stated) < LENGTH_DIGITS):
        return _refused(400)
    return _refused(413) if int(stated) > LARGEST_BODY else None


def _refused(status: int) -> HttpResponse:
    headers = {"Connection": "close"}
    return HttpResponse(str(status), status=status, content_type="text/plain", headers=headers)


@cache
def _policy() -> str:
    """Of what was answered before a policy of its own could be made: pages have theirs by then."""
    return build_policy(update=TrustedTypes.POLICY)


class TrustedTypes:
    """Pages open to anyone and the tablet never make code or markup of text; browsers then forbid it.

    Two policies are allowed: the address of the one script that the tablet registers, and its templates.
    """

    POLICY = {"require-trusted-types-for": ["'script'"], "trusted-types": ["shell", "lit-html"]}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        found = request.resolver_match
        if found is None or getattr(found.func, "permission", "public") in EVERYONE:
            response._csp_update = self.POLICY
        return response
