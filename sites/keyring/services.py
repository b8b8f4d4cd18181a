"""Random keys on disk, outside the database, its backups and its logs (privacy.md R10, H1, H2).

One file a key, under KEYS_DIR, readable by the server alone. The database keeps a check value,
so that a missing or different key is noticed before anything is written with it.
"""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from urllib.parse import quote, unquote

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from sites.keyring.models import KeyCheck

LENGTH = 32
# 32 random bytes with fewer different ones do not happen: such a key was typed, or is a default.
LEAST_DIFFERENT = 8
OTHERS = 0o077
DESTROYED = "destroyed"
HOUSE = "_"  # no site's code: they are letters, digits and hyphens


class KeyMissing(Exception):
    """A key that the database has used is not here, or no longer as it was; or the disk takes none."""


@lru_cache(maxsize=512)
def _read(path: str, _changed: tuple[int, int, int]) -> bytes:
    return Path(path).read_bytes()


def _path(name: str) -> Path:
    return _path_in(settings.KEYS_DIR, name)


@lru_cache(maxsize=512)
def _path_in(folder: str | Path, name: str) -> Path:
    return Path(folder) / f"{quote(name, safe='')}.key"


def digest_of(key: bytes) -> str:
    """The check value of a key."""
    return hmac.new(key, b"check", hashlib.sha256).hexdigest()


def _load(path: Path) -> bytes | None:
    """None when there is no file. Raises KeyMissing for one cut short, or that nobody drew at random."""
    try:
        stat = path.stat()
        if stat.st_mode & OTHERS:
            path.chmod(0o600)
        found = _read(str(path), (stat.st_mtime_ns, stat.st_ino, stat.st_size))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyMissing(path.stem) from error
    if len(found) != LENGTH or len(set(found)) < LEAST_DIFFERENT:
        raise KeyMissing(path.stem)
    return found


def _make(path: Path, key: bytes = b"") -> bytes:
    """Two processes may get here at once: the one that links first has made the key.

    It is on the disk before its check value can be committed. Raises KeyMissing where the disk takes nothing.
    """
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(key or secrets.token_bytes(LENGTH))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(fresh, path)
        _sync(path.parent)
        return path.read_bytes()
    except OSError as error:
        raise KeyMissing(path.stem) from error
    finally:
        with suppress(OSError):
            fresh.unlink()


def put_back(full: str, key: bytes) -> None:
    """A key that was kept apart, where it was. One that is there and no longer as it was gives way."""
    _path(full).unlink(missing_ok=True)
    _make(_path(full), key)
    _read.cache_clear()


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


# Only what was committed is remembered: a check value rolled back must be written again.
_checked: set[tuple[str, str]] = set()


@dataclass(frozen=True)
class Remember:
    """Runs at commit; until then it waits on the connection, and a rollback takes it away."""

    name: str
    digest: str

    def __call__(self) -> None:
        _checked.add((self.name, self.digest))

    def is_known(self) -> bool:
        waiting = (entry[1] for entry in connection.run_on_commit)
        return (self.name, self.digest) in _checked or any(self == callback for callback in waiting)


def name_of(site, name: str) -> str:
    """How the key of a site, or the house's own for None, is called on disk and in the database."""
    return f"{site.code if site else HOUSE}-{name}"


def held_key(full: str) -> bytes:
    """The bytes of a key of this full name, for what it closed. Raises KeyMissing when it is not here."""
    found = _load(_path(full))
    if found is None:
        raise KeyMissing(full)
    return found


def key(site, name: str) -> bytes:
    """The 32 bytes of this site's key, or of the house's own for None, made on first use.

    Raises KeyMissing for one lost, changed or destroyed.
    """
    full = name_of(site, name)
    path = _path(full)
    found = _load(path)
    if found is not None and Remember(full, digest_of(found)).is_known():
        return found
    known = _known(site, full)
    if found is None and known:
        # Another process may have made it since we looked for the file.
        found = _load(path)
        if found is None:
            raise KeyMissing(full)
    if found is None:
        found = _make(path)
    if known is None:
        KeyCheck.objects.bulk_create(
            [KeyCheck(site=site, name=full, digest=digest_of(found))], ignore_conflicts=True
        )
        # Another machine with other files may have been first: its value stands.
        known = _known(site, full)
    if known != (digest_of(found), None):
        raise KeyMissing(full)
    transaction.on_commit(Remember(full, known[0]))
    return found


