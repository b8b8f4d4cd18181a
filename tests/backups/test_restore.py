"""What comes back is what was there; what is not a whole backup of ours is refused, with nothing touched."""

import copy
import shutil

import psycopg
import pyrage
import pytest
from django.core.management import CommandError, call_command

from harmreduction.backups import container, restoring
from harmreduction.backups.container import Refused
from harmreduction.backups.keys import identity
from sites.management.base import BadArguments
from tests.backups.made import address, empty_database, manage, told_otherwise

# A database is only made for tests that say they want one.
pytestmark = pytest.mark.django_db


@pytest.fixture
def key(kept, tmp_path):
    path = tmp_path / "key.txt"
    path.write_text(f"# drawn once\n{kept.private}\n")
    return path


def cut(body: bytes) -> bytes:
    return body[: len(body) * 2 // 3]


def without_its_last_byte(body: bytes) -> bytes:
    return body[:-1]


def flipped(body: bytes) -> bytes:
    middle = len(body) // 2
    return body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]


def flipped_in_its_head(body: bytes) -> bytes:
    return body[:120] + bytes([body[120] ^ 1]) + body[121:]


def another_format(body: bytes) -> bytes:
    return b"PGDMP" + body


SABOTAGES = [cut, without_its_last_byte, flipped, flipped_in_its_head, another_format]


@pytest.mark.parametrize("sabotage", SABOTAGES)
def test_a_sabotaged_backup_is_refused_before_anything_is_written(kept, key, tmp_path, sabotage, monkeypatch):
    monkeypatch.setattr(restoring, "refuse_what_holds_something", lambda: None)
    monkeypatch.setattr(restoring, "_bring_back", lambda *_: pytest.fail("written"))
    bad = tmp_path / "bad.age"
    bad.write_bytes(sabotage(kept.path.read_bytes()))
    with pytest.raises(Refused):
        list(restoring.restore_into_empty(bad, identity(key), None))


def test_another_key_is_refused_as_such(kept):
    with pytest.raises(Refused, match="Cette clé n’ouvre pas"):
        container.check(kept.path, pyrage.x25519.Identity.generate())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"migrations": [["scs", "9999_later"]]}, "9999_later"),
        ({"postgres": 99}, "PostgreSQL 99"),
    ],
)
def test_what_a_newer_version_wrote_is_refused(kept, db, change, told):
    restoring.refuse_unfit(kept.made.manifest, 18)
    with pytest.raises(Refused, match=told):
        restoring.refuse_unfit(kept.made.manifest | change, 18)


def test_a_database_that_holds_something_is_refused(kept, key, db):
    with pytest.raises(CommandError, match="n’est pas vide"):
        call_command("restore", str(kept.path), "--into-empty", "--key", str(key))
    with pytest.raises(BadArguments, match="--into-empty"):
        call_command("restore", str(kept.path), "--key", str(key))


def test_a_key_that_is_none_is_refused(tmp_path):
    (tmp_path / "key").write_text("age1public\n")
    with pytest.raises(Refused, match="AGE-SECRET-KEY"):
        identity(tmp_path / "key")


HELD = """
    select (select count(*) from scs_record), sealing, finished_at is not null from scs_restoration
"""


def test_it_comes_back_whole_and_verified(kept, key, django_db_setup):
    """As an operator does it: an empty database, the keys beside, and `verify` at the end."""
    asked = ("restore", str(kept.path), "--into-empty", "--key", str(key))
    with empty_database() as name:
        there = {"database": name, "KEYS_DIR": str(kept.keys)}
        done = manage(*asked, **there)
        assert (done.returncode, done.stderr) == (0, "")
        assert "rien n’est détruit" in done.stdout  # `purge` ran: no schedule is signed
        assert done.stdout.endswith("Rien à signaler.\n")
        with psycopg.connect(address("dump", name)) as database:
            assert database.execute(HELD).fetchone() == (8, True, True)
        assert manage("shell", "-c", "import harmreduction.wsgi", **there).returncode == 0


def test_one_that_stopped_half_way_is_not_served(kept, key, django_db_setup, tmp_path):
    """All rows are there, and are not those that the backup tells of: neither web nor worker begins."""
    manifest = copy.deepcopy(kept.made.manifest)
    manifest["tables"]["scs_record"]["digest"] = "7"
    other = told_otherwise(kept.path, identity(key), manifest, tmp_path / "other.age")
    with empty_database() as name:
        there = {"database": name, "KEYS_DIR": str(kept.keys)}
        done = manage("restore", str(other), "--into-empty", "--key", str(key), **there)
        assert (done.returncode, "scs_record (content)" in done.stderr) == (1, True)
        with psycopg.connect(address("dump", name)) as database:
            assert database.execute("select count(*) from scs_record").fetchone() == (8,)
        for begin in ("import harmreduction.wsgi", "from sites.tasks import start; start()"):
            started = manage("shell", "-c", begin, **there)
            assert (started.returncode, "restauration n’est pas finie" in started.stderr) == (1, True)


@pytest.mark.full
def test_without_the_keys_it_comes_up_and_seals_nothing(kept, django_db_setup, tmp_path):
    with empty_database() as name:
        lonely = {"database": name, "KEYS_DIR": str(tmp_path / "none")}
        done = manage("restore", str(kept.path), "--into-empty", stdin=kept.private, **lonely)
        assert done.returncode == 0, done.stderr
        assert "rien n’est scellé" in done.stdout
        assert manage("shell", "-c", "import harmreduction.wsgi", **lonely).returncode == 0
        told = manage("seal_due", **lonely)
        assert (told.returncode, "restored without its keys" in told.stderr) == (0, True)
        shutil.copytree(kept.keys, tmp_path / "none")
        assert "restored without" not in manage("seal_due", **lonely).stderr
        assert manage("verify", **lonely).stdout == "Rien à signaler.\n"
