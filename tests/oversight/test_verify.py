"""`verify` tells what was loosened behind the product's back."""

import json
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from harmreduction.pg.scope import as_owner
from sites.keyring.models import KeyCheck
from sites.keyring.services import key
from sites.oversight.chain import chain_trail
from sites.trail.models import TrailEntry
from sites.trail.services import note
from tests.oversight.test_chain import by_force


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"


def verified() -> list[dict]:
    """The faults that it printed before it failed; none when it had nothing to tell."""
    out = StringIO()
    with suppress(CommandError):
        call_command("verify", stdout=out)
        assert out.getvalue() == "Rien à signaler.\n"
        return []
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_sound_database_has_nothing_to_tell(site):
    note("looked", actor="s01-01", site_id=site.pk)
    chain_trail()
    assert verified() == []


@pytest.mark.parametrize(
    ("loosened", "told"),
    [
        ("grant update on scs_trailentry to scs_app", ("rights", "scs_trailentry")),
        ("revoke insert on scs_visit from scs_app", ("rights", "scs_visit")),
        ("grant select on scs_visit to scs_release", ("rights", "scs_visit")),
        ("grant select on scs_ledgercell to public", ("open_to_all", "scs_ledgercell")),
        ("alter table scs_visit no force row level security", ("row_security", "scs_visit")),
        ("create view everyone as select * from scs_visit", ("row_security", "everyone")),
        ("create materialized view everyone as select * from scs_visit", ("row_security", "everyone")),
        ("alter table scs_ledgercell disable trigger only_added", ("trigger_off", "scs_ledgercell")),
    ],
)
def test_what_was_loosened_is_named(site, loosened, told):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(loosened)
    assert told in {(fault["check"], fault["table"]) for fault in verified()}


def test_a_policy_that_lets_everyone_see_is_noticed(site):
    note("looked", actor="s01-01", site_id=site.pk)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("create policy everyone on scs_trailentry using (true)")
    assert {
        "check": "row_security",
        "table": "scs_trailentry",
        "what": "rows without a site in sight",
    } in verified()


def test_a_changed_trail_row_is_named(site):
    note("looked", actor="s01-01", site_id=site.pk)
    chain_trail()
    entry = TrailEntry.objects.get()
    by_force("update scs_trailentry set actor = 'x'")
    (fault,) = verified()
    assert (fault["check"], fault["what"], fault["entry"]) == ("trail", "changed", entry.pk)
    assert str(entry.pk) in fault["sentence"]


def test_a_destroyed_key_that_is_still_here_is_named(site, settings):
    key(site, "text-2026-11")
    KeyCheck.objects.update(destroyed_at=timezone.now())
    told = {"check": "certificate", "key": "S01-text-2026-11", "what": "destroyed and still here"}
    assert verified() == [told]


def test_a_missing_key_is_told_before_the_trail_is_read(site, folder, settings):
    note("looked", actor="s01-01", site_id=site.pk)
    chain_trail()
    (settings.KEYS_DIR / "_-trail.key").unlink()
    (fault,) = verified()
    assert fault["check"] == "keys"
    assert "_-trail" in fault["what"]
