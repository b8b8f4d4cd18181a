import re

import pytest

from sites.overdoses.models import ResponseStep
from sites.records.models import Record
from tests.factories import ref
from tests.overdoses.tapping import ANSWERS, begin, tap, url


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
