"""Records sealed to the server: opened like any other, or kept whole."""

import random
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from sites.keyring import services as keyring
from sites.keyring.boxes import POINT, public_key, renew
from sites.people.devices import enrol
from sites.people.tasks import forget_replaced_boxes
from sites.records.history import lines_of
from sites.records.models import Record
from sites.records.queries import kept
from sites.trail.models import TrailEntry
from sites.visits.models import Visit
from tests.factories import record, ref, send
from tests.tablet_app.sealing import _bytes, closed, seal, text

BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@pytest.fixture
def box_key(site, settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    keyring._checked.clear()
    yield public_key(site)
    keyring._checked.clear()


def arrived(**more):
    return record("visit.arrived", {"visit": ref(), "handle": "RIVE7"}, **more)


def statuses(site, *sent):
    return [receipt.status for receipt in send(site, *sent)]


def test_a_sealed_record_is_stored_like_one_in_clear(site, box_key):
    sent = arrived()
    sealed = seal(box_key, sent)
    assert "visit" not in str(sealed)
    assert statuses(site, sealed, record("turnaway.recorded", {"reason": "full", "count": 1})) == [
        "created",
        "created",
    ]
    kept = Record.objects.get(record_id=sent["id"])
    assert (kept.kind, kept.by, kept.seq) == ("visit.arrived", "s01-01", 1)
    assert kept.occurred_at.isoformat() == sent["occurred_at"]
    assert Visit.objects.get().ref == kept.subject


def test_the_same_record_is_the_same_however_it_comes(site, box_key):
    sent = arrived()
    once = seal(box_key, sent)
    assert statuses(site, once, once, seal(box_key, sent), sent) == ["created"] + ["duplicate"] * 3
    assert statuses(site, once) == ["duplicate"]
    other = {**sent, "data": {**sent["data"], "gender": "f"}}
    assert statuses(site, seal(box_key, other)) == ["conflict"]


def test_no_flipped_bit_is_accepted_and_every_box_is_kept_whole(site, box_key):
    dice = random.Random(7)
    sent = arrived()
    sealed = seal(box_key, sent)
    box = sealed["sealed"]
    altered = []
    while len(altered) < 250:
        n = dice.randrange(len(box))
        altered.append(
            {**sealed, "sealed": box[:n] + dice.choice(BASE64URL.replace(box[n], "")) + box[n + 1 :]}
        )
    while len(altered) < 500:
        field = dice.choice(["sealed", "id", "key_id"])
        n, bit = dice.randrange(len(sealed[field])), 1 << dice.randrange(7)
        value = sealed[field]
        altered.append({**sealed, field: value[:n] + chr(ord(value[n]) ^ bit) + value[n + 1 :]})
    assert {status for status in statuses(site, *altered)} <= {"quarantined", "duplicate"}
    assert not Visit.objects.exists()
    stored = {row["sealed"] for row in Record.objects.values_list("data", flat=True)}
    assert {one["sealed"].replace("\x00", "?") for one in altered} == stored
    assert statuses(site, *altered) == ["duplicate"] * 500
    assert statuses(site, sealed) == ["created"]


def test_the_last_letter_of_a_box_has_no_second_spelling(site, box_key):
    for extra in range(3):
        sealed = closed(box_key, ref(), b"{}" + b" " * extra)
        last = BASE64URL.index(sealed["sealed"][-1])
        twin = {**sealed, "sealed": sealed["sealed"][:-1] + BASE64URL[last ^ 1]}
        assert statuses(site, twin) == ["quarantined"]


@pytest.mark.parametrize(
    "changes",
    [
        {"key_id": "20200101000000"},
        {"key_id": None},
        {"key_id": ["x"]},
        {"sealed": ""},
        {"sealed": None},
        {"sealed": {"a": "\ud800"}},
        {"sealed": "A" * 40},
        {"sealed": "é" * 400},
        {"id": "0193a5c0-0000-7000-8000-000000000001"},
        {"id": None},
    ],
)
def test_what_cannot_be_opened_is_quarantined_once(site, box_key, changes):
    sealed = seal(box_key, arrived()) | changes
    assert statuses(site, sealed, sealed) == ["quarantined", "duplicate"]
    assert Record.objects.get().status == "quarantined"
    (line,) = lines_of(kept(site))
    assert (line.words, line.said, line.may_be_taken) == ("Saisie scellée", [], False)
    assert line.why == ["Cette saisie scellée ne s’ouvre pas ici."]


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"[" * 100_000, b"9" * 5000])
def test_a_box_without_a_record_in_it_is_quarantined(site, box_key, content):
    assert statuses(site, closed(box_key, ref(), content)) == ["quarantined"]


