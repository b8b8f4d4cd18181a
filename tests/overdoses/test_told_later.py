"""What is told after the fact: rough times, who did it, a response that is over before its answers."""

import pytest

from sites.overdoses.models import OverdoseEvent, ResponseStep
from sites.overdoses.queries import open_events
from sites.tablet.board import board_of
from sites.tablet.room import room_of
from tests.factories import make_staff, send
from tests.overdoses.story import Event, corrected, statuses, when


def test_a_rough_time_and_who_did_it_are_kept_and_shown(site, nurse):
    event = Event()
    make_staff("s01-02", site)
    airway = event.step(2, "airway", estimated=True, responder="s01-02")
    assert statuses(send(site, event.opened(), airway)) == ["created", "created"]
    page = f"/overdoses/{event.ref}/"
    shown = nurse.get(page).content.decode()
    assert "environ" in shown
    assert "Personne s01-02" in shown
    send(site, corrected(airway, estimated=None))
    assert "environ" not in nurse.get(page).content.decode()


@pytest.mark.parametrize("value", ["yes", 1, "true"])
def test_a_rough_time_is_true_or_nothing(site, value):
    event = Event()
    answer = send(site, event.opened(), event.step(1, "airway", estimated=value))
    assert statuses(answer) == ["created", "invalid"]
    assert "estimated" in answer[1].errors


def test_a_response_that_is_over_waits_for_its_answers_and_alarms_no_more(site, nurse):
    event = Event()
    send(site, event.opened(booth="4"), event.step(20, "response_end"))
    assert (event.row().closed_at, event.row().ended_at) == (None, when(20))
    assert "Surdose en cours" not in nurse.get("/").content.decode()
    assert board_of(site).events == []
    assert list(open_events(site)) == [event.row()]
    assert [told["ended"] for told in room_of(board_of(site), unlocked=False)["events"]] == [True]
    send(site, event.closed(30))
    assert (event.row().ended_at, event.row().closed_at) == (when(20), when(30))


def test_the_page_says_that_the_answers_come_later(site, nurse):
    nurse.post("/overdoses/start")
    event = OverdoseEvent.objects.get()
    for _ in range(2):
        assert nurse.post(f"/overdoses/{event.ref}/later").headers["Location"] == "/"
    assert ResponseStep.objects.filter(step="response_end").count() == 1
    assert "Surdose en cours" not in nurse.get("/").content.decode()
    assert nurse.get(f"/overdoses/{event.ref}/close/").status_code == 200
