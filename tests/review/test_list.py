"""One list: every kind of item is on it, with where it is solved, and leaves it once solved."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection

from harmreduction.pg.scope import as_owner
from sites.indicators.models import CountedDay, DailyCount
from sites.naloxone.models import StockMovement
from sites.review.kinds import KINDS, kinds_for
from sites.review.lines import lines_of
from sites.review.looking import look_due
from sites.review.models import Finding, ReviewLimit
from sites.review.queries import Wanted, counts, items
from sites.review.rules import NAMESPACE
from tests.factories import at, make_staff, record, ref, send
from tests.indicators.test_counts import a_visit
from tests.review.told import DAY, NOW, a_stay, closing, looked, odd, on, opened, waiting

pytestmark = pytest.mark.usefixtures("later")


# --- What the list holds ----------------------------------------------------------------
def test_what_is_open_or_kept_is_listed_the_oldest_first(site):
    visit = ref()
    send(
        site,
        record("visit.arrived", {"visit": visit}, when=on("20:00")),
        opened("19:00"),
        record("visit.checked", {"visit": ref()}, when=on("21:00")),
        record("visit.arrived", {"visit": ref()}, by=None, when=on("18:00")),
        record("visit.arrived", {"visit": ref()}, when=at("2026-11-22 14:00")),
    )
    found = [item.kind for item in items(site, KINDS.values())]
    assert found == ["author", "visit", "event", "visit", "held"]
    assert waiting(site) == {"event": 1, "visit": 2, "held": 1, "author": 1}
    assert counts(site, KINDS.values(), Wanted(before=on("19:30"))) == {"event": 1, "visit": 1, "author": 1}


def test_each_rule_finds_what_it_speaks_of(site):
    assert odd(site) == []
    send(site, *a_stay(on("06:00") + timedelta(hours=6), on("12:00") + timedelta(hours=13)))
    assert odd(site) == ["visit_long"]
    send(site, *a_stay(on("20:00"), on("20:00") + timedelta(seconds=30)))
    assert odd(site) == ["visit_long", "visit_short"]
    send(
        site,
        record("turnaway.recorded", {"reason": "full", "count": 60}, when=on("20:00")),
        record("kit.given", {"kit_kind": "nasal", "form": "kit", "count": 50}, when=on("20:00")),
    )
    assert odd(site) == ["kits", "turned_away", "visit_long", "visit_short"]


def test_overdoses_are_read_again(site):
    first, second = opened("20:00"), opened("20:00:40")
    event = first["data"]["event"]
    vitals = {"event": event, "step": "vitals", "measure": "spo2", "value": "9"}
    lot = ref()
    send(
        site,
        first,
        second,
        record("overdose.step", vitals, when=on("20:01")),
        *[
            record(
                "overdose.dose",
                {"event": event, "product": "nal-in-4", "route": "in", "dose_mg": "4",
                 "given_by": "staff_nurse", "lot": lot},
                when=on(f"20:0{n}:30"),
            )
            for n in range(9)
        ],
        closing(event, "20:30"),
        closing(second["data"]["event"], "20:40", endpoint_rr="not_assessed", endpoint_spo2="not_assessed",
                endpoint_awake="not_assessed"),
    )  # fmt: skip
    assert odd(site) == ["doses", "measure", "no_endpoint", "two_events"]


def test_a_clock_that_is_off_and_late_records_are_told_once_a_day(site):
    arrivals = [record("visit.arrived", {"visit": ref()}, when=on(f"20:0{n}")) for n in range(3)]
    for sent in arrivals:
        sent["entered_at"] = at("2026-11-22 10:00").isoformat()
    ahead = [record("visit.arrived", {"visit": ref()}, when=NOW + timedelta(minutes=30)) for _ in range(2)]
    for sent in ahead:
        sent["age_s"] = 60
    send(site, *arrivals, *ahead)
    looked(site)
    clock, late = sorted(Finding.objects.all(), key=lambda row: row.kind, reverse=True)[:2]
    assert (clock.kind, clock.said["n"], clock.said["minutes"]) == ("clock", 2, 31)
    assert (late.kind, late.said) == ("backdated", {"n": 3, "people": 1, "hours": 38})


def test_someone_who_became_younger_is_told(site):
    agreed = {"handle": "LUNE4", "version": "1", "language": "fr"}
    send(site, record("client.agreed", agreed, when=at("2026-11-18 19:00")))
    for day, age in ((18, "40_49"), (19, "50_59"), (20, "20_29")):
        arrived, left = a_stay(at(f"2026-11-{day} 20:00"), at(f"2026-11-{day} 21:00"))
        arrived["data"] |= {"handle": "LUNE4", "age_band": age}
        send(site, arrived, left)
    looked(site)
    found = Finding.objects.filter(rule="age")
    assert [row.said for row in found] == [{"age": "20_29", "before": "50_59"}]


def test_a_number_of_the_day_that_cannot_be_is_told(site):
    send(site, *a_visit("2026-11-20 20:00")[1])
    looked(site)
    DailyCount.objects.filter(service_date=DAY, indicator="unlinked_visits", category="ALL").update(value=999)
    CountedDay.objects.update(looked_over=False)
    look_due()
    row = Finding.objects.get(rule="number")
    assert (row.said["code"], row.said["value"]) == ("unlinked_visits", "999.00")
    assert row.ref == uuid.uuid5(NAMESPACE, "2026-11-20|unlinked_visits")


def test_a_lot_below_zero_says_which_movement_took_it_there(site, lead):
    lot = ref()
    received = {"lot": lot, "product": "nal-im-0.4", "lot_code": "A1", "expiry": "2028-01-31", "quantity": 2}
    moved = {"lot": lot, "move": "wasted", "quantity": 3}
    send(
        site,
        record("naloxone.received", received, when=on("18:00")),
        record("naloxone.moved", moved | {"quantity": 1}, when=on("19:00")),
        record("naloxone.moved", moved, when=on("20:00")),
        record("naloxone.moved", moved | {"quantity": 1}, when=on("21:00")),
    )
    looked(site)
    row = Finding.objects.get(kind="below_zero")
    assert (row.at, row.said["units"], row.said["moved"]) == (on("20:00"), -3, -3)
    page = lead.get("/review/?kind=below_zero").text
    assert "−3" in page
    assert f"/stock/{lot}/" in page
    assert "perdu ou gaspillé" in page
    send(site, record("naloxone.counted", {"lot": lot, "quantity": 0}))
    assert StockMovement.objects.count() == 5
    assert waiting(site) == {}  # already before the next look
    looked(site)
    assert not Finding.objects.exists()


# --- The page ---------------------------------------------------------------------------
def test_the_page_filters_and_turns(site, lead):
    for n in range(30):
        send(site, record("visit.arrived", {"visit": ref()}, when=on("12:00") + timedelta(minutes=n)))
    send(site, opened("11:00"))
    page = lead.get("/review/").text
    assert page.count("<li>") == 25
    assert "?page=2" in page
    assert lead.get("/review/?page=2").text.count("<li>") == 6
    assert lead.get("/review/?kind=event").text.count("<li>") == 1
    assert "Rien à revoir. Merci." in lead.get("/review/?kind=event&age=week").text
    assert lead.get("/review/?day=2026-11-20").text.count("<li>") == 25
    assert lead.get("/review/?kind=nope&age=nope&page=-3&day=x").status_code == 200
    assert '<span class="count num">31</span>' in page


def test_who_may_not_solve_a_kind_is_not_offered_it(site):
    assert kinds_for(make_staff("s01-11", site, role="ph_reader")) == []
    assert len(kinds_for(make_staff("s01-12", site, role="shift_lead"))) == len(KINDS)


def test_a_site_sets_its_own_limits(site, client):
    client.force_login(make_staff("s01-08", site, role="manager"))
    send(site, *a_stay(on("12:00"), on("12:00") + timedelta(hours=13)))
    assert odd(site) == ["visit_long"]
    page = client.get("/setup/review/").text
    assert 'name="visit_hours"' in page
    limits = {limit: "50" for limit in ("visit_minutes", "doses", "dose_mg", "overdoses_s", "kits", "items",
                                        "turned_away", "late_hours", "clock_minutes")}  # fmt: skip
    assert client.post("/setup/review/", limits | {"visit_hours": "0"}).status_code == 422
    assert client.post("/setup/review/", limits | {"visit_hours": "14"}).status_code == 302
    assert ReviewLimit.objects.get(code="visit_hours").value == 14
    assert odd(site) == []


def test_the_page_costs_the_same_whatever_the_history(site, lead, django_assert_max_num_queries):
    """What is looked at grows with what waits on one page, never with what was recorded."""
    send(site, opened("20:00"), record("visit.checked", {"visit": ref()}, when=on("21:00")))
    send(site, *a_stay(on("12:00"), on("12:00") + timedelta(hours=13)))
    send(site, record("visit.arrived", {"visit": ref()}, when=on("20:00")))
    looked(site)
    staff = make_staff("s01-13", site, role="shift_lead")
    kinds = kinds_for(staff)
    with django_assert_max_num_queries(8):
        assert sum(counts(site, kinds).values()) == 4
        assert len(lines_of(site, items(site, kinds, most=25), staff)) == 4


def test_what_was_imported_from_another_register_is_no_oversight(site):
    """It was kept elsewhere: it is late by nature, and has neither lots nor ends."""
    event = opened("20:00")
    dose = {"event": event["data"]["event"], "product": "nal-in-4", "route": "in", "dose_mg": "4",
            "given_by": "staff_nurse"}  # fmt: skip
    none = dict.fromkeys(("endpoint_rr", "endpoint_spo2", "endpoint_awake"), "not_assessed")
    sent = [event, record("overdose.dose", dose, when=on("20:01")), closing(dose["event"], "20:30", **none)]
    for one in sent:
        one["entered_at"] = NOW.isoformat()
    send(site, *sent)
    assert odd(site) == ["backdated", "no_endpoint", "no_lot"]
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table scs_record disable trigger fact_stays")
        cursor.execute("update scs_record set flags = array['import']")
        cursor.execute("alter table scs_record enable trigger fact_stays")
    CountedDay.objects.update(looked_over=False)
    assert odd(site) == []
