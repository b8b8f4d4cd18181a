"""What whoever holds the machine can read: the files of a table, and copies of the whole database."""

import json
import os
import subprocess

import psycopg
from django.conf import settings
from django.db import connection

from harmreduction.engines.binaries import postgres


def _login() -> dict[str, str]:
    """The embedded engine's superuser; of a database that was given to the tests, its own login."""
    told = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    found = {name: str(connection.settings_dict[key]) for name, key in told.items()}
    kept = settings.DATA_DIR / "secrets.json"
    if kept.exists():
        found |= {"user": "postgres", "password": json.loads(kept.read_text())["superuser"]}
    return found


def bytes_of(table: str) -> bytes:
    """The file of a table, as it is on the disk."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(dbname=name, autocommit=True, **_login()) as superuser:
        superuser.execute("checkpoint")
        found = superuser.execute("select pg_read_binary_file(pg_relation_filepath(%s))", [table])
        return bytes(found.fetchone()[0])


def run(program: str, *args: str) -> bytes:
    """One of PostgreSQL's own programs."""
    env = os.environ | {f"PG{name.upper()}": value for name, value in _login().items() if value}
    done = subprocess.run([postgres() / program, *args], env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return done.stdout
