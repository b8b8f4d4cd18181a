from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine

from sites.clients.models import DayToken
from sites.indicators.models import CountedDay, DailyCount
from sites.indicators.queries import counts_of
from sites.indicators.registry import REGISTRY, as_json
from sites.indicators.services import recount_due
from sites.indicators.terms import ALL, hour_band
from sites.places.models import DirtyMark
from tests.factories import at, record, ref, send

DAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _next_morning():
    with time_machine.travel(at("2026-11-21 15:00"), tick=True):
        yield


def minutes(when: str) -> Iterator[datetime]:
    """One minute after the other: a story needs an order."""
    return (at(when) + timedelta(minutes=n) for n in range(60))


def a_visit(when, *, route="inj_iv", substances=("fentanyl",), handle=None, seated=True) -> tuple[str, list]:
    """(visit, records): arrived, seated, one consumption and departure, a minute each."""
    visit, clock = ref(), minutes(when)
    arrived = {"visit": visit} | ({"handle": handle} if handle else {})
    sent = [record("visit.arrived", arrived, when=next(clock))]
    if seated:
        declared = {"visit": visit, "substances": list(substances), "route": route}
        sent.append(record("visit.seated", {"visit": visit, "booth": "1"}, when=next(clock)))
        sent.append(record("consumption.recorded", declared, when=next(clock)))
        sent.append(record("visit.closed", {"visit": visit, "discharge_to": "street"}, when=next(clock)))
    return visit, sent


def an_event(when, *, location="booth", visit=None, steps=(), doses=(), closed=None) -> tuple[str, list]:
    """(event, records): opened, its steps, its doses by these givers and its closing, a minute each."""
    event, clock = ref(), minutes(when)
    opened = {"event": event, "location": location} | ({"visit": visit} if visit else {})
    sent = [record("overdose.opened", opened, when=next(clock))]
    sent += [record("overdose.step", {"event": event, **step}, when=next(clock)) for step in steps]
    dose = {"event": event, "product": "nal-im-0.4", "route": "im", "dose_mg": "0.4"}
    sent += [record("overdose.dose", {**dose, "given_by": giver}, when=next(clock)) for giver in doses]
    if closed:
        ends = {"outcome": "recov", "ems_called": "no", "endpoint_rr": "14"} | closed
        unassessed = {"endpoint_spo2": "not_assessed", "endpoint_awake": "not_assessed"}
        sent.append(record("overdose.closed", {"event": event, **unassessed, **ends}, when=next(clock)))
    return event, sent


def counted(site, day=DAY):
    recount_due()
    return counts_of(site, day)


def test_a_visit_counts_by_hour_band_route_and_group(site):
    _visit, sent = a_visit("2026-11-21 03:30", substances=("fentanyl", "cocaine", "heroin"))
    send(site, *sent)
    counts = counted(site)
    assert [counts["visits", key] for key in (ALL, "22_02", "inj_iv")] == [1, 1, 1]
    assert [counts["consumptions", key] for key in (ALL, "opioid", "stimulant", "inj_iv")] == [1, 1, 1, 1]
    assert counts["unlinked_visits", ALL] == 1
    assert counts["turned_away", ALL] == 0
    assert ("visits", "12_16") not in counts
    assert counts["open_minutes", ALL] == 720
    assert not DirtyMark.objects.exists()


def test_leaving_without_using_is_an_arrival_and_no_visit(site):
    visit, sent = a_visit("2026-11-20 20:00", seated=False)
    send(
        site,
        *sent,
        record("visit.left", {"visit": visit, "reason": "changed_mind"}, when=at("2026-11-20 20:30")),
    )
    send(site, record("turnaway.recorded", {"reason": "full", "count": 4}, when=at("2026-11-20 21:00")))
    counts = counted(site)
    assert (counts["arrivals", ALL], counts["visits", ALL]) == (1, 0)
    assert counts["left_no_consume", "changed_mind"] == 1
    assert (counts["turned_away", ALL], counts["turned_away", "full"]) == (4, 4)


