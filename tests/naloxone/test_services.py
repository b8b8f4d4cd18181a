from datetime import date, timedelta

import pytest
from django.utils import timezone

from sites.naloxone.models import Lot, StockMovement
from sites.naloxone.queries import lots_on_hand, on_hand, rules_of, stock_alerts
from tests.factories import record, send
from tests.overdoses.story import Event, Shelf, corrected, statuses, voided, when


def far() -> str:
    return (timezone.now().date() + timedelta(days=400)).isoformat()


@pytest.mark.parametrize(
    ("move", "quantity", "left"),
    [
        ("returned", 2, 12),
        ("adjusted", 3, 13),
        ("adjusted", -3, 7),
        ("administered", 1, 9),
        ("kit_given", 2, 8),
        ("wasted", 1, 9),
        ("expired", 10, 0),
        ("transferred", 4, 6),
        ("recalled", 12, -2),
    ],
)
def test_the_sign_comes_from_the_kind_of_movement(site, move, quantity, left):
    shelf = Shelf()
    send(site, shelf.received(0, 10), shelf.moved(1, move, quantity))
    assert on_hand(site)[shelf.key] == left


@pytest.mark.parametrize(
    ("move", "quantity"), [("wasted", -1), ("returned", -2), ("adjusted", 0), ("wasted", 0)]
)
def test_only_an_adjustment_may_be_negative_and_none_is_zero(site, move, quantity):
    shelf = Shelf()
    [_, refused] = send(site, shelf.received(0, 10), shelf.moved(1, move, quantity))
    assert (refused.status, refused.errors["quantity"][0]["code"]) == ("invalid", "sign")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("2027-09", date(2027, 9, 30)), ("2028-02", date(2028, 2, 29)), ("2027-09-15", date(2027, 9, 15))],
)
def test_a_month_alone_expires_on_its_last_day(site, typed, kept):
    shelf = Shelf(expiry=typed)
    assert statuses(send(site, shelf.received(0, 10))) == ["created"]
    assert Lot.objects.get().expiry == kept


@pytest.mark.parametrize("typed", ["2027-13", "2027", "bientôt", "", "0000-01", "2027-02-30"])
def test_an_expiry_that_is_no_date_is_refused(site, typed):
    [refused] = send(site, Shelf(expiry=typed).received(0, 10))
    assert refused.status == "invalid"
    assert "expiry" in refused.errors


def test_a_lot_received_twice_adds_up_and_either_may_be_voided(site):
    shelf = Shelf()
    first, second = shelf.received(0, 10), shelf.received(5, 6)
    send(site, first, second, shelf.moved(6, "wasted", 1))
    assert on_hand(site)[shelf.key] == 15
    assert statuses(send(site, voided(first))) == ["created"]
    assert on_hand(site)[shelf.key] == 5
    assert statuses(send(site, voided(second))) == ["invalid"]


def test_a_lot_received_again_with_another_number_is_a_conflict(site):
    shelf = Shelf()
    answers = send(site, shelf.received(0, 10), shelf.received(5, 6, lot_code="99-999"))
    assert statuses(answers) == ["created", "conflict"]
    assert on_hand(site)[shelf.key] == 10


def test_a_count_keeps_its_figure_when_an_earlier_movement_comes_later(site):
    shelf, event = Shelf(), Event()
    send(site, shelf.received(0, 10), shelf.counted(20, 9))
    assert on_hand(site)[shelf.key] == 9
    send(site, shelf.moved(10, "wasted", 3), event.opened(12), event.dose(15, lot=shelf.ref))
    assert on_hand(site)[shelf.key] == 9
    send(site, shelf.moved(30, "wasted", 1))
    assert on_hand(site)[shelf.key] == 8


def test_a_movement_corrected_to_after_a_count_leaves_the_count(site):
    shelf = Shelf()
    moved = shelf.moved(10, "wasted", 3)
    send(site, shelf.received(0, 10), moved, shelf.counted(20, 7))
    send(site, corrected(moved, occurred_at="2026-11-20T20:30:00Z"))
    assert on_hand(site)[shelf.key] == 4


