"""pg_dump and pg_restore, of the versions that fit the server."""

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

import psycopg
from django.utils.translation import gettext as _
from psycopg.conninfo import conninfo_to_dict

from harmreduction.backups.container import Refused
from harmreduction.engines import binaries

VARIABLES = {
    "host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT",
}  # fmt: skip
SEES_ALL = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"


@contextmanager
def snapshot(url: str) -> Iterator[tuple[psycopg.Connection, str]]:
    """A transaction that sees every row as of now, and the name by which pg_dump sees the same ones.

    Raises Refused for a login that row security would show only a part, or nothing.
    """
    with psycopg.connect(url, connect_timeout=3) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        if not connection.execute(SEES_ALL).fetchone()[0]:
            raise Refused(
                _("Ce compte ne voit pas toutes les lignes. BACKUP_DATABASE_URL doit en nommer un autre : ")
                + "create role scs_backup login bypassrls password '…'; "
                "grant pg_read_all_data to scs_backup;"
            )
        yield connection, connection.execute("select pg_export_snapshot()").fetchone()[0]


def major(connection: psycopg.Connection) -> int:
    return connection.info.server_version // 10000


@contextmanager
def dumped(url: str, name: str, server: int) -> Iterator[BinaryIO]:
    """What pg_dump writes of a snapshot. Raises Refused at the end when it did not come to its end."""
    command = [binaries.client("pg_dump", server), "--format=custom", f"--snapshot={name}", "--no-owner"]
    command += ["--no-publications", "--no-subscriptions", "--lock-wait-timeout=60000"]
    with subprocess.Popen(  # noqa: S603
        command, env=_environment(url), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        with _ended(process):
            yield process.stdout
        said = process.stderr.read()
    if process.returncode:
        raise Refused(_("pg_dump s’est arrêté : %s") % first_error(said))


def restore(url: str, pieces: Iterable[bytes], version: int) -> None:
    """Feed a dump to pg_restore of this version, in one transaction: all of it or nothing. Raises Refused."""
    command = [binaries.client("pg_restore", version), "--no-owner", "--single-transaction"]
    command += ["--dbname", conninfo_to_dict(url)["dbname"]]
    with subprocess.Popen(  # noqa: S603
        command, env=_environment(url), stdin=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        with _ended(process):
            try:
                for piece in pieces:
                    process.stdin.write(piece)
                process.stdin.close()
            except BrokenPipeError:
                pass
        said = process.stderr.read()
    if process.returncode:
        raise Refused(_("pg_restore s’est arrêté : %s") % first_error(said))


@contextmanager
def _ended(process: subprocess.Popen) -> Iterator[None]:
    """A reader that gives up leaves no program behind."""
    try:
        yield
    except BaseException:
        process.kill()
        raise


def _environment(url: str) -> dict[str, str]:
    """By environment, because a command line is seen by every user of the machine."""
    said = conninfo_to_dict(url)
    return {
        **os.environ,
        **{VARIABLES[name]: str(value) for name, value in said.items() if name in VARIABLES},
    }


def first_error(said: bytes) -> str:
    """The first line alone: those after it may quote a row."""
    return next((line for line in said.decode(errors="replace").splitlines() if line), "?")


def url_of(settings_dict: dict) -> str:
    """The address of one of Django's databases, as libpq reads it."""
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    said = {names[name]: settings_dict[name] for name in names if settings_dict.get(name)}
    return psycopg.conninfo.make_conninfo(**said)
