"""What people type is sealed before it reaches the database, and gone from every copy with its key."""

import importlib
from types import SimpleNamespace

import pytest
from django import forms
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from harmreduction.pg.scope import as_owner
from sites.keyring import services as keyring
from sites.keyring.words import seal, unseal
from sites.logbook.models import LeftBehind
from sites.records.forms import FreeText
from sites.records.history import history_of
from sites.records.models import Record
from sites.records.stories import KINDS
from sites.records.terms import FREE_TEXT
from sites.shifts.models import Remark
from sites.trail.models import TrailEntry
from tests.factories import record, ref, send

# Codes, numbers and names of things: nothing that anyone tells.
IDENTIFIERS = {
    "handle", "booth", "lot_code", "serial_from", "serial_to", "from_site", "to_site", "second", "responder",
    "taken_by",
}  # fmt: skip
PLANTED = "Le petit chien du 1234 rue Ontario"

pytestmark = pytest.mark.usefixtures("fresh_keys")


def columns_as_kept(model, *names: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(f'{name}::text' for name in names)} from {model._meta.db_table}")  # noqa: S608
        return str(cursor.fetchall())


def test_every_text_of_a_record_is_free_or_an_identifier():
    texts = {
        name
        for kind in KINDS.values()
        for name, field in kind.form.base_fields.items()
        if type(field) in (forms.CharField, FreeText)
    }
    assert texts - FREE_TEXT == IDENTIFIERS


def test_words_are_sealed_in_every_column_and_read_as_they_were_typed(site):
    event, left = ref(), ref()
    noted = record("incident.recorded", {"incident": event, "kind": "violence", "notes": PLANTED})
    sent = [
        noted,
        record(
            "record.corrected", {"target": noted["id"], "reason": PLANTED, "data": {"notes": f"{PLANTED}!"}}
        ),
        record("shift.remark", {"remark": ref(), "text": PLANTED}),
        record("leftbehind.recorded", {"left": left, "step": "found", "place": PLANTED}),
        record("incident.closed", {"incident": ref(), "notes": PLANTED}),
    ]
    assert [r.status for r in send(site, *sent)] == ["created"] * 4 + ["held"]
    assert PLANTED not in columns_as_kept(Record, "data", "errors")
    assert PLANTED not in columns_as_kept(Remark, "text") + columns_as_kept(LeftBehind, "place")
    assert PLANTED not in columns_as_kept(TrailEntry, "why")
    assert Remark.objects.get().text == LeftBehind.objects.get().place == PLANTED
    (line,) = history_of(site, Record.objects.get(record_id=noted["id"]).subject)
    assert f"{PLANTED}!" in line.shown
    assert line.reasons == [PLANTED]


def test_a_text_is_gone_with_the_key_of_its_month(committed_site):
    site = committed_site
    send(site, record("shift.remark", {"remark": ref(), "text": PLANTED}))
    with transaction.atomic():
        (name,) = keyring.living_keys(site, "text-")
        keyring.destroy(site, name)
    with transaction.atomic():
        assert Remark.objects.at(site).get().text == "[texte détruit]"
        assert Record.objects.at(site).get(kind="shift.remark").data["text"] == "[texte détruit]"


def test_a_text_that_looks_sealed_stays_a_text_and_a_changed_one_does_not_open(site):
    kept = seal(site, PLANTED)
    assert unseal(seal(site, kept)) == kept
    head, _colon, body = kept.partition(":")
    other = "A" if body[-5] != "A" else "B"
    assert unseal(f"{head}:{body[:-5]}{other}{body[-4:]}") == "[texte détruit]"
    assert unseal(kept.replace("S01-", "S02-")) == "[texte détruit]"


def test_what_was_written_in_clear_before_is_sealed_by_the_migration_and_opened_by_its_reverse(site):
    """The change of an old database, on rows opened first as they were then."""
    migration = importlib.import_module("sites.migrations.0031_free_text_is_sealed")
    noted = record("incident.recorded", {"incident": ref(), "kind": "violence", "notes": PLANTED})
    why = record("record.voided", {"target": noted["id"], "reason": PLANTED})
    send(site, noted, why, record("shift.remark", {"remark": ref(), "text": PLANTED}))
    editor = SimpleNamespace(connection=connection)
    with as_owner():
        with connection.cursor() as cursor:  # nothing is left waiting for the end of this transaction
            cursor.execute("set constraints all immediate")
        migration.open_all(apps, editor)
        assert columns_as_kept(Record, "data").count(PLANTED) == 3
        assert PLANTED in columns_as_kept(Remark, "text")
        migration.close_all(apps, editor)
        assert PLANTED not in columns_as_kept(Record, "data") + columns_as_kept(Remark, "text")
    assert Record.objects.get(kind="record.voided").data["reason"] == PLANTED
    with pytest.raises(DatabaseError), transaction.atomic():
        Record.objects.update(kind="visit.closed")
