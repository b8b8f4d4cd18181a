"""What is handed out leaves the shelves that the site counts, never the others, and is never refused."""

from itertools import permutations

import pytest

from sites.naloxone.queries import on_hand
from sites.naloxone.terms import shelf_ref
from sites.people.devices import enrol
from sites.supplies.queries import on_shelf
from sites.tablet.setup import setup_of
from tests.factories import at, record, send
from tests.supplies.test_records import GIVEN, RETURNED, line


@pytest.fixture
def shelf(site):
    return shelf_ref(site.code, "needle_27g")


def told(shelf, kind, quantity, when, **more) -> dict:
    return record(kind, {"lot": str(shelf), "quantity": quantity, **more}, when=at(when))


def filled(shelf, quantity=100, when="2026-03-03 12:00") -> dict:
    return told(shelf, "supplies.received", quantity, when, product="needle_27g")


def out(quantity, when="2026-03-03 20:00") -> dict:
    return record(GIVEN, {"lines": [line(quantity=quantity), line("water", 5)]}, when=at(when))


def test_a_hand_out_draws_from_a_shelf_that_is_counted(site, shelf):
    send(site, filled(shelf), out(30), record(RETURNED, {"lines": [line("needle_any", 9)]}))
    assert on_hand(site) == {shelf: 70}
    assert on_shelf(site) == {"needle_27g": (70, False)}


def test_it_is_never_refused_and_may_leave_less_than_nothing(site, shelf):
    (_filled, receipt) = send(site, filled(shelf, 10), out(30))
    assert receipt.status == "created"
    assert on_shelf(site) == {"needle_27g": (-20, True)}


def test_nothing_is_drawn_from_what_nobody_counts_or_before_it_was_filled(site, shelf):
    send(site, out(30), out(7, "2026-03-03 11:00"))
    assert on_hand(site) == {}
    send(site, filled(shelf))
    assert on_hand(site) == {shelf: 70}


def test_a_correction_and_a_void_put_it_back(site, shelf):
    first, second = out(30), out(5)
    send(site, filled(shelf), first, second)
    change = {"target": first["id"], "data": {"lines": [line(quantity=3)]}, "reason": "x"}
    send(site, record("record.corrected", change))
    send(site, record("record.voided", {"target": second["id"], "reason": "x"}))
    assert on_hand(site) == {shelf: 97}


def test_a_count_keeps_its_figure_when_an_earlier_hand_out_comes_late(site, shelf):
    send(site, filled(shelf), told(shelf, "supplies.counted", 90, "2026-03-03 21:00"))
    send(site, out(30, "2026-03-03 20:00"), out(4, "2026-03-03 22:00"))
    assert on_hand(site) == {shelf: 86}


def test_the_order_of_arrival_changes_nothing(site, shelf):
    story = [
        filled(shelf),
        told(shelf, "supplies.received", 50, "2026-03-03 10:00", product="needle_27g"),
        out(30, "2026-03-03 11:00"),
        told(shelf, "supplies.counted", 90, "2026-03-03 21:00"),
        out(4, "2026-03-03 22:00"),
    ]
    for order in list(permutations(range(5)))[::17]:
        again = {one["id"]: {**one, "id": record(GIVEN, {})["id"]} for one in story}
        receipts = send(site, *(again[story[n]["id"]] for n in order))
        assert {receipt.status for receipt in receipts} <= {"created", "held"}
        assert on_hand(site)[shelf] == 86
        for one in reversed(list(again.values())):
            send(site, record("record.voided", {"target": one["id"], "reason": "x"}))
        assert on_hand(site)[shelf] == 0


def test_a_tablet_is_told_what_few_is_left_beside_the_lots_that_expire(site, shelf):
    send(site, filled(shelf, 10))
    told_to_it = setup_of(enrol(site)[0])
    assert told_to_it["counter"]["left"] == {"needle_27g": 10}
    assert told_to_it["lots"] == []
