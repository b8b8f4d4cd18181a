"""The signed head of the trail, one a day: kept in the database, on this machine's disk, and by whoever
was sent a copy.
"""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sites.keyring.services import key
from sites.oversight.chain import last_link
from sites.trail.models import TrailHead

FILE = "trail-head.json"


@dataclass(frozen=True)
class Head:
    """What is signed: at this moment the chain ended there, with this code."""

    at: datetime
    position: int
    code: bytes

    @property
    def text(self) -> bytes:
        return f"{self.at.isoformat()}|{self.position}|{self.code.hex()}".encode()


def head_of(row: TrailHead) -> Head:
    return Head(row.at, row.position, bytes(row.code))


@lru_cache(maxsize=4)
def _private(secret: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(secret)


def signer() -> Ed25519PrivateKey:
    return _private(key(None, "trail-head"))


def public_key() -> str:
    """Ed25519, 32 bytes in hexadecimal."""
    return signer().public_key().public_bytes_raw().hex()


class Signed(Protocol):
    @property
    def text(self) -> bytes: ...


def is_signed(said: Signed, signature: bytes, public: str) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, said.text)
    except (InvalidSignature, ValueError):
        return False
    return True


def sign_head() -> TrailHead | None:
    """The head of today (UTC), written once. None when it was, or when there is nothing to sign."""
    present = timezone.now()
    last = last_link()
    if last is None or TrailHead.objects.filter(at__date=present.date()).exists():
        return None
    head = Head(present, last.position, bytes(last.code))
    row = TrailHead.objects.create(
        at=head.at, position=head.position, code=head.code, signature=signer().sign(head.text)
    )
    keep_beside_keys(FILE, told(row))
    return row


def told(row: TrailHead) -> dict:
    """The head as JSON for someone outside: {"at", "position", "code", "signature", "public_key"}."""
    return {
        "at": row.at.isoformat(),
        "position": row.position,
        "code": bytes(row.code).hex(),
        "signature": bytes(row.signature).hex(),
        "public_key": public_key(),
    }


def read_told(text: str) -> tuple[Head, bytes, str]:
    """The head, its signature and the key it names. Raises ValueError for what is not a head."""
    try:
        said = json.loads(text)
        head = Head(datetime.fromisoformat(said["at"]), int(said["position"]), bytes.fromhex(said["code"]))
        return head, bytes.fromhex(said["signature"]), str(said["public_key"])
    except (KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError from error


def keep_beside_keys(name: str, said: dict) -> None:
    """Once this transaction is kept; outside the database: a trail that lost its end, or has its beginning
    again, is noticed.
    """
    transaction.on_commit(partial(_write, Path(settings.KEYS_DIR) / name, json.dumps(said)))


def _write(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    os.replace(fresh, path)


def kept_beside_keys(name: str) -> str:
    """What was kept under this name; "" when nothing was."""
    try:
        return (Path(settings.KEYS_DIR) / name).read_text()
    except FileNotFoundError:
        return ""


def kept_on_disk() -> tuple[Head, bytes, str] | None:
    said = kept_beside_keys(FILE)
    return read_told(said) if said else None
