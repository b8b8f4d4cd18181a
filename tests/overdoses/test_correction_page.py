from datetime import timedelta

import pytest
from django.utils import timezone

from sites.naloxone.queries import on_hand
from sites.overdoses.models import NaloxoneDose, ResponseStep
from sites.records.models import Record
from tests.factories import record, ref, send
from tests.overdoses.story import Shelf
from tests.overdoses.tapping import begin, give, stocked, tap, url


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