def _known(site, full: str) -> tuple | None:
    return KeyCheck.objects.at(site).filter(name=full).values_list("digest", "destroyed_at").first()


def destroy(site, name: str) -> None:
    """Forget a key for good, once the transaction that says so is kept."""
    full = name_of(site, name)
    KeyCheck.objects.at(site).filter(name=full, destroyed_at=None).update(destroyed_at=timezone.now())
    transaction.on_commit(partial(_unlink, full))


def _unlink(full: str) -> None:
    """The name is kept first, for whom a kill comes between; a full disk keeps no key alive."""
    _checked.difference_update({pair for pair in _checked if pair[0] == full})
    try:
        _remember_destroyed(full)
    finally:
        _path(full).unlink(missing_ok=True)
        _read.cache_clear()
        _sync(_path(full).parent)


def outlived() -> list[str]:
    """Full names of the keys that the sites in sight destroyed and whose file is still here."""
    files = [unquote(path.stem) for path in Path(settings.KEYS_DIR).glob("*.key")]
    dead = KeyCheck.objects.filter(name__in=files, destroyed_at__isnull=False)
    return sorted(dead.values_list("name", flat=True))


def unlink_outlived() -> None:
    """Do what a process killed between the transaction and the file left undone."""
    for full in outlived():
        _unlink(full)


def _remember_destroyed(full: str) -> None:
    """Beside the keys: a restored database still names it, and nobody shall look for it."""
    if full not in destroyed_names():
        add_line(DESTROYED, full)


def destroyed_names() -> set[str]:
    """Full names of the keys that were destroyed on this machine."""
    return lines_of(DESTROYED)


def add_line(file: str, line: str) -> None:
    """At the end of a file beside the keys, and on the disk."""
    path = Path(settings.KEYS_DIR) / file
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(fd, "w") as kept:
        kept.write(f"{line}\n")
        kept.flush()
        os.fsync(kept.fileno())
    _sync(path.parent)


def lines_of(file: str) -> set[str]:
    try:
        return set((Path(settings.KEYS_DIR) / file).read_text().splitlines())
    except FileNotFoundError:
        return set()


def living_keys(site, prefix: str) -> list[str]:
    """Names of this site's keys that begin so, made and not destroyed."""
    start = name_of(site, "")
    names = KeyCheck.objects.at(site).filter(destroyed_at=None, name__startswith=start + prefix)
    return sorted(name.removeprefix(start) for name in names.values_list("name", flat=True))


def living_keys_at(sites, *prefixes: str) -> dict[int, list[str]]:
    """The same of each of these sites, by its pk, for any of these beginnings."""
    starts = {site.pk: name_of(site, "") for site in sites}
    found: dict[int, list[str]] = {pk: [] for pk in starts}
    living = KeyCheck.objects.filter(site__in=starts, destroyed_at=None)
    for pk, name in living.values_list("site", "name"):
        if (own := name.removeprefix(starts[pk])).startswith(prefixes):
            found[pk].append(own)
    return {pk: sorted(names) for pk, names in found.items()}


def missing_keys() -> list[str]:
    """Names of lasting keys that the sites in sight have used and this machine does not hold.

    A key of tokens that is lost leaves its people uncounted and stops nothing.
    """
    return [check.name for check in _lasting() if not is_here(check)]


def _lasting() -> list[KeyCheck]:
    living = KeyCheck.objects.filter(destroyed_at=None).select_related("site").order_by("name")
    gone = destroyed_names()
    lasting = [check for check in living if check.name not in gone]
    return [check for check in lasting if not check.name.startswith(name_of(check.site, "token-"))]


def is_here(check: KeyCheck) -> bool:
    """Whether this machine holds the key, and the same one."""
    try:
        found = _load(_path(check.name))
    except KeyMissing:
        return False
    return found is not None and digest_of(found) == check.digest


def mac(secret: bytes, message: str) -> bytes:
    return hmac.new(secret, message.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
