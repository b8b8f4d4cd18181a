import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.people.devices import enrol
from sites.people.models import Staff
from sites.places.models import Booth
from tests.factories import make_staff, record, ref, send


def ago(minutes):
    return timezone.now() - timedelta(minutes=minutes)


def arrive(site, minutes=0, route="inj_iv", booth=None, seated=None):
    """A visit that arrived so many minutes ago, declared and seated if asked."""
    visit = ref()
    rows = [record("visit.arrived", {"visit": visit}, when=ago(minutes))]
    if route:
        declared = {"visit": visit, "substances": ["fentanyl"], "route": route}
        rows.append(record("visit.assessed", declared, when=ago(minutes), seq=2))
    if booth:
        when = ago(minutes if seated is None else seated)
        rows.append(record("visit.seated", {"visit": visit, "booth": booth}, when=when, seq=3))
    receipts = send(site, *rows)
    assert {r.status for r in receipts} == {"created"}, receipts
    return visit


def test_the_board_shows_each_state(site, nurse):
    arrive(site, 9)
    arrive(site, 5, booth="1")
    arrive(site, 20, booth="2")
    Booth.objects.filter(label="4").update(out_since=ago(60), out_reason="Lampe brisée")
    text = nurse.get("/").text
    for words in ("9 min", "Place 3", "pour ", "Fentanyl · IV", "À vérifier", "Hors service", "Lampe brisée"):
        assert words in text, words
    assert "booth used due" in text


def test_a_check_makes_the_booth_quiet_again(site, nurse):
    visit = arrive(site, 20, booth="1")
    assert "À vérifier" in nurse.get("/board/live").text
    send(site, record("visit.checked", {"visit": visit}))
    assert "À vérifier" not in nurse.get("/board/live").text


def test_an_overdue_check_has_a_stronger_edge(site, nurse):
    arrive(site, 40, booth="1")
    assert "booth used due overdue" in nurse.get("/board/live").text


def test_each_who_waits_is_offered_another_booth_that_allows_the_route(site, nurse):
    arrive(site, 9, route="inh_smoke")
    arrive(site, 8)
    arrive(site, 7)
    arrive(site, 6, route="inh_smoke")
    arrive(site, 5, route="")
    text = nurse.get("/board/live").text
    assert [n for n in "12345" if f"</span>Place {n}</span>" in text] == ["1", "2", "5"]
    assert "aucune place libre" in text
    assert "À évaluer" in text


def test_after_naloxone_the_board_counts_down(site, nurse):
    visit, event = ref(), ref()
    dose = {"event": event, "product": "nal-in-4", "route": "in", "dose_mg": 4, "given_by": "staff_nurse"}
    send(
        site,
        record("visit.arrived", {"visit": visit}, when=ago(40)),
        record("visit.seated", {"visit": visit, "booth": "1"}, when=ago(39)),
        record("overdose.opened", {"event": event, "location": "booth", "visit": visit}, when=ago(36)),
        record("overdose.dose", dose, when=ago(35)),
        record("visit.aftercare", {"visit": visit}, when=ago(20)),
    )
    text = nurse.get("/board/live").text
    assert "à observer encore 25\u00a0min" in text
    assert "chip rest watch" in text


def test_an_overdose_in_a_booth_has_cut_corners(site, nurse):
    visit = arrive(site, 5, booth="1")
    send(site, record("overdose.opened", {"event": ref(), "location": "booth", "visit": visit}))
    assert "booth alert" in nurse.get("/board/live").text


def test_the_word_follows_the_order_of_arrival(site, nurse):
    first, second = arrive(site, 9), arrive(site, 8)
    words = [
        nurse.get(f"/visits/{visit}/").text.split("<title>")[1].split(" ·")[0] for visit in (first, second)
    ]
    assert [w.split()[-1] for w in words] == ["1", "2"]
    assert words[0].split()[0] != words[1].split()[0]


def test_the_live_board_is_304_until_something_changes(site, nurse):
    tag = nurse.get("/board/live").headers["ETag"]
    assert nurse.get("/board/live", headers={"If-None-Match": tag}).status_code == 304
    arrive(site, 1)
    assert nurse.get("/board/live", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/board/live"])
def test_the_board_costs_few_queries(site, nurse, path):
    for n in range(1, 5):
        arrive(site, n, booth=str(n))
    for n in range(20):
        arrive(site, n)
    nurse.get(path)
    with CaptureQueriesContext(connection) as seen:
        nurse.get(path)
    asked = [q["sql"] for q in seen if "SAVEPOINT" not in q["sql"]]
    assert len(asked) <= 10, asked


def test_who_only_sees_the_board_is_offered_no_act(site, client):
    arrive(site, 3)
    client.force_login(make_staff("guard", site, role="security"))
    text = client.get("/").text
    assert "3 min" in text
    assert "/visits/" not in text
    assert client.get("/visits/new").status_code == 403


def test_another_site_stays_out_of_sight(site, other_site, nurse):
    with acting(sites=[other_site.pk]):
        visit = ref()
        send(other_site, record("visit.arrived", {"visit": visit}, by="s02-01"))
    assert nurse.get(f"/visits/{visit}/").status_code == 404
    assert nurse.post(f"/visits/{visit}/check").status_code == 404


@pytest.fixture
def tablet(site):
    _device, token = enrol(site)
    return {"Authorization": f"Device {token}"}


def test_the_api_tells_the_board_in_the_agreed_shape(site, client, tablet):
    visit = arrive(site, 5, booth="1")
    waiting = arrive(site, 2)
    answer = client.get("/api/v1/board", headers=tablet)
    board = json.loads(answer.content)
    assert list(board) == [
        "site", "as_of", "waiting", "booths", "aftercare", "left", "overdoses", "stock_alerts",
        "stock_expiring",
    ]  # fmt: skip
    assert board["booths"][0]["visit"] == visit
    assert [b["state"] for b in board["booths"]] == ["taken", "free", "free", "free", "free"]
    assert board["waiting"][0]["visit"] == waiting
    assert set(board["booths"][0]) == {"label", "state", "visit", "since", "routes"}


def test_the_api_board_has_an_etag(site, client, tablet):
    tag = client.get("/api/v1/board", headers=tablet).headers["ETag"]
    headers = {**tablet, "If-None-Match": tag}
    assert client.get("/api/v1/board", headers=headers).status_code == 304
    arrive(site)
    assert client.get("/api/v1/board", headers=headers).status_code == 200


def test_the_api_board_needs_a_tablet_that_is_known(site, client):
    assert client.get("/api/v1/board").status_code == 401
    assert client.get("/api/v1/board", headers={"Authorization": "Device no"}).status_code == 401


def test_staff_is_active_or_outside(site, client):
    client.force_login(Staff.objects.get(code="s01-01"))
    Staff.objects.update(is_active=False)
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(("role", "address"), [("ph_reader", "releases"), ("privacy_officer", "releases")])
def test_who_has_no_board_begins_elsewhere(db, client, role, address):
    client.force_login(make_staff("far", role=role))
    assert client.get("/").url == reverse(address)
