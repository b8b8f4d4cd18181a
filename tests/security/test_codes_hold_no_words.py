"""A field that is no free text takes codes and numbers alone, and what it refuses is kept sealed."""

import pytest

from sites.codes.queries import is_code, values
from sites.overdoses.models import ResponseStep
from sites.records.forms import FreeText, LinesField
from sites.records.handles import HANDLE
from sites.records.models import Record
from sites.records.stories import KINDS
from sites.tablet.openapi import document
from tests.factories import record, send
from tests.overdoses.story import Event
from tests.security.mutating import example
from tests.security.searching import columns

WORD = "plantqzx"
# What is printed on a box has any shape: a recall is matched by it.
PRINTED = {"lot_code", "serial_from", "serial_to"}


def planted(name: str, kind) -> list[dict]:
    """A record of this kind for each of its fields, right but for a word in that field."""
    schema = {"$ref": f"#/components/schemas/{name.replace('.', '_')}"}
    found = []
    for field, declared in kind.form.base_fields.items():
        if isinstance(declared, FreeText) or field in PRINTED | {HANDLE}:
            continue
        word = [{"item": WORD, "lot": WORD, "quantity": WORD}] if isinstance(declared, LinesField) else WORD
        for wrong in (word, [word]):
            found.append(record(name, example(schema, document())["data"] | {field: wrong}))
    return found


def test_a_word_in_any_coded_field_of_any_kind_is_in_clear_nowhere(site):
    sent = [one for name, kind in KINDS.items() for one in planted(name, kind)]
    send(site, *sent)
    assert len(sent) > 150
    assert columns([WORD]) == set()


def test_a_step_says_the_codes_of_its_list_alone(site):
    event = Event()
    steps = [event.step(n, "airway", choice=code) for n, code in enumerate(values("step_choice"), 1)]
    receipts = send(site, event.opened(), *steps, event.step(99, "airway", choice=WORD))
    assert {r.status for r in receipts[:-1]} == {"created"}
    assert receipts[-1].errors["choice"][0]["code"] == "invalid_choice"
    assert ResponseStep.objects.count() == len(steps)


def test_who_did_it_is_someone_who_works_or_worked_there(site, other_site):
    event = Event()
    send(site, event.opened())
    told = [send(site, event.step(1, "airway", responder=who))[0] for who in ("s01-01", "s02-01", WORD)]
    assert [one.status for one in told] == ["created", "invalid", "invalid"]
    assert told[2].errors["responder"][0]["code"] == "unknown"


def test_an_emergency_at_a_place_nobody_knows_is_kept_without_it(site):
    event = Event()
    assert send(site, event.opened(booth=WORD))[0].status == "created"
    assert "booth" not in Record.objects.get(subject=event.ref).data


def test_what_is_refused_reads_for_a_person_as_it_was_sent(site):
    sent = record("turnaway.recorded", {"reason": WORD, "count": 1, "nothing": WORD})
    send(site, sent)
    assert Record.objects.get(record_id=sent["id"]).data == {"reason": WORD, "count": 1}


IDENTIFIER = "0193a5c0-0000-7000-8000-000000000001"
CODES = ["full", IDENTIFIER, "2026-11-23T14:05:00.123456+00:00", "2027-09", "-12.5"]


@pytest.mark.parametrize("text", CODES)
def test_codes_and_numbers_are_no_words(site, text):
    assert is_code(text)


@pytest.mark.parametrize("text", ["", "5145551234", "Full", "full house", "2026-11-23T14:05 rue", "K1A0B1"])
def test_all_else_is(site, text):
    assert not is_code(text)
