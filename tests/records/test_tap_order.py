"""What was tapped in one order stays in it, however long each sending was under way."""

from datetime import datetime, timedelta

import pytest

from sites.people.devices import enrol
from sites.records.models import Record
from sites.records.services import Sender, submit
from sites.records.stories import story_of
from sites.visits.models import Consumption, Visit
from tests.factories import at, record, ref

TAPPED = at("2026-11-20 20:00")
USED = {"substances": ["fentanyl"], "route": "inj_iv"}
MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def tablet(site):
    device, _token = enrol(site)

    def sends(sent: dict, *, leaves: datetime, under_way: float, together: bool) -> str:
        """One record in a sending of its own, which takes so many seconds; what became of it."""
        age = (leaves - datetime.fromisoformat(sent["occurred_at"])).total_seconds()
        (receipt,) = submit(
            site=site,
            records=[{"age_s": age} | sent],
            sender=Sender(device=device),
            received_at=leaves + timedelta(seconds=under_way),
            one_by_one=not together,
        )
        return receipt.status

    return sends


def a_tap(visit: str) -> list[dict]:
    """An arrival long before; then used and left, in one tap."""
    return [
        record("visit.arrived", {"visit": visit}, when=TAPPED - timedelta(minutes=9), seq=1),
        record("consumption.recorded", {"visit": visit, **USED}, when=TAPPED, seq=2),
        record("visit.closed", {"visit": visit, "discharge_to": "street"}, when=TAPPED + MOMENT, seq=3),
    ]


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("last_first", [False, True])
def test_a_slow_sending_does_not_put_a_tap_in_another_order(site, tablet, together, last_first):
    visit = ref()
    arrived, used, left = a_tap(visit)
    tablet(arrived, leaves=TAPPED - timedelta(minutes=9), under_way=0.1, together=together)
    sendings = [(used, 3.0), (left, 0.1)]
    for sent, under_way in reversed(sendings) if last_first else sendings:
        leaves = TAPPED + timedelta(seconds=10)
        assert tablet(sent, leaves=leaves, under_way=under_way, together=together) == "created"
    dated = dict(Record.objects.values_list("kind", "occurred_at"))
    assert dated["visit.closed"] < dated["consumption.recorded"], "the line was not unequal enough to tell"
    told = [telling.kind for telling in story_of(site, Visit.objects.get().ref)]
    assert told == ["visit.arrived", "consumption.recorded", "visit.closed"]
    assert Visit.objects.get().consumed
    assert Consumption.objects.get().at < Visit.objects.get().ended_at


def test_a_clock_that_was_set_says_nothing_of_the_order(site, tablet):
    """Minutes apart, our own clock knows better than one that jumped."""
    visit = ref()
    arrived, used, _left = a_tap(visit)
    jumped = used | {"occurred_at": (TAPPED - timedelta(hours=2)).isoformat(), "age_s": 0}
    tablet(arrived, leaves=TAPPED - timedelta(minutes=9), under_way=0.1, together=True)
    assert tablet(jumped, leaves=TAPPED, under_way=0.1, together=True) == "created"
    assert [telling.kind for telling in story_of(site, Visit.objects.get().ref)] == [
        "visit.arrived",
        "consumption.recorded",
    ]
