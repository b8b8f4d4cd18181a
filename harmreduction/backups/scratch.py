"""A PostgreSQL of our own for a few minutes, to restore a backup into; nothing of it stays.

Its files are as private as those of the database itself, and lie under DATA_DIR: put that on the same
encrypted disk. It listens on the loopback, behind a password that only this process knows.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import psycopg
from django.conf import settings

from harmreduction.engines import ports, postgres, vault
from harmreduction.engines.supervisor import Supervisor
from harmreduction.pg.access import ROLES

PREFIX = "scratch-"
DATABASE = "scratch"
OWNER = "scs"


@dataclass(frozen=True)
class Scratch:
    """Two ways into one database: as who may do all, and as its owner, with the rights it has for real."""

    superuser: str
    owner: str


@contextmanager
def scratch_database() -> Iterator[Scratch]:
    """An empty database with the roles of the product."""
    home = vault.make_private(Path(settings.DATA_DIR))
    sweep(home)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=home))
    supervisor = Supervisor(out=StringIO())
    server = postgres.Server(folder, ports.free(), vault.passwords(folder), throwaway=True)
    try:
        supervisor.start(postgres.program(server))
        with psycopg.connect(server.url(postgres.SUPERUSER, "postgres"), autocommit=True) as connection:
            postgres.make_role(connection, OWNER, server.passwords[OWNER], "createrole")
            for role in ROLES:
                connection.execute(f"create role {role} nologin")
                connection.execute(f"grant {role} to {OWNER}")
            connection.execute(f"create database {DATABASE} owner {OWNER} template template0")
        yield Scratch(server.url(postgres.SUPERUSER, DATABASE), server.url(OWNER, DATABASE))
    finally:
        supervisor.stop()
        shutil.rmtree(postgres.home(folder), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def sweep(home: Path) -> None:
    """What a killed backup left behind: its PostgreSQL died with it."""
    for left in home.glob(f"{PREFIX}*"):
        if not _in_use(left):
            shutil.rmtree(postgres.home(left), ignore_errors=True)
            shutil.rmtree(left, ignore_errors=True)


def _in_use(folder: Path) -> bool:
    pid = postgres.home(folder) / "postgres" / "postmaster.pid"
    with suppress(FileNotFoundError, ProcessLookupError, IndexError):
        return Path("/proc", pid.read_text().split("\n")[0]).exists()
    return False
