import hashlib
import secrets

from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.keyring.boxes import public_key
from sites.people.models import Device


def digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def enrol(site, label: str = "") -> tuple[Device, str]:
    """Enrol a tablet; its token is told this once. The key that it will seal to is made if need be."""
    public_key(site)
    token = secrets.token_urlsafe(32)
    device = Device.objects.create(
        site=site, label=label, token_digest=digest(token), enrolled_at=timezone.now()
    )
    return device, token


def device_of(token: str) -> Device | None:
    with acting(token=digest(token)):
        return Device.objects.select_related("site").filter(token_digest=digest(token)).first()
