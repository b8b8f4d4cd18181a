import time_machine

from sites.records.models import Record
from sites.records.stories import story_of
from sites.visits.models import Visit
from tests.factories import at, make_staff, record, ref, send
from tests.visits.test_board import arrive


def act(client, visit, name, **typed):
    return client.post(f"/visits/{visit}/{name}", {"record_id": ref()} | typed)


def test_a_visit_is_walked_from_the_sheet(site, nurse):
    visit = arrive(site, 10)
    assert act(nurse, visit, "seat", booth="2").status_code == 302
    assert act(nurse, visit, "check").status_code == 302
    assert act(nurse, visit, "round", substances=["fentanyl"], route="inj_iv").status_code == 302
    assert act(nurse, visit, "seat", booth="3").status_code == 302
    assert act(nurse, visit, "rest").status_code == 302
    assert act(nurse, visit, "leave", discharge_to="street").status_code == 302
    row = Visit.objects.get(ref=visit)
    assert (row.state, row.consumed, row.discharge_to, row.stays.count()) == ("closed", True, "street", 2)
    assert "Rue" in nurse.get(f"/visits/{visit}/").text


def test_leaving_without_using_asks_why(site, nurse):
    visit = arrive(site, 10)
    assert act(nurse, visit, "left").status_code == 422
    assert act(nurse, visit, "left", reason="wait_too_long").status_code == 302
    assert Visit.objects.get(ref=visit).left_reason == "wait_too_long"


def test_a_booth_that_does_not_allow_the_route_is_refused(site, nurse):
    visit = arrive(site, 10, route="inh_smoke")
    page = act(nurse, visit, "seat", booth="1")
    assert page.status_code == 422
    assert "Cette place n’accepte pas cette voie." in page.text
    assert not Record.objects.filter(kind="visit.seated").exists()


def test_a_closed_visit_takes_no_more_acts(site, nurse):
    visit = arrive(site, 10)
    act(nurse, visit, "leave", discharge_to="home")
    page = act(nurse, visit, "check")
    assert page.status_code == 422
    assert "déjà fermée" in page.text


def test_an_act_that_does_not_exist_is_not_found(site, nurse):
    assert act(nurse, arrive(site, 1), "vanish").status_code == 404


@time_machine.travel("2026-11-20 22:00Z", tick=False)
def test_nothing_happens_before_the_arrival(site, nurse):
    visit = arrive(site, 10)
    page = act(nurse, visit, "rest", time="16 h 30")
    assert page.status_code == 422
    assert "avant l’arrivée" in page.text
    assert act(nurse, visit, "rest", time="16:55").status_code == 302
    assert Visit.objects.get(ref=visit).aftercare_at == at("2026-11-20 21:55")


def test_next_morning_a_closed_visit_is_found_and_corrected(site, nurse):
    with time_machine.travel("2026-11-20 22:00Z", tick=False):
        visit = arrive(site, 10, booth="1")
        send(site, record("visit.closed", {"visit": visit, "discharge_to": "home"}))
    with time_machine.travel("2026-11-21 15:00Z", tick=False):
        assert f"/visits/{visit}/" in nurse.get("/visits/?day=2026-11-20").text
        seated = Record.objects.get(kind="visit.seated")
        address = f"/records/{seated.record_id}/correct"
        page = nurse.get(address)
        assert 'value="2026-11-20"' in page.text
        assert 'value="16:50"' in page.text
        typed = {"day": "2026-11-20", "time": "16:55", "booth": "2", "why": "Erreur de place"}
        assert nurse.post(address, {"record_id": ref()} | typed).status_code == 302
    row = Visit.objects.get(ref=visit)
    assert row.seated_at == at("2026-11-20 21:55")
    assert row.stays.get().booth.label == "2"
    correction = Record.objects.get(kind="record.corrected")
    assert set(correction.data["data"]) == {"booth", "occurred_at"}
    assert "Erreur de place" in nurse.get(f"/visits/{visit}/").text


def test_a_correction_needs_a_reason_and_a_change(site, nurse):
    visit = arrive(site, 10, booth="1")
    seated = Record.objects.get(kind="visit.seated")
    address = f"/records/{seated.record_id}/correct"
    page = nurse.post(address, {"booth": "2"})
    assert page.status_code == 422
    assert "Dire pourquoi" in page.text
    page = nurse.post(address, {"booth": "1", "why": "rien"})
    assert "Rien n’a changé." in page.text
    page = nurse.post(address, {"booth": "1", "time": "25:99", "why": "heure"})
    assert page.status_code == 422
    assert story_of(site, Visit.objects.get(ref=visit).ref)[-1].data["booth"] == "1"


def test_a_record_is_withdrawn_with_a_reason(site, nurse):
    visit = arrive(site, 10, booth="1")
    seated = Record.objects.get(kind="visit.seated")
    address = f"/records/{seated.record_id}/withdraw"
    assert nurse.post(address, {"why": ""}).status_code == 422
    assert nurse.post(address, {"why": "Mauvaise personne"}).status_code == 302
    assert Visit.objects.get(ref=visit).state == "waiting"
    assert nurse.get(f"/records/{seated.record_id}/correct").status_code == 404


def test_an_arrival_with_a_story_stays(site, nurse):
    arrive(site, 10, booth="1")
    arrived = Record.objects.get(kind="visit.arrived")
    page = nurse.post(f"/records/{arrived.record_id}/withdraw", {"why": "x"})
    assert page.status_code == 422
    assert "D’autres saisies en dépendent" in page.text


def test_undo_is_for_a_minute_and_for_oneself(site, nurse, client):
    arrive(site, 10, booth="1")
    seated = Record.objects.get(kind="visit.seated")
    with time_machine.travel(seated.received_at.timestamp() + 61):
        nurse.post(f"/records/{seated.record_id}/void")
    assert not Record.objects.filter(kind="record.voided").exists()
    client.force_login(make_staff("s01-09", site))
    client.post(f"/records/{seated.record_id}/void")
    assert not Record.objects.filter(kind="record.voided").exists()


def test_a_worker_may_not_correct(site, client):
    arrive(site, 10, booth="1")
    seated = Record.objects.get(kind="visit.seated")
    client.force_login(make_staff("s01-08", site, role="worker"))
    assert client.get(f"/records/{seated.record_id}/correct").status_code == 403
    assert client.get("/visits/").status_code == 403


def test_a_day_that_cannot_be_read_is_today(site, nurse):
    assert nurse.get("/visits/?day=2026-99-99").status_code == 200