def test_two_counts_of_the_same_instant_end_on_the_second(site):
    shelf = Shelf()
    first, second = {**shelf.counted(5, 8), "seq": 2}, {**shelf.counted(5, 6), "seq": 3}
    send(site, shelf.received(0, 10), second, first, shelf.moved(1, "wasted", 1))
    assert on_hand(site)[shelf.key] == 6


def test_a_dose_between_two_counts_moves_neither(site):
    shelf, event = Shelf(), Event()
    dose = event.dose(15, lot=shelf.ref)
    send(site, shelf.received(0, 10), shelf.counted(10, 9), shelf.counted(20, 9), event.opened(12), dose)
    assert on_hand(site)[shelf.key] == 9
    send(site, voided(dose))
    assert on_hand(site)[shelf.key] == 9


@pytest.mark.parametrize("move", ["administered", "wasted", "adjusted"])
def test_a_voided_movement_is_reversed_by_another_row(site, move):
    shelf = Shelf()
    moved = shelf.moved(1, move, 4)
    send(site, shelf.received(0, 10), moved, voided(moved))
    assert on_hand(site)[shelf.key] == 10
    assert StockMovement.objects.filter(record_id=moved["id"]).count() == 2


def test_a_voided_count_no_longer_adjusts(site):
    shelf = Shelf()
    count = shelf.counted(5, 3)
    send(site, shelf.received(0, 10), count, voided(count))
    assert on_hand(site)[shelf.key] == 10


def test_a_movement_of_a_lot_not_here_waits(site, other_site):
    shelf = Shelf()
    received = {**shelf.received(0, 10), "by": "s02-01"}
    assert statuses(send(other_site, received)) == ["created"]
    assert statuses(send(site, shelf.moved(1, "wasted", 1), shelf.counted(2, 9))) == ["held", "held"]
    assert statuses(send(site, record("naloxone.received", received["data"], when=when(0)))) == ["created"]
    assert on_hand(site)[shelf.key] == 9


def test_another_sites_lot_named_by_a_dose_draws_nothing_there(site, other_site):
    shelf, event = Shelf(), Event()
    send(other_site, {**shelf.received(0, 10), "by": "s02-01"})
    assert statuses(send(site, event.opened(), event.dose(1, lot=shelf.ref))) == ["created"] * 2
    assert on_hand(site) == {shelf.key: -1}
    assert not lots_on_hand(site)


def why(site) -> dict[str, str]:
    codes = {str(lot.ref): lot.lot_code for lot in Lot.objects.at(site)}
    return {codes[alert["lot"]]: alert["why"] for alert in stock_alerts(lots_on_hand(site), rules_of(site))}


def test_alerts_name_the_worst_reason_of_each_lot(site):
    def day(n):
        return (timezone.now().date() + timedelta(days=n)).isoformat()

    good = Shelf(lot_code="good", expiry=day(300))
    soon, past, empty = (
        Shelf(lot_code=c, expiry=day(n)) for c, n in (("soon", 20), ("past", -5), ("empty", 25))
    )
    gone, under = Shelf(lot_code="gone", expiry=day(-5)), Shelf(lot_code="under", expiry=day(300))
    send(site, *(lot.received(0, 10) for lot in (good, soon, past, empty, gone, under)))
    send(site, empty.moved(1, "wasted", 10), gone.moved(1, "expired", 10), under.moved(1, "wasted", 11))
    assert why(site) == {"soon": "expiring", "past": "expired", "empty": "expiring", "under": "below_zero"}


def test_low_is_told_on_what_is_left_and_on_the_last_lot_when_nothing_is(site):
    first, last = Shelf(lot_code="first", expiry=far()), Shelf(lot_code="last", expiry="2099-01")
    send(site, first.received(0, 10), last.received(0, 3))
    assert why(site) == {}
    send(site, first.moved(1, "kit_given", 8))
    assert why(site) == {"first": "low", "last": "low"}
    send(site, first.moved(2, "kit_given", 2), last.moved(2, "kit_given", 3))
    assert why(site) == {"last": "low"}
