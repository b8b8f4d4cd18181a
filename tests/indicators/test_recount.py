"""Counts against an independent recount over the very records that were sent and taken."""

import itertools
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sites.indicators import services
from sites.indicators.queries import counts_of
from sites.indicators.services import recount_due
from sites.indicators.terms import ALL
from tests.factories import at, record, ref, send

TORONTO = ZoneInfo("America/Toronto")
# The nights when clocks change, and the ones around them.
NIGHTS = [date(2026, 10, 31), date(2026, 11, 1), date(2027, 3, 13), date(2027, 3, 14)]
BANDS = {"07_11": range(7, 12), "12_16": range(12, 17), "17_21": range(17, 22), "03_06": range(3, 7)}
OVERDOSES = {"opioid_resp_depression", "sedative_prolonged", "mixed", "alcohol", "ghb", "unknown_drug"}
STAFF = {"staff_nurse", "staff_other", "peer_worker"}
ALIVE = {"recov", "recov_decl_ems", "ems_on_site", "transport", "transfer_int"}
CARE = {"stimulation", "airway", "oxygen_start", "rescue_breaths", "bvm"}
AIR = {"oxygen_start", "rescue_breaths", "bvm"}
STREET = {"entrance", "perimeter", "outreach"}


def service_day(when: datetime) -> date:
    local = when.astimezone(TORONTO)
    return local.date() - timedelta(days=local.time() < time(6))


# --- Random shifts ------------------------------------------------------------------------

minute = st.integers(0, 30 * 60)
visits = st.fixed_dictionaries(
    {
        "start": minute,
        "stay": st.integers(1, 200),
        "booth": st.sampled_from(["1", "2", None]),
        "route": st.sampled_from(["inj_iv", "in", "oral"]),
        "substances": st.sampled_from([["fentanyl"], ["cocaine"], ["heroin", "crack"], ["unknown"]]),
        "consumes": st.booleans(),
        "end": st.sampled_from(["closed", "left", None]),
    }
)
events = st.fixed_dictionaries(
    {
        "start": minute,
        "of_visit": st.one_of(st.none(), st.integers(0, 5)),
        "location": st.sampled_from(["booth", "washroom", "entrance", "outreach"]),
        "steps": st.lists(st.sampled_from([*sorted(CARE), "call_911"]), max_size=3),
        "doses": st.lists(st.sampled_from([*sorted(STAFF), "ems", "bystander"]), max_size=3),
        "closed": st.one_of(
            st.none(),
            st.tuples(
                st.sampled_from([*sorted(OVERDOSES), "stimulant_toxicity", "seizure"]),
                st.sampled_from([*sorted(ALIVE), "left", "death_site", "unk"]),
                st.sampled_from(["yes", "no", "unknown"]),
            ),
        ),
    }
)


def shift(night: date, some_visits: list[dict], some_events: list[dict]) -> list[dict]:
    begin = datetime.combine(night, time(6), tzinfo=TORONTO).astimezone(UTC)
    sent, refs = [], []
    for visit in some_visits:
        name, clock = {"visit": ref()}, begin + timedelta(minutes=visit["start"])
        refs.append(name["visit"])
        used = {"substances": visit["substances"], "route": visit["route"]}
        sent.append(record("visit.arrived", name, when=clock))
        clock += timedelta(minutes=1)
        if visit["booth"]:
            sent.append(record("visit.seated", name | {"booth": visit["booth"]}, when=clock))
        clock += timedelta(minutes=visit["stay"])
        if visit["consumes"]:
            sent.append(record("consumption.recorded", name | used, when=clock))
        clock += timedelta(minutes=1)
        if visit["end"] == "closed":
            sent.append(record("visit.closed", name | {"discharge_to": "home"}, when=clock))
        elif visit["end"] == "left":
            sent.append(record("visit.left", name | {"reason": "unwell"}, when=clock))
    for event in some_events:
        sent += event_records(begin, refs, event)
    return sent


def event_records(begin: datetime, refs: list[str], event: dict) -> list[dict]:
    name, clock = {"event": ref()}, begin + timedelta(minutes=event["start"])
    visit = {"visit": refs[event["of_visit"] % len(refs)]} if refs and event["of_visit"] is not None else {}
    sent = [record("overdose.opened", name | {"location": event["location"]} | visit, when=clock)]
    for step in event["steps"]:
        clock += timedelta(seconds=20)
        choice = {"choice": "called"} if step == "call_911" else {}
        sent.append(record("overdose.step", name | {"step": step} | choice, when=clock))
    for giver in event["doses"]:
        clock += timedelta(seconds=20)
        dose = {"product": "nal-in-4", "route": "in", "dose_mg": "4", "given_by": giver}
        sent.append(record("overdose.dose", name | dose, when=clock))
    if event["closed"]:
        presentation, outcome, called = event["closed"]
        ends = {"presentation": presentation, "outcome": outcome, "ems_called": called, "endpoint_rr": "12"}
        rest = {"endpoint_spo2": "not_assessed", "endpoint_awake": "yes"}
        clock += timedelta(seconds=20)
        sent.append(record("overdose.closed", name | ends | rest, when=clock))
    return sent


# --- The recount: from what was sent, knowing nothing of the product ------------------------


def by(taken: list[dict], key: str) -> dict[str, list[dict]]:
    stories: dict[str, list[dict]] = {}
    for r in taken:
        if key in r["data"] and (key == "event" or r["kind"].split(".")[0] != "overdose"):
            stories.setdefault(r["data"][key], []).append(r)
    return stories


def when(r: dict) -> datetime:
    return datetime.fromisoformat(r["occurred_at"])


