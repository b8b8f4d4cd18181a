"""The order in which records arrive changes nothing; neither does sending them again."""

import itertools
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sites.records.models import Record
from sites.visits.models import BoothStay, Consumption, Visit
from tests.factories import at, record, ref, send

START = at("2026-11-20 20:00")
# The database keeps what earlier examples wrote: each has a night, and so the seat, to itself.
EXAMPLES = itertools.count(1)
STEPS = {
    "visit.assessed": {"substances": ["fentanyl"], "route": "inj_iv"},
    "visit.seated": {"booth": "1"},
    "consumption.recorded": {"substances": ["fentanyl", "cocaine"], "route": "inj_iv"},
    "visit.checked": {},
    "visit.aftercare": {},
}
LOOSE = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def shuffled_visit(draw):
    """A visit's records in order of happening, and the same in some order of arrival."""
    visit, start = ref(), START - timedelta(days=2 * next(EXAMPLES))
    kinds = draw(st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=7))
    told = [record("visit.arrived", {"visit": visit}, when=start)]
    for minute, kind in enumerate(kinds, start=1):
        when = start + timedelta(minutes=minute)
        told.append(record(kind, {"visit": visit, **STEPS[kind]}, when=when))
    end = start + timedelta(minutes=len(told))
    told.append(record("visit.closed", {"visit": visit, "discharge_to": "street"}, when=end))
    return visit, told, draw(st.permutations(told))


def picture(visit: str) -> tuple:
    """Everything that is folded from a visit's records."""
    row = Visit.objects.values().get(ref=visit)
    stays = (
        BoothStay.objects.filter(visit__ref=visit).order_by("during").values_list("booth__label", "during")
    )
    rounds = Consumption.objects.filter(visit__ref=visit).order_by("at").values_list("at", "substances")
    return {k: v for k, v in row.items() if k != "id"}, list(stays), list(rounds)


@LOOSE
@given(shuffled_visit())
def test_any_order_of_arrival_gives_the_same_visit(site, story):
    visit, told, arrived = story
    send(site, *told)
    expected = picture(visit)
    other = ref()
    again = [{**r, "id": ref(), "data": {**r["data"], "visit": other}} for r in arrived]
    # The seat is the same one, at another time, so that both visits may have had it.
    again = [{**r, "occurred_at": shift(r["occurred_at"])} for r in again]
    receipts = send(site, *again)
    assert {r.status for r in receipts} <= {"created", "held"}
    row, stays, rounds = picture(other)
    assert row["state"] == expected[0]["state"]
    assert unshift(row["ended_at"]) == expected[0]["ended_at"]
    assert len(stays) == len(expected[1])
    assert [unshift(when) for when, _ in rounds] == [when for when, _ in expected[2]]
    assert not Record.objects.filter(status="held").exists()


def shift(text: str) -> str:
    return (datetime.fromisoformat(text) + timedelta(days=1)).isoformat()


def unshift(moment):
    return moment and moment - timedelta(days=1)


@LOOSE
@given(shuffled_visit())
def test_sending_a_visit_again_changes_nothing(site, story):
    visit, told, arrived = story
    send(site, *told)
    before = picture(visit)
    assert {r.status for r in send(site, *arrived)} == {"duplicate"}
    assert picture(visit) == before
