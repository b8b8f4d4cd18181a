"""Who runs a site shows two factors, and shows one again after a while away. Who was told a password
chooses another first.

An emergency asks for none of it: the overdose recorder opens with the password alone, tablets with a PIN.
"""

import json
import time
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY, suspend_request
from allauth.core.exceptions import ReauthenticationRequired
from django.shortcuts import redirect
from django.urls import reverse

from sites.people import factors
from sites.people.routes import permission_of
from sites.people.sessions import SEEN, mark_seen
from sites.people.terms import Permission

IDLE_S = 30 * 60
SETTING_UP = {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes"}
PROVING = {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
ALWAYS = {"account_logout"}
CHOOSING = "my-password"
ANYONE = {"public", "device", "recipient", str(Permission.RECORD_OVERDOSE)}
# What a request that waits for a password is kept with: no address, no cookie, no name of a browser.
KEPT = {"HTTP_HOST", "HTTP_ACCEPT_LANGUAGE", "SERVER_NAME", "SERVER_PORT", "REQUEST_METHOD", "CONTENT_TYPE"}


class TwoFactors:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, _args, _kwargs):
        if not request.user.is_authenticated:
            return None
        name = request.resolver_match.url_name
        step, allowed = _next_step(request)
        request.is_halfway = bool(step)
        if not step:
            if _is_used_by_hand(request):
                mark_seen(request)
            return None
        if name in allowed | ALWAYS or permission_of(view) in ANYONE:
            return None
        target = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
        return redirect(f"{reverse(step)}?{urlencode({'next': target})}")

    def process_exception(self, request, exception):
        """Ask for a password or another factor; what was typed waits in the session, sealed."""
        if not isinstance(exception, ReauthenticationRequired):
            return None
        ways = get_adapter().get_reauthentication_methods(request.user)
        response = suspend_request(request, ways[0]["url"] if ways else reverse("account_login"))
        waiting = request.session.get(STATE_SESSION_KEY, {})
        if "request" in waiting:
            sent = json.loads(waiting["request"])
            sent["META"] = {name: value for name, value in sent["META"].items() if name in KEPT}
            request.session[STATE_SESSION_KEY] = {"request": json.dumps(sent)}
        return response


def _next_step(request) -> tuple[str, set[str]]:
    """Where this person must go first, by URL name, and what is open on the way there; "" when nowhere."""
    step, allowed = _next_proof(request) if request.user.needs_two_factors else ("", set())
    if not step and request.user.told_until:
        return CHOOSING, {CHOOSING} | PROVING
    return step, allowed


def _next_proof(request) -> tuple[str, set[str]]:
    if not factors.is_proven(request):
        owned = set(factors.strong_factors(request.user).values_list("type", flat=True))
        if not owned:
            return "mfa_index", SETTING_UP | PROVING
        by_code = factors.Type.TOTP in owned
        return ("mfa_reauthenticate" if by_code else "mfa_reauthenticate_webauthn"), PROVING
    used = max(request.session.get(SEEN, 0), factors.last_proof(request))
    if time.time() - used > IDLE_S:
        return "account_reauthenticate", PROVING
    return "", set()


def _is_used_by_hand(request) -> bool:
    """A page that asks by itself what is new is not someone working."""
    return request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
