"""The sessions of browsers: one row each, ended by deleting it; no address is kept."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

from allauth.account.signals import authentication_step_completed
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends import db
from django.dispatch import receiver
from django.utils import timezone

from sites.people.models import Staff, StaffSession

LONGEST = timedelta(seconds=settings.SESSION_COOKIE_AGE)
SEEN_EVERY_S = 60
BEGAN, SEEN, BROWSER = "began", "seen", "browser"
BROWSERS = [("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")]
SYSTEMS = [("Android", "Android"), ("iPad", "iPad"), ("iPhone", "iPhone"), ("Windows", "Windows"),
           ("Macintosh", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")]  # fmt: skip


def digest(key: str) -> str:
    """What a row is found by: a copy of the database lets nobody in."""
    return hashlib.sha256(key.encode()).hexdigest()


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls):
        return StaffSession

    def _get_session_from_db(self):
        live = StaffSession.objects.filter(pk=digest(self.session_key), expire_date__gt=timezone.now())
        found = live.first()
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key) -> bool:
        return StaffSession.objects.filter(pk=digest(session_key)).exists()

    def delete(self, session_key=None) -> None:
        key = session_key or self.session_key
        if key:
            StaffSession.objects.filter(pk=digest(key)).delete()

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
