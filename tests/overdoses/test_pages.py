import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from sites.naloxone.queries import on_hand
from sites.overdoses.models import NaloxoneDose, OverdoseEvent, ResponseStep
from sites.overdoses.terms import Severity
from sites.records.models import Record
from tests.factories import make_staff, record, ref, send
from tests.overdoses.story import Shelf, make_protocol

ANSWERS = {
    "presentation": "opioid_resp_depression",
    "outcome": "recov",
    "ems_called": "no",
    "endpoint_rr": "14",
    "endpoint_spo2_na": "1",
    "endpoint_awake": "yes",
}


def begin(client, **more) -> OverdoseEvent:
    answer = client.post("/overdoses/start", {"event": ref(), "record_id": ref(), **more})
    assert answer.status_code == 302, answer.content
    return OverdoseEvent.objects.get(ref=answer["Location"].split("/")[-2])


def url(event, what: str = "") -> str:
    return f"/overdoses/{event.ref}/{what}"


def tap(client, event, step: str, **more):
    return client.post(url(event, "steps"), {"record_id": ref(), "step": step, **more})


def give(client, event, product="nal-in-4", **more):
    return client.post(url(event, "doses"), {"record_id": ref(), "product": product, **more})


def stocked(site, product="nal-in-4", quantity=5) -> Shelf:
    shelf = Shelf(product, expiry="2099-01")
    now = timezone.now() - timedelta(hours=1)
    send(site, record("naloxone.received", {**shelf.data, "quantity": quantity}, when=now))
    return shelf


# --- Starting -----------------------------------------------------------------------------


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


# --- Steps --------------------------------------------------------------------------------


def test_a_tap_is_a_step_and_a_doubled_tap_the_same_one(nurse):
    event, posted = begin(nurse), {"record_id": ref(), "step": "stimulation"}
    for _ in range(2):
        assert nurse.post(url(event, "steps"), posted)["Location"] == url(event)
    assert ResponseStep.objects.count() == 1
    assert "Stimulation" in nurse.get(url(event)).content.decode()


def button(page: str, key: str) -> dict:
    """The hidden fields of the form whose button has this key."""
    form = next(f for f in re.findall(r"<form.*?</form>", page, re.S) if f'data-key="{key}"' in f)
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


def test_oxygen_starts_and_stops_with_the_same_button(nurse):
    event = begin(nurse)
    steps = []
    for _ in range(3):
        fields = button(nurse.get(url(event)).content.decode(), "oxygen")
        steps.append(fields["step"])
        nurse.post(url(event, "steps"), fields)
    assert steps == ["oxygen_start", "oxygen_stop", "oxygen_start"]
    event.refresh_from_db()
    assert event.severity == Severity.OXYGEN


def test_every_button_of_the_page_writes_a_step(nurse):
    event = begin(nurse)
    page = nurse.get(url(event)).content.decode()
    for key in ("stimulation-", "airway-", "oxygen", "bvm", "call_911", "ems", "airway-position", "cpr_aed-"):
        nurse.post(url(event, "steps"), button(page, key))
    told = {(step.step, step.choice) for step in ResponseStep.objects.all()}
    assert told == {
        ("stimulation", ""), ("airway", ""), ("oxygen_start", ""), ("bvm", ""), ("call_911", "called"),
        ("ems_arrival", ""), ("airway", "position"), ("cpr_aed", ""),
    }  # fmt: skip
    assert nurse.get(url(event)).content.decode().count("step done") >= 5


@pytest.mark.parametrize(("sent", "kept"), [("88", 88), ("36,5", 36.5), ("12.345", 12.34), ("9999", 9999)])
def test_a_measure_is_kept_with_a_comma_or_a_point(nurse, sent, kept):
    event = begin(nurse)
    tap(nurse, event, "vitals", measure="spo2", typed=sent)
    assert float(ResponseStep.objects.get().value) == kept


def test_an_odd_measure_is_kept_and_said_to_be_confirmed(nurse):
    event = begin(nurse)
    tap(nurse, event, "vitals", measure="spo2", value="12")
    assert "à confirmer" in nurse.get(url(event)).content.decode()


