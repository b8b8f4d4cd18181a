"""Where planted words are looked for: the database and its dumps, backups, the queue, processes, disks."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyrage
import redis
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction

from harmreduction.backups import container
from harmreduction.backups.dumping import dumped, major, snapshot
from harmreduction.backups.scratch import PREFIX, Scratch, scratch_database
from harmreduction.celery import app
from harmreduction.engines import binaries, postgres
from harmreduction.pg.scope import acting, as_owner
from sites.people.models import StaffSession
from sites.places.models import Site
from tests.backups.made import address
from tests.releases.test_planted import told
from tests.tablet_app.profile import found


def in_clear(planted: list[str], text: str) -> set[str]:
    """Those that can be read in a text, as they are or as bytes written in hexadecimal."""
    low = text.lower()
    return {word for word in planted if word.lower() in low or word.encode().hex() in low}


def everywhere(planted: list[str], log: str) -> dict[str, set[str]]:
    places = {"database": database(), "queue": queue(), "processes": processes(), "log": log}
    return {place: seen for place, text in places.items() if (seen := in_clear(planted, text))}


def rows() -> Iterator[tuple[str, str, str]]:
    """(table, column, value) of every row, in the transaction of the test."""
    with as_owner(), acting(sites=list(Site.objects.values_list("pk", flat=True))):
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'select e.key, e.value from "{table}" t, jsonb_each_text(to_jsonb(t)) e')  # noqa: S608
                yield from ((table, column, value or "") for column, value in cursor.fetchall())


def database() -> str:
    """Every row of every table, and what a session would show that was only packed and signed."""
    with transaction.atomic():
        everything = [value for _table, _column, value in rows()]
        return "\n".join([*everything, sessions()])


def sessions() -> str:
    return "\n".join(str(SessionStore().decode(one.session_data)) for one in StaffSession.objects.all())


def columns(planted: list[str]) -> set[str]:
    """`table.column` wherever one of these words can be read."""
    return {f"{table}.{column}" for table, column, value in rows() if in_clear(planted, value)}


def queue() -> str:
    """What Valkey holds with the only task that there is, waiting."""
    app.send_task("sites.tick")
    kept = redis.Redis.from_url(settings.CELERY_BROKER_URL)
    content = [value for key in kept.keys() for value in [key, *told(kept, key)]]
    kept.save()  # its files are searched too
    app.control.purge()
    assert any(b"sites.tick" in value for value in content)
    return b"\n".join(content).decode(errors="replace")


def processes() -> str:
    """Command line and environment of everything that runs as us."""
    content = []
    for entry in Path("/proc").glob("[0-9]*"):
        for name in ("environ", "cmdline"):
            try:
                content.append((entry / name).read_bytes())
            except OSError:
                continue
    assert any(b"postgres" in one for one in content)
    return b"\n".join(content).decode(errors="replace")


def on_disk(folder: Path, words: list[str]) -> set[str]:
    """Those that a file of this folder shows, or of PostgreSQL’s where it had to live elsewhere."""
    return found(folder, words) | found(postgres.home(folder), words)


# --- Copies -------------------------------------------------------------------------------
def dump() -> str:
    """All that pg_dump writes, as text."""
    with snapshot(address("dump")) as (frozen, name):
        with dumped(address("dump"), name, major(frozen)) as archive:
            return _as_text(archive.read())


def opened_backup(path: Path, private: str) -> str:
    """What whoever has the key reads in a backup."""
    with container.opened(path, pyrage.x25519.Identity.from_str(private)) as backup:
        return f"{backup.manifest}\n{_as_text(b''.join(backup.dump()))}"


def _as_text(archive: bytes) -> str:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("show server_version_num")
        program = binaries.client("pg_restore", int(cursor.fetchone()[0]) // 10000)
    text = subprocess.run([program, "--file=-"], input=archive, capture_output=True, check=True).stdout
    return text.decode()


@contextmanager
def searched_while_it_is_there(words: list[str], seen: set[str]) -> Iterator[Scratch]:
    """The database into which a backup is restored to be compared, and what could be read on its disk."""
    with scratch_database() as there:
        yield there
        for folder in Path(settings.DATA_DIR).glob(f"{PREFIX}*"):
            seen |= on_disk(folder, words)