def test_a_box_that_was_closed_on_no_point_of_the_curve_is_quarantined(site, box_key):
    sealed = seal(box_key, arrived())
    raw = _bytes(sealed["sealed"])
    off = raw[:1] + b"\x01" * (POINT - 1) + raw[POINT:]
    zero = b"\x00" + raw[1:]
    assert (
        statuses(site, {**sealed, "sealed": text(off)}, {**sealed, "sealed": text(zero)})
        == ["quarantined"] * 2
    )


def test_another_sites_box_does_not_open_here(site, other_site, box_key):
    assert statuses(other_site, seal(box_key, arrived(by="s02-01"))) == ["quarantined"]


def test_an_opened_record_is_judged_like_any_other(site, box_key):
    assert statuses(
        site,
        seal(box_key, record("visit.flown", {})),
        seal(box_key, arrived(by="nobody")),
        seal(box_key, record("visit.checked", {"visit": ref()})),
        {**seal(box_key, arrived()), "kind": "visit.arrived"},
        closed(box_key, ref(), b'{"kind": "visit.arrived"}'),
    ) == ["invalid", "quarantined", "held", "invalid", "invalid"]


def test_a_proof_that_fails_is_counted_and_left_to_confirm(site, box_key):
    believed, doubted = arrived(), arrived()
    assert statuses(site, seal(box_key, believed), seal(box_key, doubted, pin="000000")) == ["created"] * 2
    flags = dict(Record.objects.values_list("record_id", "flags"))
    assert [flags[row] for row in flags if str(row) == believed["id"]] == [["clock_unsure"]]
    assert [flags[row] for row in flags if str(row) == doubted["id"]] == [["clock_unsure", "to_confirm"]]
    assert "000000" not in str(list(Record.objects.values()))


def test_age_is_told_at_sending_beside_the_seal(site, box_key):
    sent = arrived(when=timezone.now() + timedelta(hours=26))
    assert statuses(site, {**seal(box_key, sent), "age_s": 60}) == ["created"]
    kept = Record.objects.get()
    assert abs((kept.received_at - kept.occurred_at).total_seconds() - 60) < 1
    assert kept.sent_occurred_at.isoformat() == sent["occurred_at"]
    assert kept.flags == ["clock_skew"]


# --- Keys ----------------------------------------------------------------------------------
def test_a_replaced_key_still_opens_for_ninety_days(site, box_key, time_machine):
    old = seal(box_key, arrived())
    time_machine.move_to(timezone.now() + timedelta(days=1))
    assert renew(site) == public_key(site)["id"] > box_key["id"]
    older = public_key(site)
    assert statuses(site, old, seal(older, arrived())) == ["created"] * 2
    time_machine.move_to(timezone.now() + timedelta(days=89))
    renew(site)
    forget_replaced_boxes()
    assert statuses(site, seal(box_key, arrived())) == ["created"]
    time_machine.move_to(timezone.now() + timedelta(days=2))
    forget_replaced_boxes()
    assert statuses(site, seal(box_key, arrived()), seal(older, arrived())) == ["quarantined", "created"]


def test_the_command_serves_another_key_and_says_so_in_the_trail(
    site, box_key, settings, time_machine, capsys, django_capture_on_commit_callbacks
):
    time_machine.move_to(timezone.now() + timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        call_command("renew_box_key", "--site=S01")
    served = public_key(site)
    assert served["id"] in capsys.readouterr().out
    assert served != box_key
    assert TrailEntry.objects.get(action="box key renewed").about_id == served["id"]
    assert statuses(site, seal(box_key, arrived()), seal(served, arrived())) == ["created"] * 2
    the_file = settings.KEYS_DIR / f"S01-box-{box_key['id']}.key"
    for days, is_there in ((89, True), (2, False)):
        time_machine.move_to(timezone.now() + timedelta(days=days))
        with django_capture_on_commit_callbacks(execute=True):
            forget_replaced_boxes()
        assert the_file.exists() is is_there


def test_a_lost_key_is_a_503_and_the_tablet_keeps_what_it_has(site, box_key, settings):
    _device, token = enrol(site)
    (settings.KEYS_DIR / f"S01-box-{box_key['id']}.key").unlink()
    answer = Client().post(
        "/api/v1/records",
        {"records": [seal(box_key, arrived())]},
        content_type="application/json",
        headers={"Authorization": f"Device {token}"},
    )
    assert answer.status_code == 503
    assert not Record.objects.exists()
