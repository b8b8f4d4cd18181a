"""The sessions of browsers: one row each, ended by deleting it; no address is kept.

What a session holds is sealed: what was typed waits in it for a password, new passwords too.
"""

import hashlib
import re
from datetime import UTC, datetime, timedelta

from allauth.account.signals import authentication_step_completed
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends import db
from django.dispatch import receiver
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from sites.people.factors import box
from sites.people.models import Staff, StaffSession

LONGEST = timedelta(seconds=settings.SESSION_COOKIE_AGE)
SEEN_EVERY_S = 60
SEALED = b"scs session"
BEGAN, SEEN, BROWSER = "began", "seen", "browser"
BROWSERS = [("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")]
SYSTEMS = [("Android", "Android"), ("iPad", "iPad"), ("iPhone", "iPhone"), ("Windows", "Windows"),
           ("Macintosh", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")]  # fmt: skip


def digest(key: str) -> str:
    """What a row is found by: a copy of the database lets nobody in."""
    return hashlib.sha256(key.encode()).hexdigest()


class SessionStore(db.SessionStore):
    # Whose it was when it was read: their row comes along with it.
    staff: Staff | None = None

    @classmethod
    def get_model_class(cls):
        return StaffSession

    def _get_session_from_db(self):
        live = StaffSession.objects.filter(pk=digest(self.session_key), expire_date__gt=timezone.now())
        found = live.select_related("staff").first()
        if found is None:
            self._session_key = None
        self.staff = found and found.staff
        return found

    def exists(self, session_key) -> bool:
        return StaffSession.objects.filter(pk=digest(session_key)).exists()

    def delete(self, session_key=None) -> None:
        key = session_key or self.session_key
        if key:
            StaffSession.objects.filter(pk=digest(key)).delete()

    def encode(self, session_dict) -> str:
        return box(SEALED).encrypt(self.serializer().dumps(session_dict)).decode()

    def decode(self, session_data) -> dict:
        """What was sealed under a SECRET_KEY that is gone is nobody’s session."""
        try:
            return self.serializer().loads(box(SEALED).decrypt(session_data.encode()))
        except InvalidToken:
            return {}

    def create_model_instance(self, data) -> StaffSession:
        present = timezone.now()
        began = _instant(data.get(BEGAN)) or present
        return StaffSession(
            session_key=digest(self._get_or_create_session_key()),
            session_data=self.encode(data),
            expire_date=min(self.get_expiry_date(), began + LONGEST),
            staff_id=data.get(SESSION_KEY),
            began_at=began,
            seen_at=_instant(data.get(SEEN)) or present,
            browser=data.get(BROWSER, ""),
        )


def _instant(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


class KnownBySession(AuthenticationMiddleware):
    """Who is signed in is read with the session, not after it."""

    def process_request(self, request):
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: person_of(request))


def person_of(request) -> Staff | AnonymousUser:
    if not hasattr(request, "_cached_user"):
        request._cached_user = _brought_by(request.session) or get_user(request)
    return request._cached_user


def _brought_by(session: SessionStore) -> Staff | None:
    """None where Django is to look more closely: at nobody, at who left, at another password or key."""
    told, staff = session.get(SESSION_KEY), session.staff
    if staff is None or str(staff.pk) != told or not staff.is_active:
        return None
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    same = constant_time_compare(session.get(HASH_SESSION_KEY, ""), staff.get_session_auth_hash())
    return staff if same else None


@receiver(user_logged_in)
def begin(sender, request, user, **_more) -> None:
    request.session[BEGAN] = int(timezone.now().timestamp())
    request.session[BROWSER] = kind_of(request.headers.get("User-Agent", ""))
    mark_seen(request)


@receiver(authentication_step_completed)
def prove(sender, request, **_more) -> None:
    """Who proves again who they are goes on under another key; signing in gives one by itself."""
    if request.user.is_authenticated:
        request.session.cycle_key()


def mark_seen(request) -> None:
    """Once a minute at most: when this session was used."""
    present = int(timezone.now().timestamp())
    if present - request.session.get(SEEN, 0) >= SEEN_EVERY_S:
        request.session[SEEN] = present


def kind_of(agent: str) -> str:
    """« Firefox · Windows »: enough to know one's own by, and not to follow anyone."""
    found = [
        next((name for mark, name in marks if re.search(mark, agent)), "") for marks in (BROWSERS, SYSTEMS)
    ]
    return " · ".join(name for name in found if name)


def sessions_of(staff: Staff) -> list[StaffSession]:
    return list(staff.sessions.filter(expire_date__gt=timezone.now()).order_by("-seen_at"))


def end_sessions(staff: Staff, *, but: str = "", only: str = "") -> int:
    """End them from the next request on: all, all but one, or only one (session keys as kept)."""
    theirs = staff.sessions.exclude(pk=but)
    return (theirs.filter(pk=only) if only else theirs).delete()[0]


def forget_ended() -> None:
    """Delete the sessions that are over."""
    StaffSession.objects.filter(expire_date__lt=timezone.now()).delete()
