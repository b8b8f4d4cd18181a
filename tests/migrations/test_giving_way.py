"""A migration that must wait for a table keeps nobody else from it."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from sites.management.commands import migrate
from tests.backups.made import address, as_url

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = "select count(*) from pg_locks where relation = 'scs_visit'::regclass and not granted"
PATIENT_S = 60


@contextmanager
def dumping():
    """A table as `pg_dump` holds it, to its end."""
    with psycopg.connect(address()) as database:
        database.execute("lock table scs_visit in access share mode")
        yield


def test_readers_go_on_while_it_waits_for_a_backup():
    url = as_url(connection.settings_dict["NAME"])
    command = [sys.executable, "manage.py", "migrate", "--no-input", "-v", "0"]
    with psycopg.connect(address(), autocommit=True) as reader:
        with dumping():
            process = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url})
            until = time.monotonic() + PATIENT_S
            while reader.execute(WAITING).fetchone() == (0,):
                assert process.poll() is None
                assert time.monotonic() < until
            reader.execute("set statement_timeout = '20s'")
            reader.execute("select count(*) from scs_visit")
            assert process.poll() is None
        assert process.wait(PATIENT_S) == 0


def test_it_ends_with_one_line_when_the_table_stays_taken(monkeypatch):
    monkeypatch.setattr(migrate, "TRIES", 2)
    monkeypatch.setattr(migrate, "PAUSE_S", 0.1)
    with dumping(), pytest.raises(CommandError, match="restée prise"):
        call_command("migrate", verbosity=0, interactive=False)
    call_command("migrate", verbosity=0, interactive=False)
