"""Whatever is told, in whatever order, twice, from several tablets: the balance is the sum of movements."""

import uuid
from datetime import timedelta

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harmreduction.pg.scope import acting
from sites.naloxone.models import InTransit, StockMovement
from sites.naloxone.queries import lots_on_hand, on_hand, usable
from sites.naloxone.transit import on_its_way
from sites.places.queries import today
from tests.factories import record, ref, send
from tests.naloxone.told import sent
from tests.overdoses.story import Event, Shelf, voided, when

LOOSE = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
FEW, MANY = settings(LOOSE, max_examples=6), settings(LOOSE, max_examples=300)
LAST = 200
QUANTITY = st.integers(1, 9)
# What each says of a balance, given its quantity.
EFFECT = {
    "received": lambda held, n: held + n,
    "returned": lambda held, n: held + n,
    "wasted": lambda held, n: held - n,
    "expired": lambda held, n: held - n,
    "adjusted": lambda held, n: held + (n - 5 or 1),
    "kit": lambda held, n: held - 2 * n,
    "dose": lambda held, n: held - 1,
    "sent": lambda held, n: held - n,
    "counted": lambda held, n: n,
}


@st.composite
def stories(draw):
    """[(minute, what, lot, quantity, undone)]: minutes all different, of two lots."""
    acts = st.tuples(st.sampled_from(sorted(EFFECT)), st.integers(0, 1), QUANTITY, st.booleans())
    told = draw(st.lists(acts, min_size=3, max_size=9))
    minutes = draw(st.permutations(range(1, LAST)))[: len(told) + 2]
    receipts = [("received", lot, draw(QUANTITY), False) for lot in (0, 1)]
    return [(minute, *act) for minute, act in zip(minutes, [*receipts, *told], strict=True)]


def expected(story, lot: int) -> int:
    held = 0
    for _minute, what, of, quantity, undone in sorted(story):
        if of == lot and not (undone and what != "received"):
            held = EFFECT[what](held, quantity)
    return held


def records_of(story, shelves, other) -> list[dict]:
    """The records that tell it, each with the void that takes it back."""
    told = []
    for minute, what, lot, quantity, undone in story:
        made = _told(shelves[lot], what, minute, quantity, other)
        told += made
        if undone and what != "received":
            told.append({**voided(made[-1], LAST + 1), "seq": 9})
    return told


def _told(shelf, what, minute, quantity, other) -> list[dict]:
    if what == "received":
        return [shelf.received(minute, quantity)]
    if what == "counted":
        return [shelf.counted(minute, quantity)]
    if what == "kit":
        data = {"kit_kind": "nasal", "count": quantity, "lot": shelf.ref}
        return [record("kit.given", data, when=when(minute))]
    if what == "dose":
        event = Event()
        return [event.opened(minute - 0.5), event.dose(minute, lot=shelf.ref)]
    if what == "sent":
        return [sent(shelf, quantity, other.code, when=when(minute))]
    signed = (quantity - 5 or 1) if what == "adjusted" else quantity
    return [shelf.moved(minute, what, signed)]


@FEW
@given(stories(), st.data())
def test_the_balance_is_what_happened_whatever_the_order_of_arrival(site, other_site, story, data):
    tell_in_any_order(site, other_site, story, data)


@pytest.mark.full
@MANY
@given(stories(), st.data())
def test_the_same_three_hundred_times(site, other_site, story, data):
    tell_in_any_order(site, other_site, story, data)
    send_between_two(site, other_site, story, data)


def tell_in_any_order(site, other_site, story, data) -> None:
    shelves = [Shelf(lot_code=ref()[:8]), Shelf(lot_code=ref()[:8])]
    told = records_of(story, shelves, other_site)
    arrived = data.draw(st.permutations(told))
    cut = data.draw(st.integers(0, len(arrived)))
    again = data.draw(st.lists(st.sampled_from(arrived), max_size=4))
    for batch in (arrived[:cut], again, arrived[cut:], again):
        send(site, *batch)
    for lot, shelf in enumerate(shelves):
        assert on_hand(site)[shelf.key] == expected(story, lot)
        rows = StockMovement.objects.at(site).filter(lot_ref=shelf.key)
        assert rows.aggregate(n=Sum("units"))["n"] == expected(story, lot)


@FEW
@given(stories(), st.data())
def test_nothing_vanishes_between_two_sites(site, other_site, story, data):
    send_between_two(site, other_site, story, data)


def send_between_two(site, other_site, story, data) -> None:
    """What left one site is at the other, on its way, or said to be lost."""
    shelves = [Shelf(lot_code=ref()[:8]), Shelf(lot_code=ref()[:8])]
    told = records_of(story, shelves, other_site)
    gone = {r["data"]["target"] for r in told if r["kind"] == "record.voided"}
    transfers = [r for r in told if r["data"].get("to_site") and r["id"] not in gone]
    come = [_arrival(site, r, shelves, data) for r in transfers if data.draw(st.booleans())]
    first = data.draw(st.booleans())
    if first:
        send(other_site, *come)
    send(site, *data.draw(st.permutations(told)))
    for _twice in range(2):
        send(other_site, *come)
    left = sum(r["data"]["quantity"] for r in transfers)
    received = sum(r["data"]["quantity"] for r in come)
    lost = sum(r["data"].get("missing", 0) for r in come)
    way = {
        one.transfer: one.units for one in on_its_way(site) if str(one.transfer) in {r["id"] for r in told}
    }
    assert sum(way.values()) == left - received - lost
    with acting(sites=[other_site.pk]):
        assert {one.transfer: one.units for one in on_its_way(other_site) if one.transfer in way} == way
        assert sum(on_hand(other_site).get(uuid.UUID(r["data"]["lot"]), 0) for r in come) == received
    rows = InTransit.objects.at(site).filter(transfer__in=[r["id"] for r in transfers])
    assert (rows.aggregate(n=Sum("units"))["n"] or 0) == left - received - lost


def _arrival(site, transfer: dict, shelves, data) -> dict:
    """What the other site counted when the box came: it may be short, or nobody may say so yet."""
    of = next(s for s in shelves if s.ref == transfer["data"]["lot"])
    sent_units = transfer["data"]["quantity"]
    quantity = data.draw(st.integers(1, sent_units))
    short = sent_units - quantity
    more = {"missing": short} if short and data.draw(st.booleans()) else {}
    told = {**of.data, "lot": ref(), "quantity": quantity, "transfer": transfer["id"], "from_site": site.code}
    return record("naloxone.received", told | more, when=when(LAST + 2), by="s02-01")


@FEW
@given(st.lists(st.tuples(st.integers(-40, 40), st.integers(1, 30)), min_size=1, max_size=6))
def test_what_expired_is_never_counted_usable(site, boxes):
    """[(days until it expires, units)]: only those that last until today or longer may be given."""
    lots = []
    for days, units in boxes:
        shelf = Shelf(lot_code=ref()[:8], expiry=(today(site) + timedelta(days=days)).isoformat())
        lots.append(shelf.key)
        send(site, shelf.received(0, units))
    held = [row for row in lots_on_hand(site) if row.lot.ref in lots]
    assert usable(held).get("nal-in-4", 0) == sum(units for days, units in boxes if days >= 0)
