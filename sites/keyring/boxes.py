"""Boxes that a tablet can close and only the server can open (reliability.md T1).

A box is `65 bytes of a fresh P-256 point | 12 bytes of nonce | AES-256-GCM ciphertext`, in base64url
without padding. The cipher's key is HKDF-SHA256 of the Diffie-Hellman secret, salted with both
points. The key id and the record's id are authenticated beside the content, so a box opens under
no other name.
"""

import base64
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from sites.keyring.services import destroy, key, living_keys

PREFIX = "box-"
WRITTEN = "%Y%m%d%H%M%S"
INFO = b"scs box 1"
CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
POINT, NONCE, TAG = 65, 12, 16
UNCOMPRESSED = 4
OPENED_FOR = timedelta(days=90)


class CannotOpen(Exception):
    """Closed to another key, or not as it was closed."""


def public_key(site) -> dict[str, str]:
    """{"id", "public"}: what tablets close boxes with from now on. The pair is made on first use."""
    key_id = max(_ids(site), default=None) or renew(site)
    return {"id": key_id, "public": _text(_point(_private(key(site, PREFIX + key_id)).public_key()))}


def renew(site) -> str:
    """Make another pair and answer its id: tablets close to it from the next time they ask. What was closed
    to the one before still opens, for 90 days.
    """
    key_id = timezone.now().strftime(WRITTEN)
    key(site, PREFIX + key_id)
    return key_id


def forget_replaced(site, is_held: Callable[[date, date], bool]) -> None:
    """Destroy the pairs that were replaced over 90 days ago, of days that nothing holds."""
    for old, replaced_by in replaced_long_ago(living_keys(site, PREFIX)):
        if not is_held(_made_at(old).date(), _made_at(replaced_by).date()):
            destroy(site, PREFIX + old)


def replaced_long_ago(names: list[str]) -> list[tuple[str, str]]:
    """[(id, id of what replaced it)] of the names of a site's living pairs."""
    present, known = timezone.now(), sorted(name.removeprefix(PREFIX) for name in names)
    pairs = zip(known, known[1:], strict=False)
    return [(old, newer) for old, newer in pairs if present - _made_at(newer) > OPENED_FOR]


class Opener:
    """Opens the boxes of one batch: which keys live is asked once."""

    def __init__(self, site):
        self.site = site
        self._living: set[str] | None = None

    def open(self, key_id: object, box: object, about: object) -> bytes:
        """The content that was closed in `box` for the record `about`. Raises CannotOpen, or KeyMissing
        for a key that this machine should hold.
        """
        if self._living is None:
            self._living = set(_ids(self.site))
        if not isinstance(key_id, str) or key_id not in self._living:
            raise CannotOpen
        if not isinstance(box, str) or not isinstance(about, str):
            raise CannotOpen
        return _opened(key(self.site, PREFIX + key_id), key_id, box, about)


def _opened(secret: bytes, key_id: str, box: str, about: str) -> bytes:
    private = _private(secret)
    raw = _bytes(box)
    if len(raw) < POINT + NONCE + TAG or raw[0] != UNCOMPRESSED:
        raise CannotOpen
    point, nonce, closed = raw[:POINT], raw[POINT : POINT + NONCE], raw[POINT + NONCE :]
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
        shared = private.exchange(ec.ECDH(), theirs)
        salt = point + _point(private.public_key())
        cipher = AESGCM(HKDF(SHA256(), length=32, salt=salt, info=INFO).derive(shared))
        return cipher.decrypt(nonce, closed, f"{key_id}|{about}".encode())
    except (ValueError, InvalidTag) as error:
        raise CannotOpen from error


@lru_cache(maxsize=64)
def _private(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """48 bytes reduced to the order of the curve: no value is likelier than another."""
    wide = HKDF(SHA256(), length=48, salt=None, info=INFO).derive(secret)
    return ec.derive_private_key(int.from_bytes(wide) % (ORDER - 1) + 1, CURVE)


def _point(public: ec.EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    """Of the many ways to write the same bytes only ours is read, so that no changed text opens."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise CannotOpen from error
    if _text(raw) != text:
        raise CannotOpen
    return raw


def _ids(site) -> list[str]:
    return sorted(name.removeprefix(PREFIX) for name in living_keys(site, PREFIX))


def _made_at(key_id: str) -> datetime:
    return datetime.strptime(key_id, WRITTEN).replace(tzinfo=UTC)
