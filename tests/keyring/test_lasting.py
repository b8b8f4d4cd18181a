"""What the law has a register show for years is sealed too, under a key that lasts."""

import importlib
from types import SimpleNamespace

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.utils import timezone

from harmreduction.pg.scope import as_owner
from sites.holds.models import LegalHold
from sites.keyring import services as keyring
from sites.keyring.escrow import lasts
from sites.keyring.fields import LastingLine, LastingText
from sites.keyring.models import KeyCheck
from sites.registers.models import ConfidentialityIncident
from sites.retention.services import lift_hold, place_hold
from tests.keyring.test_words import columns_as_kept
from tests.registers.told import an_incident

WORDS = "Mme Tremblay, 1234 rue Ontario"
TEXTS = [
    field.name
    for field in ConfidentialityIncident._meta.fields
    if isinstance(field, (LastingText, LastingLine)) and field.name != "why"
]
# By hand: what is open of it says nothing of anyone.
TAPPED = {"stated_by", "sensitivity", "likelihood"}

pytestmark = pytest.mark.usefixtures("fresh_keys")


def test_every_text_of_an_incident_and_of_a_hold_is_sealed_and_reads_as_it_was_typed(site):
    an_incident(site, **dict.fromkeys(TEXTS, WORDS) | {"words": WORDS})
    hold = LegalHold(site=None, reason=WORDS)
    place_hold(hold, by="s01-05")
    lift_hold(hold, by="s01-05", why=WORDS)
    kept = columns_as_kept(ConfidentialityIncident, *TEXTS) + columns_as_kept(
        LegalHold, "reason", "lifted_why"
    )
    assert WORDS not in kept
    assert kept.count("S01-register:") == len(TEXTS)
    assert kept.count("_-register:") == 2
    incident, hold = ConfidentialityIncident.objects.get(), LegalHold.objects.get()
    assert {getattr(incident, name) for name in TEXTS} == {hold.reason, hold.lifted_why} == {WORDS}


def test_no_text_of_these_is_kept_in_clear():
    for model in (ConfidentialityIncident, LegalHold):
        clear = {
            field.name
            for field in model._meta.fields
            if field.get_internal_type() in ("CharField", "TextField")
            and not isinstance(field, (LastingText, LastingLine))
        }
        assert clear <= TAPPED | {"category", "placed_by", "lifted_by"}


def test_it_reads_in_seven_years_and_its_key_is_in_the_copy_kept_apart(site):
    an_incident(site, words=WORDS)
    with time_machine.travel(timezone.now().replace(year=timezone.now().year + 7)):
        assert ConfidentialityIncident.objects.get().circumstances == WORDS
    assert lasts(KeyCheck.objects.get(name="S01-register"))


def test_without_its_key_it_is_known_to_be_missing_and_unreadable(site):
    an_incident(site, words=WORDS)
    (settings.KEYS_DIR / "S01-register.key").unlink()
    keyring._read.cache_clear()
    assert keyring.missing_keys() == ["S01-register"]
    assert WORDS not in ConfidentialityIncident.objects.get().circumstances


def test_what_was_written_before_is_sealed_by_the_migration_and_opened_by_its_reverse(site):
    migration = importlib.import_module("sites.migrations.0047_lasting_texts_are_sealed")
    an_incident(site, words=WORDS)
    place_hold(LegalHold(site=site, reason=WORDS), by="s01-05")
    editor = SimpleNamespace(connection=connection)
    with as_owner():
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
        migration.open_all(apps, editor)
        assert WORDS in columns_as_kept(ConfidentialityIncident, "circumstances")
        migration.close_all(apps, editor)
    assert WORDS not in columns_as_kept(ConfidentialityIncident, "circumstances")
    assert WORDS not in columns_as_kept(LegalHold, "reason")
    assert LegalHold.objects.get().reason == WORDS
