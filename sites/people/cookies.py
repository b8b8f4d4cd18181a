"""Our cookies beside those of Django: over https, by names that no other host of the domain can set."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


def _bound(name: str) -> str:
    return f"__Host-{name}" if settings.HTTPS else name


DESK, LANGUAGE, THEME = _bound("desk"), _bound("lang"), _bound("theme")


class OfThisHost(CookieStorage):
    cookie_name = _bound("messages")


class Messages(FallbackStorage):
    """In a cookie, so that who is not signed in needs no session; in that only what is too long for one."""

    storage_classes = (OfThisHost, SessionStorage)
