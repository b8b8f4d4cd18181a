"""A backup: one snapshot, encrypted as it is written, read back from the disk, restored, compared."""

import os
import re
import secrets
import tomllib
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import file_digest
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from harmreduction.backups import container, keys
from harmreduction.backups.container import AGE, Refused
from harmreduction.backups.dumping import dumped, major, restore, snapshot
from harmreduction.backups.figures import differences, figures
from harmreduction.backups.scratch import scratch_database
from harmreduction.engines import binaries
from sites.operations.models import BackupMade
from sites.trail.services import note

SUFFIX = ".age"
PART = re.compile(r"\..+\.age\.[0-9a-f]{8}")
BROKEN_OFF_AFTER = timedelta(days=1)
CHAINED = "select position, encode(code, 'hex') from scs_traillink order by position desc limit 1"
LIVING_KEYS = "select name from scs_keycheck where destroyed_at is null order by name"


@dataclass(frozen=True)
class Made:
    path: Path
    manifest: dict
    size: int
    sha256: str
    differences: list[dict]

    @property
    def rows(self) -> int:
        return sum(table["rows"] for table in self.manifest["tables"].values())


def app_version() -> str:
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]


def path_in(target: Path) -> Path:
    """A folder gets a file named by the hour."""
    return target / f"harmreduction-{timezone.now():%Y%m%dT%H%M%SZ}{SUFFIX}" if target.is_dir() else target


def back_up(target: Path, scratch: Callable = scratch_database) -> Made:
    """Make a backup under this name. A file that could not be proven keeps no name. Raises Refused."""
    if not settings.BACKUP_DATABASE_URL:
        raise Refused(_("BACKUP_DATABASE_URL manque : le compte qui lit toute la base."))
    once, owner = keys.one_time(), keys.recipient()
    _forget_broken_off(target.parent)
    with _only_if_good(target) as part:
        manifest = _write(part, [owner, once.to_public()])
        wrong = _wrong(part, once, manifest, scratch)
        if wrong:
            return Made(target, manifest, 0, "", wrong)
        with part.open("rb") as file:
            made = Made(target, manifest, part.stat().st_size, file_digest(file, "sha256").hexdigest(), [])
        part.replace(target)
        _sync(target.parent)
    _remember(made)
    return made


@contextmanager
def _only_if_good(target: Path):
    """A private file beside the target, gone at the end unless it took its name."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise Refused(_("%(file)s ne peut pas être écrit : %(why)s") % _about(target, error)) from error
    try:
        yield part
    except OSError as error:
        raise Refused(_("%(file)s ne peut pas être écrit : %(why)s") % _about(target, error)) from error
    finally:
        part.unlink(missing_ok=True)


def _forget_broken_off(folder: Path) -> None:
    """What a backup left that was killed, or whose machine lost its power."""
    before = (timezone.now() - BROKEN_OFF_AFTER).timestamp()
    for path in folder.glob(".*"):
        if PART.fullmatch(path.name) and path.stat().st_mtime < before:
            path.unlink()


def _about(target: Path, error: OSError) -> dict:
    return {"file": target, "why": error.strerror}


def _write(part: Path, recipients: list) -> dict:
    url = settings.BACKUP_DATABASE_URL
    with snapshot(url) as (frozen, name), part.open("r+b") as file:
        manifest = _manifest(frozen)
        with dumped(url, name, major(frozen)) as dump:
            container.write(file, recipients, manifest, dump)
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _manifest(frozen: psycopg.Connection) -> dict:
    held = figures(frozen)
    chained = frozen.execute(CHAINED).fetchone()
    return {
        "made_at": timezone.now().isoformat(),
        "app_version": app_version(),
        "postgres": major(frozen),
        "pg_dump": binaries.major(binaries.client("pg_dump", major(frozen))),
        "migrations": sorted(map(list, frozen.execute("select app, name from django_migrations"))),
        "tables": held,
        "trail": chained and {"position": chained[0], "code": chained[1]},
        "keys": [name for (name,) in frozen.execute(LIVING_KEYS)],
    }


def _wrong(part: Path, identity, manifest: dict, scratch: Callable) -> list[dict]:
    """Read the file back as whoever restores it would, and compare every row."""
    with scratch() as found:
        url = found.superuser
        with container.opened(part, identity) as backup, psycopg.connect(url) as database:
            restore(url, backup.dump(), max(major(database), manifest["pg_dump"]))
        with psycopg.connect(url) as database:
            return list(differences(manifest["tables"], figures(database)))


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _remember(made: Made) -> None:
    with transaction.atomic():
        BackupMade.objects.create(
            made_at=datetime.fromisoformat(made.manifest["made_at"]),
            verified_at=timezone.now(),
            name=made.path.name,
            sha256=made.sha256,
            size=made.size,
            rows=made.rows,
            app_version=made.manifest["app_version"],
        )
        note("backup made", actor="backup", about="backup", about_id=made.path.name)


def forget_older(folder: Path, days: int) -> list[Path]:
    """Delete backups of this folder that are older, never the newest; what is not a backup stays."""
    before = (timezone.now() - timedelta(days=days)).timestamp()
    gone = [path for path in _backups(folder)[:-1] if path.stat().st_mtime < before]
    for path in gone:
        path.unlink()
    return gone


def newest(path: Path) -> Path:
    """Of a folder, its newest backup. Raises Refused where there is none."""
    if not path.is_dir():
        return path
    if not (backups := _backups(path)):
        raise Refused(_("%(folder)s ne contient aucune sauvegarde.") % {"folder": path})
    return backups[-1]


def _backups(folder: Path) -> list[Path]:
    """Oldest first."""
    backups = [path for path in folder.glob(f"*{SUFFIX}") if _is_backup(path)]
    return sorted(backups, key=lambda path: path.stat().st_mtime)


def _is_backup(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(AGE)) == AGE
