import pytest

from sites.naloxone.queries import on_hand
from sites.overdoses.models import NaloxoneDose
from sites.records.models import Record
from tests.factories import ref
from tests.overdoses.story import make_protocol
from tests.overdoses.tapping import begin, give, stocked, url


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
