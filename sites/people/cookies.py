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
    """In a cookie: what was refused may be quoted, which in a session would lie in clear in the database."""

    storage_classes = (OfThisHost, SessionStorage)
