"""Two records that cannot both count, side by side, and what choosing one does."""

import uuid

import pytest

from sites.overdoses.models import OverdoseEvent
from sites.records.models import Record
from sites.trail.models import TrailEntry
from sites.visits.models import Visit
from tests.factories import make_staff, record, ref, send
from tests.visits.test_board import ago, arrive


@pytest.fixture
def lead(site, client):
    client.force_login(make_staff("s01-07", site, role="shift_lead"))
    return client


def kept(**known) -> Record:
    return Record.objects.get(status="conflict", **known)


def page(lead, found: Record) -> str:
    answer = lead.get(f"/review/{found.record_id}/")
    assert answer.status_code == 200
    return answer.text


@pytest.fixture
def seated_twice(site):
    """Two people in booth 1 at the same moment: (who counts, who was kept aside)."""
    make_staff("s01-02", site)
    first, second = arrive(site, 5, booth="1"), arrive(site, 4)
    send(site, record("visit.seated", {"visit": second, "booth": "1"}, when=ago(3), by="s01-02"))
    return first, second


def test_two_seatings_are_told_apart_by_person_hour_and_author(seated_twice, lead):
    text = page(lead, kept())
    assert text.count('<tr class="differs">') == 3
    for words in ("Personne s01-01", "Personne s01-02", '<b class="side">A</b>', '<b class="side">B</b>'):
        assert words in text, words
    numbers = [text.index(f" {n}</td>") for n in (1, 2)]
    assert numbers == sorted(numbers)


def test_keeping_a_settles_and_changes_nothing(site, seated_twice, lead):
    first, second = seated_twice
    lead.post(f"/review/{kept().record_id}/settle")
    assert Visit.objects.get(ref=first).booth.label == "1"
    assert Visit.objects.get(ref=second).booth is None
    assert lead.get(f"/review/{kept().record_id}/").status_code == 404


def test_taking_b_voids_a_with_the_reason_and_seats_the_other(site, seated_twice, lead):
    first, second = seated_twice
    found = kept()
    assert lead.post(f"/review/{found.record_id}/instead").status_code == 302
    assert Visit.objects.get(ref=second).booth.label == "1"
    assert Visit.objects.get(ref=first).state == "waiting"
    assert TrailEntry.objects.filter(action="record.voided", why="une autre saisie a été choisie").exists()
    assert Record.objects.get(pk=found.pk).settled_at is not None


def test_neither_is_touched_when_b_is_still_refused(site, seated_twice, lead):
    first, second = seated_twice
    send(site, record("visit.closed", {"visit": second, "discharge_to": "street"}, when=ago(3.5)))
    found = kept()
    answer = lead.post(f"/review/{found.record_id}/instead", follow=True)
    assert "Toujours refusé" in answer.text
    assert Visit.objects.get(ref=first).booth.label == "1"
    assert Record.objects.get(pk=found.pk).settled_at is None


def test_a_visit_closed_twice_shows_both_ends(site, lead):
    visit = arrive(site, 9)
    for n, where in ((5, "street"), (3, "home")):
        send(site, record("visit.closed", {"visit": visit, "discharge_to": where}, when=ago(n)))
    text = page(lead, kept())
    assert "Rue" in text
    assert "Chez soi" in text
    lead.post(f"/review/{kept().record_id}/instead")
    assert Visit.objects.get(ref=visit).discharge_to == "home"


def test_an_overdose_closed_twice_shows_both_closings(site, lead):
    event = ref()
    send(site, record("overdose.opened", {"event": event, "location": "washroom"}, when=ago(9)))
    closing = {
        "event": event, "presentation": "mixed", "outcome": "recov", "ems_called": "no",
        "endpoint_rr": 12, "endpoint_spo2": 95, "endpoint_awake": "yes",
    }  # fmt: skip
    send(site, record("overdose.closed", closing, when=ago(5)))
    send(site, record("overdose.closed", closing | {"outcome": "transport"}, when=ago(3)))
    assert page(lead, kept()).count('<tr class="differs">') == 2
    lead.post(f"/review/{kept().record_id}/instead")
    assert OverdoseEvent.objects.get(ref=event).outcome == "transport"


def test_one_id_for_two_contents_is_compared_too(site, lead):
    one = record("turnaway.recorded", {"reason": "full", "count": 1})
    send(site, one, one | {"data": {"reason": "full", "count": 2}})
    text = page(lead, kept())
    assert text.count('<tr class="differs">') == 1


def test_what_ran_into_something_since_voided_may_be_taken(site, seated_twice, lead):
    first, second = seated_twice
    seat = Record.objects.get(kind="visit.seated", status="created")
    send(site, record("record.voided", {"target": str(seat.record_id), "reason": "erreur"}))
    text = page(lead, kept())
    assert "a été annulé depuis" in text
    lead.post(f"/review/{kept().record_id}/instead")
    assert Visit.objects.get(ref=second).booth.label == "1"


def test_the_list_leads_to_the_comparison(site, seated_twice, lead):
    assert f"/review/{kept().record_id}/" in lead.get("/review/").text


def test_it_takes_the_right_to_review(site, seated_twice, client):
    client.force_login(make_staff("s01-03", site, role="security"))
    found = kept()
    assert client.get(f"/review/{found.record_id}/").status_code == 403
    assert client.post(f"/review/{found.record_id}/instead").status_code == 403


def test_what_is_not_kept_is_not_there(site, lead):
    assert lead.get(f"/review/{uuid.uuid4()}/").status_code == 404
    assert lead.post(f"/review/{uuid.uuid4()}/instead").status_code == 404
