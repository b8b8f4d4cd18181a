"""A screen lent to a person opens nothing else: a colleague’s password ends it.

An emergency asks for none of it: SURDOSE and the recorder stay open, lists do not.
"""

import secrets
import time

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as PROVEN
from django.shortcuts import redirect

from sites.people.two_factors import ALWAYS, PROVING

LENT = "kiosk"
OWN = ("kiosk", "kiosk-person", "kiosk-language", "kiosk-leave")
EMERGENCY = ("overdose", "overdose-")
MOST_MISSES = 5
# A page that was left open shows nothing after this, whatever the browser does; seconds.
SHOWN_FOR_S = 300


class LentScreen:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, _view, _args, _kwargs):
        if LENT not in request.session:
            return None
        name = request.resolver_match.url_name or ""
        if name in (*OWN, *PROVING, *ALWAYS) or name == EMERGENCY[0] or name.startswith(EMERGENCY[1]):
            return None
        return redirect("kiosk")


def lend(request, language: str) -> None:
    """From now on this session is the person’s. Who takes it back proves who they are, again."""
    request.session[LENT] = {"language": language, "misses": 0, "since": time.time()}
    request.session[PROVEN] = [
        proof | {"at": 0} for proof in request.session.get(PROVEN, ()) if isinstance(proof, dict)
    ]
    new_ticket(request)


def new_ticket(request) -> str:
    """What the next form must bring: a page that was left, or gone back to, brings an old one."""
    ticket = secrets.token_hex(16)
    change(request, ticket=ticket)
    return ticket


def change(request, **told) -> None:
    request.session[LENT] = request.session[LENT] | told


def take_back(request) -> None:
    request.session.pop(LENT, None)
