"""Random keys on disk, outside the database, its backups and its logs (privacy.md R10, H1, H2).

One file a key, under KEYS_DIR, readable by the server alone. The database keeps a check value,
so that a missing or different key is noticed before anything is written with it.
"""

import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from sites.keyring.models import KeyCheck


class KeyMissing(Exception):
    """The database has used a key that is not on this machine."""


@lru_cache(maxsize=512)
def _read(path: str, _changed: int) -> bytes:
    return Path(path).read_bytes()


def _path(name: str) -> Path:
    return Path(settings.KEYS_DIR) / f"{name}.key"


def _digest(key: bytes) -> str:
    return hmac.new(key, b"check", hashlib.sha256).hexdigest()


def _load(path: Path) -> bytes | None:
    try:
        return _read(str(path), path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None


def _make(path: Path) -> bytes:
    """Two processes may get here at once: the one that links first has made the key."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{secrets.token_hex(4)}")
    fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_bytes()


_checked: set[tuple[str, str]] = set()


def key(site, name: str) -> bytes:
    """The 32 bytes of this site's key, made on first use. Raises KeyMissing for one lost or changed."""
    full = f"{site.code}-{name}"
    path = _path(full)
    found = _load(path)
    if found is not None and (full, _digest(found)) in _checked:
        return found
    known = KeyCheck.objects.at(site).filter(name=full).values_list("digest", flat=True).first()
    if found is None:
        if known:
            raise KeyMissing(full)
        found = _make(path)
    if known is None:
        KeyCheck.objects.bulk_create(
            [KeyCheck(site=site, name=full, digest=_digest(found))], ignore_conflicts=True
        )
    elif known != _digest(found):
        raise KeyMissing(full)
    else:
        _checked.add((full, known))
    return found


def existing_key(site, name: str) -> bytes | None:
    """The key if it is still there; a destroyed one is not made again."""
    return _load(_path(f"{site.code}-{name}"))


def destroy(site, name: str) -> None:
    _path(f"{site.code}-{name}").unlink(missing_ok=True)


def missing_keys() -> list[str]:
    """Names of ledger and handle keys that the database has used and this machine does not hold."""
    lasting = KeyCheck.objects.exclude(name__contains="-token-")
    return [
        check.name
        for check in lasting
        if (found := _load(_path(check.name))) is None or _digest(found) != check.digest
    ]


def mac(secret: bytes, message: str) -> bytes:
    return hmac.new(secret, message.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
