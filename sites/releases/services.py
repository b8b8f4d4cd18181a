"""Who may pull releases, and what was handed over to whom (privacy.md R11, R12)."""

import hashlib
import secrets

from django.utils import timezone

from sites.releases.models import Disclosure, Recipient, ReleaseFile
from sites.trail.services import note


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def add_recipient(name: str, purpose: str) -> tuple[Recipient, str]:
    """A recipient and the token, which is told this once and kept only as a digest."""
    token = secrets.token_urlsafe(32)
    recipient = Recipient.objects.create(
        name=name, purpose=purpose, token_digest=_digest(token), created_at=timezone.now()
    )
    note("recipient added", actor="settings", about="recipient", about_id=recipient.pk)
    return recipient, token


def recipient_of(token: str) -> Recipient | None:
    """Whose token it is, when it was not revoked."""
    return Recipient.objects.filter(token_digest=_digest(token), revoked_at=None).first()


def disclose(file: ReleaseFile, *, to: str) -> None:
    """Write down that a file leaves; when that cannot be written, it does not leave."""
    what = f"{file.release_id}/{file.name}"
    Disclosure.objects.create(at=timezone.now(), recipient=to, what=what, sha256=file.sha256)
    note("release sent", actor=to, about="release", about_id=what)
