"""A backup tells nothing, holds everything, and is only kept once it was restored and compared."""

import os
import signal
import stat
import subprocess
import sys
import time

import pyrage
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from harmreduction.backups import container, making
from harmreduction.backups.container import Refused
from harmreduction.backups.dumping import snapshot
from harmreduction.backups.figures import differences
from harmreduction.backups.making import back_up, forget_older
from sites.management.base import BadArguments
from sites.operations.models import BackupMade
from tests.backups.made import OTHER, PLANTED, address, as_url

# A database is only made for tests that say they want one.
pytestmark = pytest.mark.django_db

WORDS = [PLANTED, OTHER, "visit.arrived", "manifest.json", "scs_visit", "PGDMP"]


def test_its_bytes_tell_nothing_and_nobody_else_reads_it(kept):
    body = kept.path.read_bytes()
    for word in WORDS:
        for encoding in ("utf-8", "utf-16-le"):
            assert word.encode(encoding) not in body
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    assert [path.name for path in kept.path.parent.glob(".*")] == []
    assert kept.private not in "".join(p.read_text(errors="ignore") for p in kept.keys.iterdir())


def test_the_words_are_in_what_the_key_opens(kept):
    plain = pyrage.decrypt(kept.path.read_bytes(), [pyrage.x25519.Identity.from_str(kept.private)])
    assert b"manifest.json" in plain
    assert b"PGDMP" in plain


def test_the_manifest_counts_every_row_of_each_site(kept):
    manifest = container.check(kept.path, pyrage.x25519.Identity.from_str(kept.private))
    assert manifest == kept.made.manifest | {"format": 1}
    records = manifest["tables"]["scs_record"]
    assert (records["rows"], sorted(records["sites"].values())) == (8, [2, 6])
    assert manifest["trail"]["position"] == manifest["tables"]["scs_trailentry"]["rows"] > 0
    assert "_-trail" in manifest["keys"]


def test_a_login_that_row_security_blinds_is_refused(db):
    with pytest.raises(Refused, match="bypassrls"), snapshot(address()):
        pass


@pytest.mark.parametrize(
    ("after", "what"),
    [
        ({"rows": 3, "digest": "7", "sites": {"1": 2, "2": 1}}, []),
        ({"rows": 2, "digest": "7", "sites": {"1": 2}}, ["rows: 3 ≠ 2"]),
        ({"rows": 3, "digest": "7", "sites": {"1": 1, "2": 2}}, ["rows: 3 ≠ 3"]),
        ({"rows": 3, "digest": "8", "sites": {"1": 2, "2": 1}}, ["content"]),
        (None, ["missing"]),
    ],
)
def test_each_difference_is_named(after, what):
    before = {"rows": 3, "digest": "7", "sites": {"1": 2, "2": 1}}
    found = {} if after is None else {"scs_visit": after}
    assert [fault["what"] for fault in differences({"scs_visit": before}, found)] == what


def test_a_dump_that_breaks_off_leaves_no_file(kept, settings, tmp_path, monkeypatch):
    """As when the database goes away in the middle: nothing takes the name, nothing is remembered."""
    settings.BACKUP_DATABASE_URL = address("dump")
    monkeypatch.setattr(making, "snapshot", lambda url: _gone(url))
    with pytest.raises(Refused, match="pg_dump"):
        back_up(tmp_path / "night.age")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_one_left_is_gone_a_day_later(kept, settings, tmp_path):
    settings.BACKUP_DATABASE_URL = address()  # which is refused, later
    for name in (".night.age.0123abcd", ".now.age.0123abcd", ".mine", "other.age.0123abcd"):
        (tmp_path / name).write_bytes(container.AGE)
        os.utime(tmp_path / name, (0, 0) if name != ".now.age.0123abcd" else None)
    with pytest.raises(Refused, match="bypassrls"):
        back_up(tmp_path / "next.age")
    assert {path.name for path in tmp_path.iterdir()} == {".now.age.0123abcd", ".mine", "other.age.0123abcd"}


def test_asked_to_end_it_leaves_nothing(kept, settings, tmp_path):
    (folder := tmp_path / "nights").mkdir()
    asked = {
        "DATABASE_URL": as_url(connection.settings_dict["NAME"]), "BACKUP_DATABASE_URL": address("dump"),
        "BACKUP_RECIPIENT": settings.BACKUP_RECIPIENT, "DATA_DIR": str(tmp_path / "data"),
    }  # fmt: skip
    command = [sys.executable, "manage.py", "backup", str(folder)]
    with subprocess.Popen(command, env=os.environ | asked, stderr=subprocess.PIPE) as process:
        while not list(folder.iterdir()) and process.poll() is None:
            time.sleep(0.01)
        process.terminate()
        said = process.stderr.read()
    assert (process.returncode, said) == (128 + signal.SIGTERM, b"")
    assert list(folder.iterdir()) == []


def _gone(url):
    """A snapshot that nobody holds any more."""
    real = snapshot(url)

    class Held:
        def __enter__(self):
            return real.__enter__()[0], "00000000-00000000-1"

        def __exit__(self, *how):
            return real.__exit__(*how)

    return Held()


def test_a_copy_that_differs_is_not_kept(kept, settings, tmp_path, monkeypatch):
    settings.BACKUP_DATABASE_URL = address("dump")
    wrong = [{"check": "restored", "table": "scs_visit", "what": "content"}]
    monkeypatch.setattr(making, "_wrong", lambda *_: wrong)
    with pytest.raises(CommandError, match="pas été gardée"):
        call_command("backup", str(tmp_path / "night.age"))
    assert list(tmp_path.iterdir()) == []


def test_the_last_one_is_remembered(kept, django_db_blocker):
    assert kept.made.rows > 50
    with django_db_blocker.unblock(), transaction.atomic():
        (remembered,) = BackupMade.objects.all()
    assert (remembered.name, remembered.sha256) == ("night.age", kept.made.sha256)


def test_old_ones_are_deleted_and_nothing_else(tmp_path, kept):
    bodies = {"old.age": kept.path.read_bytes(), "new.age": container.AGE, "notes.age": b"mine"}
    for name, body in bodies.items():
        (tmp_path / name).write_bytes(body)
    for name in ("old.age", "notes.age"):
        os.utime(tmp_path / name, (0, 0))
    assert [path.name for path in forget_older(tmp_path, 35)] == ["old.age"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.age", "notes.age"]


def test_the_newest_one_stays_however_old_it_is(tmp_path):
    for name, at in (("older.age", 0), ("newest.age", 60)):
        (tmp_path / name).write_bytes(container.AGE)
        os.utime(tmp_path / name, (at, at))
    assert [path.name for path in forget_older(tmp_path, 1)] == ["older.age"]
    assert forget_older(tmp_path, 1) == []


def test_it_says_what_is_missing(settings, tmp_path):
    settings.KEYS_DIR, settings.BACKUP_RECIPIENT, settings.BACKUP_DATABASE_URL = tmp_path, "", "postgres://x"
    with pytest.raises(BadArguments, match="--new-key"):
        call_command("backup")
    with pytest.raises(CommandError, match="BACKUP_RECIPIENT"):
        call_command("backup", str(tmp_path / "x.age"))
    settings.BACKUP_RECIPIENT = "ssh-rsa AAAA"
    with pytest.raises(CommandError, match="age1"):
        call_command("backup", str(tmp_path / "x.age"))
