"""Each migration can be taken back and applied again on a database with people's work in it.

Down to FLOOR. Below it the chain of the trail would be dropped, and with it the proof that nobody changed
anything: who must go back further restores a backup of that time.
"""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from tests.migrations import steps

FLOOR = "0020_trail_chain"
# What a step changes because that is what it does: free text is sealed anew, under another nonce.
CHANGES = {
    "0031_free_text_is_sealed": {"scs_record", "scs_leftbehind", "scs_remark"},
    "0045_step_choices": {"scs_record"},
    "0047_lasting_texts_are_sealed": {"scs_confidentialityincident", "scs_legalhold"},
}


def check(before: str, name: str) -> None:
    for table, (gone, new) in steps.down_and_up(before, name).items():
        assert table in CHANGES.get(name, ()), (name, table, gone, new)
        assert gone.total() == new.total(), (name, table)


def test_the_newest_migration_goes_down_and_up_with_data(db):
    call_command("simulate", "--sites=1", "--days=2", "--seed=3", "--visits-per-day=8", stdout=StringIO())
    connection.check_constraints()  # what is still to be checked would keep tables from being altered
    *_, before, name = steps.names()
    check(before, name)


@pytest.fixture
def elsewhere(django_db_setup, django_db_blocker, tmp_path, settings):
    """A database of its own: what is committed here, and what fails here, touches no other test."""
    settings.DATA_DIR = tmp_path
    known = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        try:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'drop database if exists "{known}_steps"')
                cursor.execute(f'create database "{known}_steps" template template0')
            connection.settings_dict["NAME"] = f"{known}_steps"
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = known
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'drop database "{known}_steps"')


@pytest.mark.full
def test_every_migration_goes_down_and_up_with_data(elsewhere):
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_demo", "--sites=1", "--days=6", stdout=StringIO())
    call_command("build_reports", stdout=StringIO())
    names = steps.names()
    assert FLOOR in names
    facts = {"scs_record": steps.columns()["scs_record"]}
    told = {table: rows.total() for table, rows in steps.rows(facts).items()}
    assert told["scs_record"] > 100
    for before, name in reversed(list(zip(names, names[1:], strict=False))):
        if before < FLOOR:
            break
        check(before, name)
        steps.go_to(before)
    steps.go_to(names[-1])
    assert {table: rows.total() for table, rows in steps.rows(facts).items()} == told
    call_command("verify", stdout=StringIO())
