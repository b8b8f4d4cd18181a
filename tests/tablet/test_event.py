"""A second tablet joins a running overdose by asking for its records."""

from datetime import timedelta

import pytest
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.people.devices import enrol
from tests.factories import record, send
from tests.overdoses.story import Event, corrected


@pytest.fixture
def ask(site, client):
    _device, token = enrol(site, "")

    def get(event, **headers):
        return client.get(
            f"/api/v1/tablet/events/{event.ref}", headers={"Authorization": f"Device {token}", **headers}
        )

    return get


def begun(site, minutes_ago: float = 5) -> tuple[Event, dict]:
    event = Event()
    at = timezone.now() - timedelta(minutes=minutes_ago)
    opened = record("overdose.opened", {"event": event.ref, "location": "booth", "booth": "4"}, when=at)
    send(site, opened)
    return event, opened


def test_the_records_come_in_their_order_and_only_when_there_are_more(site, ask):
    event, opened = begun(site)
    step = event.step(0, "airway") | {"occurred_at": timezone.now().isoformat()}
    send(site, step, corrected(step, choice="position"))
    first = ask(event)
    told = first.json()["records"]
    assert [one["kind"] for one in told] == ["overdose.opened", "overdose.step", "record.corrected"]
    assert (told[0]["id"], told[0]["by"], told[1]["data"]["step"]) == (opened["id"], "s01-01", "airway")
    assert ask(event, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    send(site, event.dose(0) | {"occurred_at": timezone.now().isoformat()})
    assert len(ask(event, **{"If-None-Match": first.headers["ETag"]}).json()["records"]) == 4


def test_an_event_is_told_while_it_runs_and_a_little_longer(site, ask):
    event, _opened = begun(site, 180)
    assert ask(event).status_code == 200
    late = record("overdose.closed", event.closed(0)["data"], when=timezone.now() - timedelta(minutes=30))
    send(site, late)
    assert ask(event).status_code == 200
    old, _opened = begun(site, 180)
    send(site, record("overdose.closed", old.closed(0)["data"], when=timezone.now() - timedelta(hours=2)))
    assert ask(old).status_code == 404


def test_another_sites_event_and_a_tablet_that_is_not_ours_see_nothing(site, other_site, ask, client):
    event = Event()
    with acting(sites=[other_site.pk]):
        send(other_site, event.opened() | {"by": "s02-01"})
    assert ask(event).status_code == 404
    assert client.get(f"/api/v1/tablet/events/{event.ref}").status_code == 401
