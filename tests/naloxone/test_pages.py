import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from sites.naloxone.models import Lot
from sites.naloxone.queries import on_hand
from sites.people.models import Staff
from sites.records.models import Record
from tests.factories import make_staff, record, ref, send
from tests.overdoses.story import Shelf

BOX = {"product": "nal-in-4", "lot_code": "24-118", "expiry": "2099-09", "quantity": "12"}


@pytest.fixture
def nurse(site, client):
    client.force_login(Staff.objects.get(code="s01-01"))
    return client


@pytest.fixture
def lot(site, nurse) -> Lot:
    nurse.post("/stock/receive/", {**BOX, "record_id": ref(), "lot": ref()})
    return Lot.objects.get()


def units(site, lot) -> int:
    return on_hand(site)[lot.ref]


def test_a_lot_is_received_with_a_month_alone(site, nurse, lot):
    assert (lot.lot_code, lot.expiry, units(site, lot)) == ("24-118", date(2099, 9, 30), 12)
    page = nurse.get("/stock/").content.decode()
    assert "24-118" in page
    assert "Lot reçu." in page


def test_a_doubled_receipt_is_one(site, nurse):
    posted = {**BOX, "record_id": ref(), "lot": ref()}
    for _ in range(2):
        assert nurse.post("/stock/receive/", posted).status_code == 302
    assert set(on_hand(site).values()) == {12}


def test_a_number_already_known_joins_its_lot(site, nurse, lot):
    nurse.post("/stock/receive/", {**BOX, "quantity": "3", "record_id": ref(), "lot": ref()})
    assert Lot.objects.count() == 1
    assert units(site, lot) == 15


def test_a_known_number_with_another_expiry_is_refused_in_words(nurse, lot):
    answer = nurse.post("/stock/receive/", {**BOX, "expiry": "2098-01", "record_id": ref(), "lot": ref()})
    assert answer.status_code == 422
    assert "avec l’expiration 2099-09-30" in answer.content.decode()
    assert not Record.objects.exclude(status="created").exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"quantity": "0"},
        {"quantity": "douze"},
        {"quantity": "1e9"},
        {"expiry": "bientôt"},
        {"expiry": "2027-13"},
        {"product": "autre"},
        {"lot_code": ""},
        {"lot_code": "a\x00b"},
        {"lot_code": "x" * 41},
    ],
)
def test_a_bad_box_comes_back_as_typed(nurse, bad):
    answer = nurse.post("/stock/receive/", {**BOX, "record_id": ref(), **bad})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "error-box" in page
    assert "24-118" in page or "lot_code" in bad
    assert not Lot.objects.exists()


@pytest.mark.parametrize(
    ("move", "quantity", "left"), [("wasted", "2", 10), ("returned", "1", 13), ("adjusted", "-4", 8)]
)
def test_a_movement_is_noted_and_undone(site, nurse, lot, move, quantity, left):
    posted = {"move": move, "quantity": quantity, "record_id": ref()}
    for _ in range(2):
        assert nurse.post(f"/stock/{lot.ref}/move", posted).status_code == 302
    assert units(site, lot) == left
    nurse.post(f"/records/{posted['record_id']}/void")
    assert units(site, lot) == 12


@pytest.mark.parametrize(
    "bad",
    [{"quantity": "-1"}, {"quantity": "0"}, {"quantity": ""}, {"move": "administered"}, {"move": "vendu"}],
)
def test_a_bad_movement_comes_back_as_typed(site, nurse, lot, bad):
    answer = nurse.post(f"/stock/{lot.ref}/move", {"move": "wasted", "quantity": "1", **bad})
    assert answer.status_code == 422
    assert "error-box" in answer.content.decode()
    assert units(site, lot) == 12


