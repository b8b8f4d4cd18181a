"""What every declaration must say, and how versions and derived numbers work."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sites.indicators import registry
from sites.indicators.declaring import Indicator, breakdown_codes
from sites.indicators.derived import Quantile, Ratio
from sites.indicators.facts import DayFacts
from sites.indicators.periods import same_before, so_far
from sites.indicators.queries import against_before, counts_of, rate_lately, read_period
from sites.indicators.registry import PROPOSED, REGISTRY, VERSIONS, count_day, in_force, shown
from sites.indicators.services import recount_due
from sites.indicators.terms import ALL
from tests.factories import at, record, send
from tests.indicators.test_counts import DAY, a_visit, an_event

EVERY = [version for versions in (*VERSIONS.values(), *PROPOSED.values()) for version in versions]


@pytest.mark.parametrize("indicator", EVERY, ids=lambda i: f"{i.code} v{i.version}")
def test_every_declaration_is_whole(indicator):
    assert (indicator.count is None) != (indicator.over is None)
    assert set(indicator.overlapping) <= set(indicator.breakdowns)
    made_of = indicator.over.sources if indicator.over else ()
    assert all(REGISTRY[code].over is None and REGISTRY[code].additive for code in made_of)
    assert all(not hasattr(rule, "code") or rule.code in REGISTRY for rule in indicator.plausible)
    if indicator.internal:
        return
    words = [indicator.label_fr, indicator.label_en, indicator.definition_fr, indicator.definition_en]
    of_whom = indicator.population
    words += [of_whom.fr, of_whom.en, of_whom.without_fr, of_whom.without_en]
    assert all(words)
    assert all(word.endswith(".") for word in words[2:])


@pytest.mark.parametrize("code", VERSIONS)
def test_versions_of_a_number_follow_one_another(code):
    versions = VERSIONS[code] + PROPOSED.get(code, [])
    assert [v.version for v in versions] == list(range(1, len(versions) + 1))
    days = [v.valid_from for v in VERSIONS[code]]
    assert days == sorted(set(days))


@pytest.mark.django_db
def test_no_breakdown_is_empty():
    assert [(i.code, name) for i in shown() for name in i.breakdowns if not breakdown_codes(name)] == []


@pytest.fixture
def second_version(monkeypatch):
    """« visits » counts twice from 20 November on."""
    old = REGISTRY["visits"]
    new = replace(old, version=2, valid_from=DAY, count=lambda facts: {ALL: 2 * len(facts.visits)})
    monkeypatch.setitem(registry.VERSIONS, "visits", [old, new])
    return new


def test_a_day_is_counted_by_the_version_in_force_then(site, second_version):
    assert in_force("visits", DAY) == second_version
    assert in_force("visits", DAY - timedelta(days=1)).version == 1
    assert in_force("visits", date(1999, 1, 1)).version == 1
    with time_machine.travel(at("2026-11-21 15:00")):
        send(site, *a_visit("2026-11-20 20:00")[1], *a_visit("2026-11-19 20:00")[1])
        recount_due()
    assert counts_of(site, DAY)["visits", ALL] == 2
    assert counts_of(site, DAY - timedelta(days=1))["visits", ALL] == 1


def counts(**values) -> dict:
    return {(code, ALL): value for code, value in values.items()}


@pytest.mark.parametrize(
    ("part", "whole", "value"),
    [(5, 100, 50), (4, 100, None), (5, 99, None), (7, 300, Decimal("23.3")), (0, 0, None)],
)
def test_a_rate_wants_five_events_and_a_hundred_consumptions(part, whole, value):
    rate = REGISTRY["od_rate_1000"].over
    assert rate.of(counts(overdose_events=part, consumptions=whole)) == value


def test_nothing_of_nothing_is_no_share():
    assert Ratio("a", "b").of(counts(a=0)) is None
    assert Ratio("a", "b").of(counts(a=0, b=3)) == 0


@pytest.mark.parametrize(
    ("waits", "median", "ninety"),
    [([], None, None), ([3], 3, 3), ([1, 2], Decimal("1.5"), 2), (range(1, 11), Decimal("5.5"), 9),
     ([0] * 9 + [60], 0, 0), ([0] * 8 + [60] * 2, 0, 60)],
)  # fmt: skip
def test_quantiles_come_from_bins(waits, median, ninety):
    bins: dict = {}
    for wait in waits:
        bins["w", str(wait)] = bins.get(("w", str(wait)), 0) + 1
    bins["w", ALL] = len(list(waits))
    assert Quantile("w").of(bins) == median
    assert Quantile("w", q=0.9).of(bins) == ninety
    assert Quantile("w", fewest=11).of(bins) is None


def a_fact_day(site) -> DayFacts:
    return DayFacts(site, DAY)


def test_a_day_without_facts_counts_nothing_and_tells_no_rate(site):
    counted = count_day(a_fact_day(site))
    for code, indicator in REGISTRY.items():
        if code not in ("unique_clients_month_to_date",):
            assert counted[code, ALL] == (None if indicator.over else 0), code


def test_split_and_peer_assisted_visits_count_once_a_visit(site):
    visit, sent = a_visit("2026-11-20 20:00")
    again = {"visit": visit, "substances": ["fentanyl"], "route": "inj_iv"}
    shared = again | {"split_shared": True, "peer_assisted": True}
    with time_machine.travel(at("2026-11-21 15:00")):
        send(site, *sent[:3])
        for minute in (5, 6):
            send(site, record("consumption.recorded", shared, when=at(f"2026-11-20 20:0{minute}")))
        recount_due()
    found = counts_of(site, DAY)
    assert (found["split_visits", ALL], found["peer_assisted_visits", ALL]) == (1, 1)
    assert found["consumptions", ALL] == 3


def test_booths_waits_and_calls(site):
    with time_machine.travel(at("2026-11-21 15:00")):
        for minute in (0, 10, 20):
            send(site, *a_visit(f"2026-11-20 20:{minute:02}")[1])
        calls = [{"step": "call_911", "choice": "called"}, {"step": "call_911", "choice": "cancelled"}]
        send(site, *an_event("2026-11-20 21:00", steps=calls)[1])
        recount_due()
    found = counts_of(site, DAY)
    assert found["booth_minutes_used", ALL] == found["booth_minutes_used", "inj_iv"] == 6
    assert found["booth_minutes_open", ALL] == 5 * 720
    assert found["booth_occupancy", ALL] == Decimal("0.2")
    assert (found["median_wait_min", ALL], found["p90_wait_min", ALL]) == (1, 1)
    assert (found["ems_calls", ALL], found["ems_cancelled", ALL]) == (1, 1)


def test_a_booth_counts_from_its_first_day_to_the_one_it_was_taken_away(site):
    booth = site_booths(site)[0]
    booth.in_use_from, booth.retired, booth.retired_on = DAY, True, DAY + timedelta(days=1)
    days = [DAY + timedelta(days=n) for n in (-1, 0, 1)]
    assert [booth.in_use(day) for day in days] == [False, True, False]


def site_booths(site):
    return list(type(site)._meta.apps.get_model("scs", "Booth").objects.at(site))


def test_people_of_the_month_are_fixed_when_the_day_closes(site):
    with time_machine.travel(at("2026-11-20 23:00")):
        send(site, *a_visit("2026-11-20 20:00", handle="LUNE4")[1])
        recount_due()
        assert counts_of(site, DAY)["unique_clients_month_to_date", ALL] == 1
    with time_machine.travel(at("2026-11-21 12:00")):
        recount_due()
    with time_machine.travel(at("2026-11-21 22:00")):
        send(site, *a_visit("2026-11-21 20:00", handle="RIVE7")[1])
        send(site, *a_visit("2026-11-20 21:00")[1])
        recount_due()
        assert counts_of(site, DAY)["unique_clients_month_to_date", ALL] == 1
        assert counts_of(site, date(2026, 11, 21))["unique_clients_month_to_date", ALL] == 2


def test_a_month_reads_the_median_of_its_bins_and_the_rates_of_its_sums(site):
    with time_machine.travel(at("2026-11-21 15:00")):
        for day in (18, 19, 20):
            send(site, *a_visit(f"2026-11-{day} 20:00", handle="LUNE4")[1])
        send(site, *an_event("2026-11-18 21:00", closed={"presentation": "mixed"})[1])
        recount_due()
        now, before = against_before(site, "month", DAY)
        assert (now.first, now.last, now.days) == (date(2026, 11, 1), DAY, 3)
        assert (before.first, before.last) == (date(2026, 10, 1), date(2026, 10, 20))
        assert (now.value("visits"), before.value("visits")) == (3, None)  # nobody counted there yet
        assert now.value("visits", "12_16") == 3
        assert (now.value("median_wait_min"), now.value("pct_oxygen_only")) == (1, 0)
        assert now.value("unique_clients_month_to_date") == 1
        assert ("unique_clients_day", ALL) not in now.counts
        assert read_period(site, DAY, DAY, ["visits"]).counts.keys() >= {("visits", ALL)}
        assert rate_lately(site, "od_rate_1000", DAY) == (None, 28)


@pytest.mark.parametrize(
    ("grain", "day", "first", "before"),
    [
        ("week", date(2026, 11, 25), date(2026, 11, 23), (date(2026, 11, 16), date(2026, 11, 18))),
        ("month", date(2026, 3, 31), date(2026, 3, 1), (date(2026, 2, 1), date(2026, 2, 28))),
        ("month", date(2026, 3, 30), date(2026, 3, 1), (date(2026, 2, 1), date(2026, 2, 28))),
        ("quarter", date(2026, 4, 10), date(2026, 4, 1), (date(2026, 1, 1), date(2026, 1, 10))),
        ("year", date(2026, 12, 31), date(2026, 1, 1), (date(2025, 1, 1), date(2025, 12, 31))),
    ],
)
def test_the_same_period_before(grain, day, first, before):
    period = so_far(grain, day)
    assert period == (first, day)
    assert same_before(grain, period) == before


def test_asking_what_is_due_costs_the_same_however_long_the_history(site):
    with time_machine.travel(at("2026-11-21 15:00")):
        send(site, *a_visit("2026-11-18 20:00")[1])
        recount_due()
        with CaptureQueriesContext(connection) as short:
            recount_due()
        send(site, *a_visit("2026-09-18 20:00")[1])
        recount_due()
        with CaptureQueriesContext(connection) as long:
            recount_due()
    assert len(long) == len(short)
    assert not [q["sql"] for q in long.captured_queries if "COUNT(" in q["sql"].upper()]


def test_a_proposed_version_counts_nowhere(site):
    proposed = PROPOSED["overdose_events"][0]
    assert isinstance(proposed, Indicator)
    assert proposed not in VERSIONS["overdose_events"]
