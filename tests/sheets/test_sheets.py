"""Blank sheets, and typing them in afterwards: in the sheet's order, each line at its own time."""

import re
from datetime import timedelta

import pytest
import time_machine

from sites.logbook.models import ServiceGiven
from sites.naloxone.models import Lot
from sites.naloxone.queries import on_hand
from sites.overdoses.models import OverdoseEvent
from sites.places.queries import local
from sites.records.models import Record
from sites.sheets.catalogue import SHEETS
from sites.supplies.models import SupplyAct
from sites.visits.models import TurnAway, Visit
from tests.factories import at, record, ref, send

DAY = "2026-11-20"


@pytest.fixture(autouse=True)
def days_later():
    """The network was away for two days: it is noon in Montréal, and the site is closed."""
    with time_machine.travel(at("2026-11-22 17:00"), tick=True):
        yield


def row(number, **cells) -> dict:
    return {f"{number}-{name.replace('__', '-')}": value for name, value in cells.items()}


def hours(site, instant) -> str:
    return f"{local(site, instant):%d %H:%M}"


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_sheet_prints_its_columns_in_the_order_in_which_they_are_typed(signed_in, sheet):
    client = signed_in("manager")
    printed = client.get(f"/sheets/{sheet}/blank").content.decode()
    typed = client.get(f"/sheets/{sheet}/").content.decode()
    heads = [re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page) for page in (printed, typed)]
    assert heads[0] == heads[1]
    assert len(heads[0]) >= len(SHEETS[sheet].columns)
    inputs = re.findall(r'name="1-([a-z_]+)', typed) if not SHEETS[sheet].fixed else []
    order = [column.name for column in SHEETS[sheet].columns]
    assert [name for name in dict.fromkeys(inputs) if name != "ref"] == (order if inputs else [])
    assert "csrfmiddlewaretoken" not in printed.partition("<main")[2].partition("</main>")[0]


def test_a_row_of_visits_is_the_records_of_a_visit_at_their_own_times(site, signed_in):
    client = signed_in("worker")
    visit = ref()
    first = row(1, ref=visit, time="21 h 05", route="inj_iv", booth="2", seated="21:10", left="0130",
                discharge_to="street", age_band="30_39") | {"1-substances-0": "fentanyl"}  # fmt: skip
    second = row(2, ref=ref(), time="23:50", left="0 h 20", left_reason="wait_too_long")
    for _twice in range(2):
        assert client.post("/sheets/visits/", {"day": DAY} | first | second).status_code == 302
    assert Visit.objects.at(site).count() == 2
    told = Visit.objects.at(site).get(ref=visit)
    assert [hours(site, t) for t in (told.arrived_at, told.seated_at, told.ended_at)] == [
        "20 21:05", "20 21:10", "21 01:30",
    ]  # fmt: skip
    assert (told.consumed, told.discharge_to, str(told.service_date)) == (True, "street", DAY)
    records = Record.objects.at(site)
    assert {tuple(r.flags) for r in records} == {("paper",)}
    assert {r.by for r in records} == {"s01-worker"}
    assert all(r.entered_at - r.occurred_at > timedelta(hours=24) for r in records)
    page = client.get(f"/visits/{visit}/").content.decode()
    assert "d’une feuille, saisie le" in page


def test_all_of_a_sheet_or_none_and_the_cell_that_is_wrong_is_named(site, signed_in):
    client = signed_in("worker")
    good = row(1, ref=ref(), time="21:00", kind="wound", placement="in_scs")
    later = client.post("/sheets/services/", {"day": DAY} | good | row(2, time="25:00", kind="wound"))
    page = later.content.decode()
    assert later.status_code == 422
    assert not ServiceGiven.objects.at(site).exists()
    assert 'name="1-time" value="21:00"' in page
    assert re.search(r'id="id_2-time"[^>]*aria-invalid="true"', page)
    assert re.search(r'<select[^>]*id="id_2-placement"[^>]*aria-invalid="true"', page)
    tomorrow = client.post("/sheets/services/", {"day": "2026-11-23"} | good)
    assert tomorrow.status_code == 422
    not_yet = client.post("/sheets/services/", {"day": "2026-11-22"} | good)
    assert "Cette heure n’est pas encore venue" in not_yet.content.decode()


def test_what_the_house_refuses_is_said_beside_its_row(site, signed_in):
    smoked = row(3, ref=ref(), time="21:00", route="inh_smoke", booth="1") | {"3-substances-0": "crack"}
    answer = signed_in("worker").post("/sheets/visits/", {"day": DAY} | smoked)
    assert answer.status_code == 422
    assert re.search(r'id="id_3-booth"[^>]*aria-invalid="true"', answer.content.decode())
    assert not Record.objects.at(site).exists()


