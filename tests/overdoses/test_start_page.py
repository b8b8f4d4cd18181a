import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from sites.overdoses.models import OverdoseEvent
from tests.factories import record, ref, send
from tests.overdoses.tapping import ANSWERS, begin, url


def test_one_tap_starts_the_clock_without_a_place(nurse):
    touched = timezone.now() - timedelta(seconds=7)
    event = begin(nurse, at=touched.isoformat())
    assert (event.opened_at, event.location) == (touched, "other_indoor")
    page = nurse.get(url(event)).content.decode()
    assert "Où?" in page
    assert touched.isoformat() in page


def test_a_doubled_touch_joins_the_event_it_opened(nurse):
    posted = {"event": ref(), "record_id": ref()}
    first, second = (nurse.post("/overdoses/start", posted) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert OverdoseEvent.objects.count() == 1


def test_the_same_button_after_the_event_is_closed_opens_another(nurse):
    posted = {"event": ref(), "record_id": ref()}
    first = begin(nurse, **posted)
    nurse.post(url(first, "close/"), ANSWERS)
    assert begin(nurse, **posted).ref != first.ref


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"event": "x", "record_id": "\x00", "visit": "moi", "booth": "99", "location": "lune", "at": "hier"},
        {"visit": str(uuid.uuid4()), "location": "\ud800"},
    ],
)
def test_nothing_that_is_sent_stops_an_overdose(nurse, posted):
    posted = {k: v.encode("utf-8", "surrogatepass") for k, v in posted.items()}
    answer = nurse.post("/overdoses/start", posted)
    assert answer.status_code == 302
    assert OverdoseEvent.objects.get().location == "other_indoor"


def test_a_visit_brings_its_place(site, nurse):
    visit = ref()
    send(
        site,
        record("visit.arrived", {"visit": visit}),
        record("visit.seated", {"visit": visit, "booth": "3"}),
    )
    event = begin(nurse, visit=visit)
    assert (event.location, event.booth, str(event.visit_ref), event.person) == (
        "booth",
        "3",
        visit,
        "client_visit",
    )
    page = nurse.get(url(event)).content.decode()
    assert "Place 3" in page
    assert "Où?" not in page.split("<main")[1]


def test_everyone_on_the_floor_may_start_one_and_no_one_else(signed_in):
    for role, status in (("security", 302), ("peer", 302), ("privacy_officer", 403), ("sysadmin", 403)):
        assert signed_in(role).post("/overdoses/start").status_code == status, role


def test_another_sites_event_is_not_found(other_site, nurse):
    event = ref()
    send(other_site, record("overdose.opened", {"event": event, "location": "booth"}, by="s02-01"))
    record_id = ref()
    pages = ("", "live", "close/", "false-alarm/", f"records/{record_id}/")
    assert [nurse.get(f"/overdoses/{event}/{page}").status_code for page in pages] == [404] * 5
    posts = ("steps", "doses", "place", "close/", "false-alarm/", f"records/{record_id}/undo")
    assert [nurse.post(f"/overdoses/{event}/{page}").status_code for page in posts] == [404] * 6


def test_a_get_writes_nothing(nurse):
    event = begin(nurse)
    for page in ("steps", "doses", "place", f"records/{ref()}/undo"):
        assert nurse.get(url(event, page)).status_code == 405
    assert nurse.get("/overdoses/start").status_code == 405
