"""The product does not start on keys that are not those the ledger was drawn with."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.keyring import services, startup
from sites.keyring.models import Restoration
from sites.keyring.services import KeyMissing, key
from sites.tasks import start
from tests import factories


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    services._checked.clear()
    yield settings.KEYS_DIR
    services._checked.clear()


@pytest.fixture
def used(committed_site, folder) -> Path:
    """The file of a ledger key that was used."""
    with transaction.atomic():
        key(committed_site, "ledger-2026")
    return folder / "S01-ledger-2026.key"


def test_with_its_keys_it_starts(used):
    startup.refuse_without_keys()
    start()
    call_command("check_keys")


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_bytes(os.urandom(32))])
def test_without_them_neither_web_nor_worker_starts(used, change):
    change(used)
    for begin in (startup.refuse_without_keys, start):
        with pytest.raises(SystemExit, match="S01-ledger-2026"):
            begin()
    with pytest.raises(CommandError, match="S01-ledger-2026"):
        call_command("check_keys")


def test_the_web_server_ends_with_one_line(used):
    """In a process of its own, as gunicorn loads it."""
    used.unlink()
    database = connection.settings_dict
    login = f"{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
    env = os.environ | {
        "DATABASE_URL": f"postgres://{login}/{database['NAME']}", "KEYS_DIR": str(used.parent), "DEBUG": "1",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", "import harmreduction.wsgi"], env=env, cwd=django_settings.BASE_DIR,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "S01-ledger-2026" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_away_is_not_a_missing_key(used, monkeypatch):
    used.unlink()
    monkeypatch.setitem(connection.settings_dict, "PORT", "1")
    connection.close()
    try:
        startup.refuse_without_keys()
    finally:
        monkeypatch.undo()
        connection.close()


def test_one_key_under_two_names_is_refused(used, folder):
    with transaction.atomic():
        other = factories.make_site("S02")
    (folder / "S02-ledger-2026.key").write_bytes(used.read_bytes())
    with transaction.atomic(), acting(sites=[other.pk]):
        key(other, "ledger-2026")
    with pytest.raises(SystemExit, match="S01-ledger-2026, S02-ledger-2026"):
        startup.refuse_without_keys()


@pytest.mark.parametrize("default", [bytes(32), b"\xff" * 32, b"secret" * 5 + b"se"])
def test_a_default_is_no_key(site, folder, default):
    folder.mkdir(mode=0o700)
    (folder / "S01-ledger-2026.key").write_bytes(default)
    with pytest.raises(KeyMissing):
        key(site, "ledger-2026")


def test_the_web_server_is_asked_when_it_is_loaded(used):
    used.unlink()
    with pytest.raises(SystemExit, match="S01-ledger-2026"):
        importlib.reload(importlib.import_module("harmreduction.wsgi"))


def test_restored_without_its_keys_it_starts_and_is_strict_again_once_they_are_back(used):
    with transaction.atomic():
        Restoration.objects.create(made_at=timezone.now(), finished_at=timezone.now(), sealing=False)
    kept = used.read_bytes()
    used.unlink()
    startup.refuse_without_keys()
    used.write_bytes(kept)
    startup.refuse_without_keys()
    used.unlink()
    with pytest.raises(SystemExit, match="S01-ledger-2026"):
        startup.refuse_without_keys()