def test_a_measure_that_is_no_number_comes_back_as_typed(nurse):
    event = begin(nurse)
    answer = tap(nurse, event, "vitals", measure="spo2", typed="quatre-vingt")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="quatre-vingt"' in page
    assert "Écrire un nombre" in page
    assert not ResponseStep.objects.exists()


@pytest.mark.parametrize("typed", ["", "NaN", "Infinity", "1e400", "\x00", "-", "99999999999999"])
def test_what_cannot_be_a_measure_is_told_in_words(nurse, typed):
    event = begin(nurse)
    answer = nurse.post(
        url(event, "steps"),
        {"record_id": ref(), "step": "vitals", "measure": "rr", "typed": typed},
        headers={"X-Fragment": "1"},
    )
    assert answer.status_code in (200, 422)
    assert 'class="note error"' in answer.content.decode()


def test_a_script_gets_the_live_parts_back_with_new_ids(nurse):
    event = begin(nurse)
    posted = {"record_id": ref(), "step": "stimulation"}
    answer = nurse.post(url(event, "steps"), posted, headers={"X-Fragment": "1"})
    page = answer.content.decode()
    assert answer.headers["X-Fragment"] == "live"
    assert 'data-live="log"' in page
    assert "<html" not in page
    assert posted["record_id"] not in button(page, "stimulation-").values()


def test_other_tablets_ask_and_hear_only_what_is_new(nurse):
    event = begin(nurse)
    first = nurse.get(url(event, "live"))
    again = nurse.get(url(event, "live"), headers={"If-None-Match": first["ETag"]})
    tap(nurse, event, "stimulation")
    after = nurse.get(url(event, "live"), headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, after.status_code) == (200, 304, 200)
    assert "Stimulation" in after.content.decode()


def test_the_recorder_stays_cheap(nurse, django_assert_max_num_queries):
    event = begin(nurse)
    for _ in range(15):
        tap(nurse, event, "stimulation")
    with django_assert_max_num_queries(22):
        nurse.get(url(event, "live"))


# --- Doses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "giver"), [("nurse", "staff_nurse"), ("peer", "peer_worker"), ("worker", "staff_other")]
)
def test_a_dose_takes_the_lot_that_expires_first_and_its_giver_from_the_role(site, signed_in, role, giver):
    shelf, client = stocked(site), signed_in(role)
    event = begin(client)
    give(client, event)
    dose = NaloxoneDose.objects.get()
    assert (dose.given_by, dose.route, dose.dose_mg, dose.lot_ref) == (giver, "in", 4, shelf.key)
    assert on_hand(site)[shelf.key] == 4
    assert "reste 4" in client.get(url(event)).content.decode()


def test_a_doubled_dose_is_one(site, nurse):
    shelf, posted = stocked(site), {"record_id": ref(), "product": "nal-in-4"}
    event = begin(nurse)
    for _ in range(2):
        nurse.post(url(event, "doses"), posted)
    assert on_hand(site)[shelf.key] == 4


def test_an_empty_stock_never_blocks_and_says_to_count(site, nurse):
    stocked(site, quantity=1)
    event = begin(nurse)
    give(nurse, event)
    assert "Stock à recompter" not in nurse.get(url(event)).content.decode()
    give(nurse, event)
    assert "Noté. Stock à recompter." in nurse.get(url(event)).content.decode()
    assert NaloxoneDose.objects.count() == 2


def test_a_dose_with_no_lot_at_all_is_kept_and_flagged(nurse):
    event = begin(nurse)
    answer = nurse.post(url(event, "doses"), {"product": "nal-im-0.4"}, headers={"X-Fragment": "1"})
    assert "Noté. Stock à recompter." in answer.content.decode()
    assert Record.objects.get(kind="overdose.dose").flags == ["no_lot"]