def test_an_overdose_is_typed_with_its_timeline(site, signed_in):
    lot = ref()
    received = {"lot": lot, "product": "nal-im-0.4", "lot_code": "A1", "expiry": "2030-01", "quantity": 10}
    send(site, record("naloxone.received", received, when=at("2026-11-01 12:00")))
    event = ref()
    head = {
        "day": DAY, "ref": event, "head-time": "23:50", "head-location": "booth", "head-booth": "3",
        "head-presentation": "opioid_resp_depression", "head-outcome": "recov", "head-ems_called": "yes",
        "head-endpoint_rr": "14", "head-ended": "0:40", "head-substances_believed-0": "fentanyl",
    }  # fmt: skip
    lines = (
        row(1, time="23:50", what="step:stimulation")
        | row(2, time="23:52", what="measure:spo2", value="84")
        | row(3, time="23:55", what="dose:nal-im-0.4", given_by="staff_nurse", lot=lot)
        | row(4, time="0:02", what="step:call_911")
    )
    client = signed_in("worker")
    early = client.post("/sheets/overdose/", head | row(1, time="23:40", what="step:stimulation"))
    assert early.status_code == 422
    for _twice in range(2):
        assert client.post("/sheets/overdose/", head | lines).status_code == 302
    told = OverdoseEvent.objects.at(site).get()
    assert (told.outcome, told.doses_staff, told.ems_calls, told.believed) == ("recov", 1, 1, ["fentanyl"])
    assert (hours(site, told.opened_at), hours(site, told.closed_at)) == ("20 23:50", "21 00:40")
    assert told.endpoint_spo2 == "not_assessed"
    assert list(on_hand(site).values()) == [9]


def test_an_unfinished_overdose_stays_open(site, signed_in):
    head = {"day": DAY, "head-time": "23:50", "head-location": "washroom"}
    assert signed_in("worker").post("/sheets/overdose/", head).status_code == 302
    assert OverdoseEvent.objects.at(site).get().closed_at is None


def test_a_count_is_blind_and_an_empty_cell_is_no_nought(site, signed_in):
    for code, units in (("A1", 12), ("B2", 7)):
        received = {"lot": ref(), "product": "nal-im-0.4", "lot_code": code, "expiry": "2030-01"}
        send(site, record("naloxone.received", received | {"quantity": units}, when=at("2026-11-01 12:00")))
    client = signed_in("worker")
    page = client.get("/sheets/stock-count/").content.decode()
    rows = dict(re.findall(r'name="(\d+-ref)" value="([^"]+)"', page))
    assert len(rows) == 2
    assert "12" not in re.sub(r"<[^>]+>", " ", page.partition("<tbody>")[2].partition("</tbody>")[0])
    counted = client.post(
        "/sheets/stock-count/", rows | {"day": DAY, "head-time": "21:00", "1-quantity": "9"}
    )
    assert counted.status_code == 302
    one, other = (Lot.objects.at(site).get(lot_code=code) for code in ("A1", "B2"))
    first = one if rows["1-ref"] == str(one.ref) else other
    assert on_hand(site)[first.ref] == 9
    assert sum(on_hand(site).values()) == 9 + (7 if first == one else 12)


def test_lines_without_an_hour_go_with_the_exchange_before(site, signed_in):
    client = signed_in("worker")
    lines = (
        row(
            1,
            ref=ref(),
            time="21:00",
            act="supplies.given",
            item="needle_27g",
            quantity="10",
            for_whom="self",
        )
        | row(2, ref=ref(), item="cooker", quantity="10")
        | row(3, ref=ref(), time="21:20", act="supplies.returned", item="needle_any", quantity="14")
    )
    lost = client.post("/sheets/supplies/", {"day": DAY} | row(1, item="cooker", quantity="1"))
    assert lost.status_code == 422
    assert client.post("/sheets/supplies/", {"day": DAY} | lines).status_code == 302
    acts = SupplyAct.objects.at(site).order_by("at")
    assert [(a.direction, a.lines.count(), hours(site, a.at)) for a in acts] == [
        ("out", 2, "20 21:00"), ("back", 1, "20 21:20"),
    ]  # fmt: skip


def test_a_row_added_to_a_sheet_already_noted_is_not_lost(site, signed_in):
    client = signed_in("worker")
    first = row(1, ref=ref(), time="21:00", reason="full", count="2")
    client.post("/sheets/turn-aways/", {"day": DAY} | first)
    more = row(2, ref=ref(), time="22:00", reason="age", count="1")
    client.post("/sheets/turn-aways/", {"day": DAY} | first | more)
    assert sorted(TurnAway.objects.at(site).values_list("count", flat=True)) == [1, 2]
    again = client.post("/sheets/turn-aways/", {"day": DAY} | first, follow=True)
    assert "déjà notée" in again.content.decode()


def test_a_sheet_is_taken_back_whole_within_a_minute(site, signed_in):
    client = signed_in("worker")
    page = client.post(
        "/sheets/turn-aways/",
        {"day": DAY} | row(1, ref=ref(), time="21:00", reason="full", count="2"),
        follow=True,
    ).content.decode()
    targets = re.findall(r'name="target" value="([^"]+)"', page)
    client.post(f"/records/{targets[0]}/void", {"target": targets})
    assert not TurnAway.objects.at(site).exists()


def test_who_may_not_use_the_stock_does_not_count_it(signed_in):
    client = signed_in("peer")
    assert client.get("/sheets/stock-count/").status_code == 403
    assert "Compte du stock" not in client.get("/sheets/").content.decode()
    assert client.get("/sheets/visits/").status_code == 200
