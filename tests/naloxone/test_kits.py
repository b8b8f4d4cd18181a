"""A kit is what is put in it: components add up, and the shortest-lived one decides."""

from datetime import date
from uuid import NAMESPACE_OID, uuid5

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sites.naloxone.models import KitComponent, Lot
from sites.naloxone.queries import on_hand
from sites.naloxone.recall import drill
from tests.factories import record, ref, send
from tests.naloxone.told import assembled
from tests.naloxone.told import given as handed
from tests.overdoses.story import Shelf, statuses, voided

FEW = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def batch(code="T1", expiry="2099-12") -> Shelf:
    return Shelf(product="kit-injectable", lot_code=code, expiry=expiry)


def vials(code="V1", expiry="2099-12") -> Shelf:
    return Shelf(product="nal-im-0.4", lot_code=code, expiry=expiry)


def void_of(one: dict) -> str:
    """The same id each time it is sent, and no other record's."""
    return str(uuid5(NAMESPACE_OID, one["id"]))


@FEW
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 5)), min_size=1, max_size=3), st.data())
def test_what_is_in_kits_came_off_the_shelf_whatever_the_order(site, parts, data):
    """[(units a kit, kits made)]: each assembly of its own batch, from one lot; some taken back."""
    lot, batches = vials(ref()[:8]), [batch(ref()[:8]) for _part in parts]
    told = [assembled(b, kits, (lot, each)) for b, (each, kits) in zip(batches, parts, strict=True)]
    gone = [one for one in told if data.draw(st.booleans())]
    send(site, *data.draw(st.permutations([*told, lot.received(0, 100)])))
    for _twice in range(2):
        send(site, *({**voided(one), "id": void_of(one)} for one in gone))
    left = [
        (b, each, kits) for b, (each, kits), one in zip(batches, parts, told, strict=True) if one not in gone
    ]
    stock = on_hand(site)
    assert stock[lot.key] == 100 - sum(each * kits for _b, each, kits in left)
    assert stock[lot.key] + sum(stock[b.key] * each for b, each, _kits in left) == 100
    inside = KitComponent.objects.at(site).filter(lot_ref=lot.key)
    assert {row.batch_ref: row.units for row in inside} == {b.key: each for b, each, _kits in left}


@pytest.mark.parametrize("late", [False, True])
def test_a_kit_lasts_as_long_as_what_expires_first(site, late):
    made, first, second = batch(), vials("V1", "2030-06"), vials("V2", "2029-03")
    told = [first.received(0, 10), second.received(0, 10), assembled(made, 2, (first, 1), (second, 1))]
    send(site, *(reversed(told) if late else told))
    assert Lot.objects.get(ref=made.key).expiry == date(2029, 3, 31)


def test_kits_count_when_a_lot_was_counted_after_they_were_made(site):
    lot, made = vials(), batch()
    send(site, lot.received(0, 10), record("naloxone.counted", {"lot": lot.ref, "quantity": 8}))
    send(site, assembled(made, 2, (lot, 2), when=None))
    counted_then_taken = on_hand(site)[lot.key]
    assert counted_then_taken == 4
    assert on_hand(site)[made.key] == 2


def test_a_recall_reaches_into_the_kits(site):
    lot, made = vials("R-1"), batch()
    send(site, lot.received(0, 20), assembled(made, 5, (lot, 2)), handed(lot=made.ref, count=2))
    answer = drill([site], "R-1")
    assert (answer.on_hand, answer.given, answer.received) == (10 + 3 * 2, 4, 20)


@pytest.mark.parametrize("lines", [[], [{"lot": "x", "quantity": 1}], [{"lot": ref(), "quantity": 0}], "x"])
def test_a_kit_without_readable_contents_is_refused(site, lines):
    data = {**batch().data, "quantity": 1, "lines": lines}
    assert statuses(send(site, record("kit.assembled", data))) == ["invalid"]