def test_the_countdown_and_the_aim_appear_only_with_a_protocol(site, nurse):
    event = begin(nurse)
    give(nurse, event)
    assert "Prochaine dose possible" not in nurse.get(url(event)).content.decode()
    assert "pas s’éveiller" not in nurse.get(url(event)).content.decode()
    make_protocol(site, intervals={"nal-in-4": {"in": 150}}, goal_fr="Le but : respirer, pas s’éveiller.")
    page = nurse.get(url(event)).content.decode()
    assert "Prochaine dose possible" in page
    assert "protocole 2:30" in page
    assert "pas s’éveiller" in page
    assert "Protocole v2, 3 mars 2026, médecin responsable" in page


# --- Place, undo, correction --------------------------------------------------------------


def test_the_place_is_told_later_and_brings_who_sits_there(site, nurse):
    visit = ref()
    send(
        site,
        record("visit.arrived", {"visit": visit}),
        record("visit.seated", {"visit": visit, "booth": "2"}),
    )
    event = begin(nurse)
    nurse.post(url(event, "place"), {"record_id": ref(), "place": "booth:2"})
    event.refresh_from_db()
    assert (event.location, event.booth, str(event.visit_ref)) == ("booth", "2", visit)
    nurse.post(url(event, "place"), {"record_id": ref(), "place": "perimeter"})
    event.refresh_from_db()
    assert (event.location, event.booth, event.outside) == ("perimeter", "", True)
    nurse.post(url(event, "place"), {"record_id": ref(), "person": "unknown"})
    event.refresh_from_db()
    assert (event.visit_ref, event.person) == (None, "unknown")


def test_undo_takes_the_last_step_back_once(nurse):
    event = begin(nurse)
    tap(nurse, event, "cpr_aed")
    step = ResponseStep.objects.get()
    undo = url(event, f"records/{step.record_id}/undo")
    assert nurse.post(undo).status_code == 302
    assert not ResponseStep.objects.exists()
    assert nurse.post(undo).status_code == 404


def test_the_opening_is_no_step_to_undo(nurse):
    event = begin(nurse)
    opening = Record.objects.get(kind="overdose.opened").record_id
    assert nurse.post(url(event, f"records/{opening}/undo")).status_code == 404
    remove = nurse.post(url(event, f"records/{opening}/"), {"remove": "1", "reason": "mauvais bouton"})
    assert remove.status_code == 404


def correction(event, row, **changes) -> tuple[str, dict]:
    posted = {"record_id": ref(), "time": "0:00", "reason": "valeur précisée", **changes}
    return url(event, f"records/{row.record_id}/"), posted


def test_a_dose_is_corrected_whole(site, nurse):
    nasal, vials = stocked(site), stocked(site, "nal-im-0.4")
    event = begin(nurse, at=(timezone.now() - timedelta(minutes=5)).isoformat())
    give(nurse, event)
    dose = NaloxoneDose.objects.get()
    page, posted = correction(
        event,
        dose,
        time="2:50",
        product="nal-im-0.4",
        route="im",
        dose_mg="0,8",
        given_by="peer_worker",
        lot=vials.ref,
    )
    assert nurse.get(page).status_code == 200
    assert nurse.post(page, posted).status_code == 302
    dose = NaloxoneDose.objects.get()
    assert (dose.route, str(dose.dose_mg), dose.given_by) == ("im", "0.80", "peer_worker")
    assert (dose.at - event.opened_at).total_seconds() == 170
    assert on_hand(site) == {nasal.key: 5, vials.key: 3}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"time": "bientôt"}, "comme 2:50"),
        ({"time": "9:00"}, "pas encore venue"),
        ({"time": "−26:00:00"}, "plus d’un jour"),
        ({"value": "beaucoup"}, ""),
        ({"reason": ""}, "Dire pourquoi"),
        ({"reason": "other"}, "Dire pourquoi"),
        ({"value": "88", "time": "0:00"}, "Rien n’a changé"),
    ],
)
def test_a_correction_that_cannot_be_comes_back_as_typed(nurse, changes, words):
    event = begin(nurse)
    tap(nurse, event, "vitals", measure="spo2", value="88")
    step = ResponseStep.objects.get()
    page, posted = correction(event, step, **{"value": "77", **changes})
    answer = nurse.post(page, posted)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert f'value="{posted["value"]}"' in text
    assert ResponseStep.objects.get().value == 88