def recounted(taken: list[dict], day: date) -> Counter:
    counts: Counter = Counter()
    emergencies = {r["data"].get("visit") for r in taken if r["kind"] == "overdose.opened"}
    for visit, story in by(taken, "visit").items():
        kinds = {r["kind"]: r for r in story}
        arrived = when(kinds["visit.arrived"])
        if service_day(arrived) == day:
            counts["arrivals"] += 1
            counts["left_no_consume"] += "visit.left" in kinds
            counts["visits_with_emergency"] += visit in emergencies
            if {"visit.seated", "consumption.recorded"} & set(kinds):
                counts["visits"] += 1
                hour = arrived.astimezone(TORONTO).hour
                counts["visits", next((b for b, hours in BANDS.items() if hour in hours), "22_02")] += 1
        used = kinds.get("consumption.recorded")
        if used and service_day(when(used)) == day:
            counts["consumptions"] += 1
    for story in by(taken, "event").values():
        if service_day(when(story[0])) == day:
            counts.update(of_event(story))
    return +counts


def of_event(story: list[dict]) -> Counter:
    counts: Counter = Counter()
    data = [r["data"] for r in story]
    steps = [d["step"] for d in data if "step" in d]
    givers = [d["given_by"] for d in data if "given_by" in d]
    by_staff = [giver for giver in givers if giver in STAFF]
    end = next((d for d in data if "outcome" in d), {})
    overdose, outside = end.get("presentation") in OVERDOSES, data[0]["location"] in STREET
    calls = steps.count("call_911")
    counts["overdose_outside"] += outside
    counts["overdose_events"] += overdose and not outside
    counts["od_oxygen_only"] += overdose and bool(AIR & set(steps)) and not givers
    counts["od_naloxone_staff"] += overdose and bool(by_staff)
    counts["od_multi_dose"] += overdose and len(givers) > 1
    counts["naloxone_doses_staff"] += len(by_staff)
    counts["naloxone_mg_staff"] += 4 * len(by_staff)
    counts["stimulant_emergencies"] += end.get("presentation") == "stimulant_toxicity"
    counts["nonod_emergencies"] += end.get("presentation") == "seizure"
    counts["deaths_onsite"] += end.get("outcome") == "death_site"
    counts["ems_calls"] += calls or end.get("ems_called") == "yes"
    helped = bool(CARE & set(steps)) or bool(by_staff)
    counts["reversals"] += overdose and helped and end["outcome"] in ALIVE
    return counts


RECOUNTED = [
    "arrivals", "left_no_consume", "visits_with_emergency", "visits", "consumptions", "overdose_outside",
    "overdose_events", "od_oxygen_only", "od_naloxone_staff", "od_multi_dose", "naloxone_doses_staff",
    "naloxone_mg_staff", "stimulant_emergencies", "nonod_emergencies", "deaths_onsite", "ems_calls",
    "reversals",
]  # fmt: skip


@given(
    night=st.sampled_from(NIGHTS),
    some_visits=st.lists(visits, max_size=6),
    some_events=st.lists(events, max_size=4),
)
# No shrinking: each try writes a whole shift.
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_counts_are_those_of_an_independent_recount(site, night, some_visits, some_events):
    with time_machine.travel(at(f"{night + timedelta(days=3)} 15:00")), transaction.atomic():
        sent = shift(night, some_visits, some_events)
        receipts = send(site, *sent)
        taken = [r for r, receipt in zip(sent, receipts, strict=True) if receipt.status == "created"]
        recount_due()
        for day in (night, night + timedelta(days=1)):
            counts, naive = counts_of(site, day), recounted(taken, day)
            ours = {code: counts.get((code, ALL), 0) for code in RECOUNTED}
            assert ours == {code: naive[code] for code in RECOUNTED}
            bands = {band: int(counts.get(("visits", band), 0)) for band in [*BANDS, "22_02"]}
            assert bands == {band: naive["visits", band] for band in bands}
        transaction.set_rollback(True)


def test_the_hour_that_comes_twice_and_the_one_that_never_does(site):
    with time_machine.travel(at("2027-03-20 12:00")):
        # 1:30 twice on November 1; 1:59 then 3:00 on March 14: all of the night before.
        for moment in ("2026-11-01 05:30", "2026-11-01 06:30", "2027-03-14 06:59", "2027-03-14 07:00"):
            send(site, *shift_of_one(at(moment)))
        recount_due()
        autumn, spring = counts_of(site, date(2026, 10, 31)), counts_of(site, date(2027, 3, 13))
        assert (autumn["visits", ALL], autumn["visits", "22_02"]) == (2, 2)
        assert (spring["visits", "22_02"], spring["visits", "03_06"]) == (1, 1)


def shift_of_one(moment: datetime) -> list[dict]:
    visit = {"visit": ref()}
    used = visit | {"substances": ["fentanyl"], "route": "inj_iv"}
    return [
        record("visit.arrived", visit, when=moment),
        record("consumption.recorded", used, when=moment + timedelta(seconds=30)),
    ]


def test_no_site_is_last_at_every_tick(site, other_site, monkeypatch):
    """Time enough for one site a tick: by and by both are counted, however often the first is written to."""
    for one in (site, other_site):
        send(one, record("turnaway.recorded", {"reason": "full", "count": 1}, by=None))
    begun = []
    monkeypatch.setattr(services, "recount", lambda found, days: begun.append(found.code))
    monkeypatch.setattr(services, "time", SimpleNamespace(monotonic=itertools.count().__next__))
    for _tick in range(64):
        services.recount_due(seconds=1)
    assert set(begun) == {"S01", "S02"}
