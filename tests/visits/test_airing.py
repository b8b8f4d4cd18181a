"""A room that has to be aired says when its place is ready, and forbids nothing."""

import pytest

from sites.places.models import Room
from sites.visits.models import Visit
from tests.factories import make_staff, record, ref, send
from tests.visits.test_board import ago, arrive


@pytest.fixture
def smoked(site):
    """Booth 5, which someone left three minutes ago, and which takes eight to air."""
    Room.objects.filter(kind="inhalation").update(airing_minutes=8)
    visit = arrive(site, 20, route="inh_smoke", booth="5")
    send(site, record("visit.aftercare", {"visit": visit}, when=ago(3)))
    return site


def test_a_place_that_is_aired_says_until_when(smoked, nurse):
    text = nurse.get("/board/live").text
    assert "booth pause" in text
    assert "Aération" in text
    assert "prête à" in text
    assert "1 en aération" in text


def test_who_waits_is_told_from_when_rather_than_offered_the_place(smoked, nurse):
    arrive(smoked, 2, route="inh_smoke")
    text = nurse.get("/board/live").text
    assert "Fumée · dès" in text
    assert "</span>Place 5</span>" not in text


def test_it_is_ready_by_itself(smoked, nurse):
    Room.objects.update(airing_minutes=2)
    assert "booth pause" not in nurse.get("/board/live").text


def test_someone_may_sit_there_all_the_same(smoked, nurse):
    visit = ref()
    typed = {"act": "seat", "route": "inh_smoke", "substances": ["crack"], "visit": visit, "booth": ""}
    assert nurse.post("/visits/new", typed).status_code == 302
    assert Visit.objects.get(ref=visit).booth.label == "5"


def test_a_fresh_place_goes_before_one_that_is_aired(smoked, nurse):
    Room.objects.update(routes=[], airing_minutes=8)
    visit = arrive(smoked, 9, booth="1")
    send(smoked, record("visit.aftercare", {"visit": visit}, when=ago(1)))
    arrive(smoked, 2)
    assert "</span>Place 2</span>" in nurse.get("/board/live").text


def test_the_manager_sets_it(site, client):
    room = Room.objects.get(kind="inhalation")
    client.force_login(make_staff("boss", site, role="manager"))
    typed = {"name_fr": "Fumoir", "kind": "inhalation", "routes": ["inh_smoke"], "check_minutes": "10"}
    client.post(f"/setup/rooms/{room.pk}/", {**typed, "airing_minutes": "6"})
    assert Room.objects.get(pk=room.pk).airing_minutes == 6
    client.post(f"/setup/rooms/{room.pk}/", typed)
    assert Room.objects.get(pk=room.pk).airing_minutes == 0
    assert client.post(f"/setup/rooms/{room.pk}/", {**typed, "airing_minutes": "121"}).status_code == 422