def test_an_overdose_with_oxygen_only_and_one_outside_with_naloxone(site):
    visit, sent = a_visit("2026-11-20 20:00")
    oxygen = [{"step": "oxygen_start"}, {"step": "call_911", "choice": "called"}]
    _inside, first = an_event(
        "2026-11-20 20:10", visit=visit, steps=oxygen, closed={"presentation": "opioid_resp_depression"}
    )
    _outside, second = an_event(
        "2026-11-21 02:10", location="outreach", doses=["staff_nurse", "ems"],
        closed={"presentation": "mixed", "outcome": "transport", "ems_called": "yes"},
    )  # fmt: skip
    send(site, *sent, *first, *second)
    counts = counted(site)
    expected = {
        "overdose_events": 1, "overdose_outside": 1, "od_oxygen_only": 1, "od_naloxone_staff": 1,
        "od_multi_dose": 1, "naloxone_doses_staff": 1, "naloxone_mg_staff": Decimal("0.4"), "ems_calls": 2,
        "reversals": 2, "visits_with_emergency": 1, "transports": 1, "pct_with_endpoint": 100,
        "deaths_onsite": 0, "stimulant_emergencies": 0, "naloxone_doses_staff_capped": 1,
    }  # fmt: skip
    assert {code: counts[code, ALL] for code in expected} == expected
    assert counts["overdose_events", "booth"] == counts["reversals", "mixed"] == 1
    assert counts["naloxone_doses_staff", "nal-im-0.4"] == counts["naloxone_doses_staff", "im"] == 1


def test_an_open_event_counts_where_no_presentation_is_asked(site):
    visit, sent = a_visit("2026-11-20 20:00")
    # Opened after the cut-over: its own numbers are of the next day, the visit's emergency is not.
    _event, opened = an_event("2026-11-21 11:30", visit=visit, location="entrance", doses=["peer_worker"])
    send(site, *sent, *opened)
    counts = counted(site)
    assert (counts["visits_with_emergency", ALL], counts["overdose_outside", ALL]) == (1, 0)
    nextday = counts_of(site, date(2026, 11, 21))
    assert (nextday["overdose_outside", ALL], nextday["naloxone_doses_staff", ALL]) == (1, 1)
    assert (nextday["overdose_events", ALL], nextday["pct_with_endpoint", ALL]) == (0, None)
    assert nextday["open_records", "event"] == 1


def test_unique_clients_stay_as_counted_once_the_key_is_gone(site):
    with time_machine.travel(at("2026-11-20 22:00")):
        for handle in ("RIVE7", "rive 7", "LUNE4"):
            send(site, *a_visit("2026-11-20 20:00", handle=handle)[1])
    assert counted(site)["unique_clients_day", ALL] == 2
    with time_machine.travel(at("2026-11-23 12:00")):
        DayToken.objects.all().delete()
        send(site, *a_visit("2026-11-20 23:00", handle="MER22")[1])
        counts = counted(site)
    assert (counts["unique_clients_day", ALL], counts["visits", ALL]) == (2, 4)


def test_closed_days_nobody_wrote_about_are_counted_too(site):
    send(site, *a_visit("2026-11-17 20:00")[1])
    recount_due()
    days = CountedDay.objects.order_by("service_date").values_list("service_date", flat=True)
    assert list(days) == [date(2026, 11, d) for d in (17, 18, 19, 20)]
    assert counts_of(site, date(2026, 11, 18))["visits", ALL] == 0


def test_counting_again_what_did_not_change_keeps_the_rows(site):
    send(site, *a_visit("2026-11-20 20:00")[1])
    recount_due()
    rows = set(DailyCount.objects.values_list("pk", flat=True))
    DirtyMark.objects.create(site=site, service_date=DAY)
    recount_due()
    assert set(DailyCount.objects.values_list("pk", flat=True)) == rows


@pytest.mark.parametrize(
    ("hour", "band"), [(7, "07_11"), (11, "07_11"), (12, "12_16"), (21, "17_21"), (22, "22_02"), (0, "22_02"),
                       (2, "22_02"), (3, "03_06"), (6, "03_06")]
)  # fmt: skip
def test_hour_bands(hour, band):
    assert hour_band(hour) == band


@pytest.mark.django_db
def test_the_registry_lists_every_number_once_with_distinct_categories():
    listed = as_json()
    assert len({i["code"] for i in listed}) == len(listed)
    assert "naloxone_doses_staff_capped" not in {i["code"] for i in listed}
    for indicator in listed:
        assert len(set(indicator["categories"])) == len(indicator["categories"]), indicator["code"]
        assert ALL not in indicator["categories"]
        assert REGISTRY[indicator["code"]].definition_fr.endswith(".")