def test_a_count_is_blind_then_says_how_far(site, nurse, lot):
    page = nurse.get(f"/stock/{lot.ref}/count/").content.decode().split("<main")[1]
    told = re.sub(r'value="[^"]*"', "", re.sub(r"[0-9a-f-]{36}", "", page)).replace("24-118", "")
    assert "12" not in told
    assert 'name="quantity" value=""' in page
    nurse.post(f"/stock/{lot.ref}/count/", {"quantity": "10", "record_id": ref()})
    assert "Écart de −2 unités." in nurse.get(f"/stock/{lot.ref}/").content.decode()
    nurse.post(f"/stock/{lot.ref}/count/", {"quantity": "10", "record_id": ref()})
    page = nurse.get(f"/stock/{lot.ref}/").content.decode()
    assert "Le compte est juste." in page
    assert page.count("Compté : 10") >= 2
    assert units(site, lot) == 10


@pytest.mark.parametrize("bad", ["", "-1", "huit", "1.5"])
def test_a_bad_count_comes_back(nurse, lot, bad):
    answer = nurse.post(f"/stock/{lot.ref}/count/", {"quantity": bad})
    assert answer.status_code == 422
    if bad:
        assert f'value="{bad}"' in answer.content.decode()


def test_a_movement_is_voided_with_a_reason(site, nurse, lot):
    nurse.post(f"/stock/{lot.ref}/move", {"move": "wasted", "quantity": "2", "record_id": ref()})
    wasted = Record.objects.get(kind="naloxone.moved")
    received = Record.objects.get(kind="naloxone.received")
    void = f"/stock/{lot.ref}/records/%s/void"
    assert nurse.post(void % wasted.record_id).status_code == 422
    refused = nurse.post(void % received.record_id, {"reason": "erreur"})
    assert refused.status_code == 422
    assert "les annuler d’abord" in refused.content.decode()
    assert nurse.post(void % wasted.record_id, {"reason": "mauvais lot"}).status_code == 302
    assert units(site, lot) == 12
    assert nurse.post(void % received.record_id, {"reason": "erreur"})["Location"] == "/stock/"
    assert not Lot.objects.exists()
    assert nurse.post(void % ref(), {"reason": "x"}).status_code == 404


def test_another_sites_lot_is_not_found_nor_offered(other_site, nurse):
    theirs = Shelf()
    send(other_site, record("naloxone.received", {**theirs.data, "quantity": 3}, by="s02-01"))
    pages = [nurse.get(f"/stock/{theirs.ref}/"), nurse.get(f"/stock/{theirs.ref}/count/")]
    posts = [
        nurse.post(f"/stock/{theirs.ref}/{what}") for what in ("move", "count/", f"records/{ref()}/void")
    ]
    assert [answer.status_code for answer in [*pages, *posts]] == [404] * 5
    assert theirs.ref not in nurse.get("/stock/").content.decode()


def test_who_may_use_and_correct_the_stock(site, client, nurse, lot):
    received = Record.objects.get(kind="naloxone.received")
    client.force_login(make_staff("s01-w", site, role="worker"))
    assert client.get("/stock/").status_code == 200
    assert "Annuler…" not in client.get(f"/stock/{lot.ref}/").content.decode()
    assert (
        client.post(f"/stock/{lot.ref}/records/{received.record_id}/void", {"reason": "x"}).status_code == 403
    )
    client.force_login(make_staff("s01-p", site, role="peer"))
    assert client.get("/stock/").status_code == 403
    assert client.post("/stock/receive/", BOX).status_code == 403


def test_the_page_says_what_to_look_at(site, nurse):
    def box(code, days, **more):
        day = timezone.now().date() + timedelta(days=days)
        shelf = Shelf(lot_code=code, expiry=day.isoformat())
        send(site, record("naloxone.received", {**shelf.data, "quantity": 10}))
        return shelf

    box("soon", 10), box("past", -3)
    under = box("under", 400)
    send(site, record("naloxone.moved", {"lot": under.ref, "move": "wasted", "quantity": 11}))
    page = nurse.get("/stock/").content.decode()
    for words in (
        "expire d’ici 30 jours",
        "expiré ×",
        "sous zéro",
        "Il est sorti plus d’unités",
        "ok ✓",
        "bas −",
    ):
        assert words in page, words
