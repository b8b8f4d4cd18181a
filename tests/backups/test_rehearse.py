"""An upgrade tried on a backup: yes when nothing that was written changed, no when something did."""

import subprocess
import sys
from datetime import date

import psycopg
import pyrage
import pytest
from django.core.management import CommandError, call_command

from harmreduction.backups import rehearsing, written
from harmreduction.backups.container import Refused
from harmreduction.backups.making import newest
from harmreduction.backups.rehearsing import rehearse
from tests.backups.made import address, empty_database, told_otherwise

pytestmark = pytest.mark.django_db
HARMLESS = (
    "alter table scs_dailyreport add seen_at date; alter table scs_ledgercell add note text default 'x';"
)
A_REPORT_SAYS_OTHERWISE = (
    "alter table scs_dailyreport disable trigger all; update scs_dailyreport set indicators = '[]'"
)


@pytest.fixture
def key(kept):
    return pyrage.x25519.Identity.from_str(kept.private)


@pytest.fixture
def older(kept, key, tmp_path):
    """As the version before would have made it."""
    return told_otherwise(kept.path, key, kept.made.manifest | {"app_version": "0.0.9"}, tmp_path / "old.age")


def and_then(statements: str, monkeypatch) -> None:
    """Migrations of this version that do this as well."""
    real = rehearsing._migrate

    def migrate(scratch):
        real(scratch)
        with psycopg.connect(scratch.superuser) as database:
            database.execute(statements)

    monkeypatch.setattr(rehearsing, "_migrate", migrate)


def test_a_new_column_changes_nothing_that_was_written(older, key, monkeypatch):
    and_then(HARMLESS, monkeypatch)
    said = list(rehearse(older, key))
    assert said[0] == "Sauvegarde restaurée à part : 1 rapports."
    assert said[-1].startswith("Oui.")


def test_a_report_that_says_otherwise_afterwards_stops_it(older, key, monkeypatch):
    and_then(A_REPORT_SAYS_OTHERWISE, monkeypatch)
    with pytest.raises(Refused, match="Non. .* : day 1$"):
        list(rehearse(older, key))


def test_a_backup_of_this_very_version_rehearses_nothing(kept, tmp_path):
    (tmp_path / "key").write_text(kept.private)
    with pytest.raises(CommandError, match="Rien à répéter"):
        call_command("rehearse", str(kept.path.parent), "--key", str(tmp_path / "key"))


def test_a_folder_stands_for_its_newest_backup(kept, tmp_path):
    assert newest(kept.path.parent) == newest(kept.path) == kept.path
    with pytest.raises(Refused, match="aucune sauvegarde"):
        newest(tmp_path)


@pytest.fixture
def before(django_db_setup):
    """Two reports, a cell and a file; no table of periods, as long ago."""
    with empty_database() as name, psycopg.connect(address(name=name)) as database:
        for table in ("scs_dailyreport", "scs_ledgercell", "scs_releasefile"):
            database.execute(f"create table {table} (id bigint, said text, body bytea)")
            database.execute(f"insert into {table} values (7, 'a', '\\x00ff'), (8, null, null)")  # noqa: S608
        assert written.keep(database) == 2
        yield database


@pytest.mark.parametrize(
    ("done", "wrong"),
    [
        ("alter table scs_dailyreport drop said; alter table scs_dailyreport add more int default 1", []),
        ("create table scs_periodreport (id bigint); insert into scs_periodreport values (1)", []),
        ("alter table scs_ledgercell alter id type int", []),
        ("update scs_dailyreport set said = 'b' where id = 7", ["day 7"]),
        ("update scs_ledgercell set said = '' where id = 8", ["cell 8"]),
        ("update scs_releasefile set body = '\\x00fe' where id = 7", ["file 7"]),
        ("delete from scs_releasefile", ["file 7", "file 8"]),
        ("insert into scs_ledgercell values (9)", ["cell 9"]),
        ("drop table scs_ledgercell", ["scs_ledgercell"]),
    ],
)
def test_each_row_that_was_written_is_compared(before, done, wrong):
    before.execute(done)
    assert list(written.changed(before)) == wrong


def test_the_hash_is_that_of_the_report(kept):
    """Recomputed by the code of this version: one figure more, and it is another."""
    row = {"site": "S01", "service_date": date(2026, 1, 1), "version": 1, "indicators": []}
    assert written.of_day(row) != written.of_day(row | {"version": 2})


FAILS = """
try:
    raise ValueError("before")
except ValueError as why:
    raise RuntimeError("one line\\nDETAIL:  Key (name)=(marguerite) already exists.") from why
"""


def test_of_a_migration_that_fails_nothing_is_told_but_the_first_line():
    said = subprocess.run([sys.executable, "-c", FAILS], capture_output=True, check=False).stderr
    assert b"marguerite" in said
    assert rehearsing._last_error(said) == "RuntimeError: one line"
    assert rehearsing._last_error(b"CommandError: no such thing\n") == "CommandError: no such thing"
