"""One site with planted words, backed up once for the tests of a module."""

import os
import subprocess
import sys
import uuid
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection

from harmreduction.backups import container
from harmreduction.backups.dumping import url_of
from harmreduction.engines import found

PLANTED = "marguerite-azalee"
OTHER = "violette-hortensia"


def address(login: str | None = None, name: str | None = None) -> str:
    """The test database, or another of the same server, by its own login or the one that dumps."""
    known = dict(connection.settings_dict)
    if login == "dump":
        asked = psycopg.conninfo.conninfo_to_dict(found.running()["dump_url"])
        known |= {"USER": asked["user"], "PASSWORD": asked["password"]}
    return url_of(known | {"NAME": name or known["NAME"]})


def as_url(name: str) -> str:
    known = connection.settings_dict
    return f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{name}"


def told_otherwise(path: Path, identity, manifest: dict, to: Path) -> Path:
    """The same dump in a file with another manifest."""
    with container.opened(path, identity) as backup, to.open("wb") as file:
        container.write(file, [identity.to_public()], manifest, container.Reading(backup.dump()))
    return to


@contextmanager
def empty_database():
    """The name of an empty database beside the one of the tests."""
    name = f"empty_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(address(), autocommit=True) as server:
        server.execute(f"create database {name} template template0")
        try:
            yield name
        finally:
            # Not by force: the login may not end autovacuum's processes, which leave when asked.
            server.execute(f"drop database {name}")


def manage(*args: str, database: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess:
    """A command in a process of its own, as an operator runs it."""
    return subprocess.run(
        [sys.executable, "manage.py", *args],
        input=stdin, capture_output=True, text=True, timeout=120,
        env=os.environ | {"DATABASE_URL": as_url(database), "LANGUAGE": "fr", **env},
    )  # fmt: skip