def test_a_lot_of_another_product_or_site_is_not_taken(site, other_site, nurse):
    vials, theirs = stocked(site, "nal-im-0.4"), Shelf(expiry="2099-01")
    send(other_site, record("naloxone.received", {**theirs.data, "quantity": 3}, by="s02-01"))
    event = begin(nurse)
    give(nurse, event)
    dose = NaloxoneDose.objects.get()
    for lot in (vials.ref, theirs.ref):
        page, posted = correction(
            event, dose, product="nal-in-4", route="in", dose_mg="4", given_by="staff_nurse", lot=lot
        )
        assert nurse.post(page, posted).status_code == 422
    assert theirs.ref not in nurse.get(page).content.decode()


def test_a_line_is_taken_out_with_a_reason(nurse):
    event = begin(nurse)
    tap(nurse, event, "stimulation")
    step = ResponseStep.objects.get()
    page, _posted = correction(event, step)
    assert nurse.post(page, {"remove": "1"}).status_code == 422
    assert nurse.post(page, {"remove": "1", "reason": "other", "reason_text": "C’était Q"}).status_code == 302
    assert not ResponseStep.objects.exists()
    assert Record.objects.get(kind="record.voided").data["reason"] == "C’était Q"


# --- Closing ------------------------------------------------------------------------------


def test_closing_asks_four_answers_and_keeps_what_is_given(nurse):
    event = begin(nurse)
    tap(nurse, event, "oxygen_start")
    partial = {k: v for k, v in ANSWERS.items() if k != "endpoint_awake"}
    answer = nurse.post(url(event, "close/"), partial)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Il manque une réponse." in page
    assert 'href="#q-endpoint_awake"' in page
    assert re.search(r'value="opioid_resp_depression" checked', page)
    assert re.search(r'name="endpoint_rr" value="14"', page)
    event.refresh_from_db()
    assert event.closed_at is None
    assert nurse.post(url(event, "close/"), ANSWERS).status_code == 302
    event.refresh_from_db()
    assert (event.endpoint_rr, event.endpoint_spo2, event.endpoint_awake) == ("14", "not_assessed", "yes")
    assert event.reversal


@pytest.mark.parametrize(
    ("calls", "checked"),
    [([], "no"), (["called"], "yes"), (["called", "cancelled"], "cancelled"), (["not_called"], "no")],
)
def test_911_is_filled_from_the_steps(nurse, calls, checked):
    event = begin(nurse)
    for choice in calls:
        tap(nurse, event, "call_911", choice=choice)
    page = nurse.get(url(event, "close/")).content.decode()
    assert re.search(rf'name="ems_called" value="{checked}" checked', page)


def test_a_cancelled_call_was_a_call(nurse):
    event = begin(nurse)
    nurse.post(url(event, "close/"), {**ANSWERS, "ems_called": "cancelled"})
    event.refresh_from_db()
    assert (event.ems_called, event.ems_calls) == ("yes", 1)


@pytest.mark.parametrize("bad", ["quatorze", "-1", "999", "14,5", "\x00"])
def test_an_endpoint_that_is_no_number_comes_back(nurse, bad):
    event = begin(nurse)
    assert nurse.post(url(event, "close/"), {**ANSWERS, "endpoint_rr": bad}).status_code == 422


def test_a_doubled_closing_is_one(nurse):
    event, posted = begin(nurse), {**ANSWERS, "record_id": ref()}
    nurse.post(url(event, "close/"), posted)
    again = nurse.post(url(event, "close/"), posted)
    assert again.status_code in (302, 422)
    assert Record.objects.filter(kind="overdose.closed").count() == 1


