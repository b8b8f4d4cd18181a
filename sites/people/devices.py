import hashlib
import re
import secrets
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from harmreduction.pg.prepared import ask, columns, made
from harmreduction.pg.scope import acting
from sites.keyring.boxes import public_key
from sites.people.models import Device
from sites.people.terms import TabletPlace
from sites.places.models import Site

SEEN_EVERY = timedelta(minutes=1)
FIND = f"""
select {columns(Device, "d")}, {columns(Site, "s")},
    set_config('app.sites', d.site_id::text, true), set_config('app.token', '', true)
from scs_device d join scs_site s on s.id = d.site_id where d.token_digest = %(digest)s
"""  # noqa: S608 - names of our own models


def digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def is_token(text: object) -> bool:
    """Whether it can be one of ours: 32 bytes in base64url."""
    return isinstance(text, str) and re.fullmatch(r"[A-Za-z0-9_-]{43}", text) is not None


def enrol(site, label: str = "", place: str = TabletPlace.COUNTER, token: str = "") -> tuple[Device, str]:
    """Enrol a tablet; its token, unless it brought its own, is told this once. The key that it will seal to
    is made if need be.
    """
    public_key(site)
    token = token or secrets.token_urlsafe(32)
    device = Device.objects.create(
        site=site, label=label, place=place, token_digest=digest(token), enrolled_at=timezone.now()
    )
    return device, token


def device_of(token: str) -> Device | None:
    """The tablet of a token, and a note, each minute at most, that it was seen."""
    with acting(token=digest(token)):
        device = _found(digest(token))
        present = timezone.now()
        if device and (device.last_seen_at is None or present - device.last_seen_at > SEEN_EVERY):
            Device.objects.filter(pk=device.pk).update(last_seen_at=present)
        return device


def _found(token_digest: str) -> Device | None:
    """Found with its site, the scope of what follows is told too."""
    for row in ask(FIND, digest=token_digest):
        values = iter(row)
        device = made(Device, values)
        device.site = made(Site, values)
        connection.heard_scope(sites=(device.site_id,), token="")
        return device
    return None
