import re

import pytest

from sites.overdoses.models import ResponseStep
from sites.overdoses.terms import Severity
from tests.factories import ref
from tests.overdoses.tapping import begin, tap, url


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