def test_a_closed_event_reads_and_is_corrected_by_who_may(site, nurse, signed_in):
    event = begin(nurse)
    tap(nurse, event, "stimulation")
    nurse.post(url(event, "close/"), ANSWERS)
    page = nurse.get(url(event)).content.decode()
    assert "Calculé pour vous" in page
    assert "data-tap" not in page
    assert nurse.post(url(event, "close/"), {**ANSWERS, "outcome": "transport"}).status_code == 422
    corrected = {**ANSWERS, "outcome": "transport", "reason": "valeur précisée"}
    assert nurse.post(url(event, "close/"), corrected).status_code == 302
    event.refresh_from_db()
    assert event.outcome == "transport"
    worker = signed_in("worker")
    step = ResponseStep.objects.get()
    assert worker.get(url(event)).status_code == 200
    assert worker.post(url(event, "close/"), corrected).status_code == 403
    assert worker.get(url(event, f"records/{step.record_id}/")).status_code == 403
    assert worker.post(url(event, f"records/{step.record_id}/undo")).status_code == 403


def test_a_step_on_a_closed_event_is_kept_once_for_a_person(nurse):
    event, posted = begin(nurse), {"record_id": ref(), "step": "stimulation"}
    nurse.post(url(event, "close/"), ANSWERS)
    for _ in range(2):
        nurse.post(url(event, "steps"), posted)
        assert "déjà fermé" in nurse.get(url(event)).content.decode()
    assert Record.objects.filter(status="conflict").count() == 1
    assert not ResponseStep.objects.exists()


def test_a_death_is_told_to_who_manages_the_site(site, nurse, signed_in):
    event = begin(nurse)
    nurse.post(url(event, "close/"), {**ANSWERS, "outcome": "death_site"})
    page = nurse.get(url(event)).content.decode()
    assert "gestionnaire du site est avisé" in page
    assert "Décès noté" not in page
    assert "Décès noté" in signed_in("manager").get("/overdoses/").content.decode()


# --- False alarm, list, running bar -------------------------------------------------------


def test_a_false_alarm_leaves_nothing_counted(nurse):
    event = begin(nurse)
    tap(nurse, event, "stimulation")
    tap(nurse, event, "oxygen_start")
    assert nurse.get(url(event, "false-alarm/")).status_code == 200
    assert nurse.post(url(event, "false-alarm/")).status_code == 302
    assert not OverdoseEvent.objects.exists()
    assert Record.objects.filter(kind="record.voided").count() == 3


def test_a_dose_is_no_false_alarm_until_it_is_taken_back(nurse):
    event = begin(nurse)
    give(nurse, event)
    answer = nurse.post(url(event, "false-alarm/"))
    assert answer.status_code == 422
    assert "Une dose est notée" in answer.content.decode()
    nurse.post(url(event, f"records/{NaloxoneDose.objects.get().record_id}/undo"))
    assert nurse.post(url(event, "false-alarm/")).status_code == 302


def test_every_page_says_that_one_is_running(nurse):
    assert "Rejoindre" not in nurse.get("/overdoses/").content.decode()
    event = begin(nurse, booth="4")
    page = nurse.get("/").content.decode()
    assert "Surdose en cours · place 4" in page
    assert url(event) in page
    nurse.post(url(event, "close/"), ANSWERS)
    assert "Surdose en cours" not in nurse.get("/").content.decode()


def test_the_list_has_the_open_ones_first(site, nurse):
    old, closed = ref(), ref()
    long_ago = timezone.now() - timedelta(days=45)
    send(site, record("overdose.opened", {"event": old, "location": "washroom"}, when=long_ago))
    send(site, record("overdose.opened", {"event": closed, "location": "entrance"}, when=long_ago))
    end = {"event": closed, **ANSWERS, "endpoint_spo2": "97"}
    del end["endpoint_spo2_na"]
    send(site, record("overdose.closed", end, when=long_ago + timedelta(minutes=9)))
    recent = begin(nurse)
    nurse.post(url(recent, "close/"), ANSWERS)
    page = nurse.get("/overdoses/").content.decode().split("<main")[1]
    assert page.index(old) < page.index(str(recent.ref))
    assert closed not in page


def test_it_speaks_english_to_who_reads_english(site, client):
    staff = make_staff("s01-en", site, role="nurse")
    staff.language = "en"
    staff.save()
    client.force_login(staff)
    event = begin(client)
    assert client.get(url(event)).headers["Content-Language"] == "en"
