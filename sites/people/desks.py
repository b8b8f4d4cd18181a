"""Wrong passwords are counted by account and by desk, never by address: a whole site sits behind one.

A desk where someone has signed in before is known by a signed cookie. Guesses made elsewhere are counted
together and never slow that person at their own desk.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.db import connection
from django.utils.crypto import salted_hmac

from sites.people import cookies

ONE_YEAR_S = 365 * 86400
MOST_PEOPLE = 40


def bucket(request, login: str) -> str:
    """What wrong passwords for this login are counted under."""
    desk = _read(request)
    return f"{login.lower()}:{desk['id'] if _mark(login) in desk['known'] else 'elsewhere'}"


def remember(request, response, login: str) -> None:
    """This person has signed in at this desk."""
    desk, mark = _read(request), _mark(login)
    known = [*(one for one in desk["known"] if one != mark), mark][-MOST_PEOPLE:]
    response.set_cookie(
        cookies.DESK,
        signing.dumps({"id": desk["id"], "known": known}, salt="desk"),
        max_age=ONE_YEAR_S,
        httponly=True,
        secure=settings.HTTPS,
        samesite="Lax",
    )


def forget_tries() -> None:
    """Delete the counts that are over."""
    with connection.cursor() as cursor:
        cursor.execute("delete from scs_cache where expires < now()")


def _read(request) -> dict:
    try:
        return signing.loads(request.COOKIES.get(cookies.DESK, ""), salt="desk", max_age=ONE_YEAR_S)
    except signing.BadSignature:
        return {"id": secrets.token_urlsafe(12), "known": []}


def _mark(login: str) -> str:
    return salted_hmac("desk", login.lower()).hexdigest()[:16]
