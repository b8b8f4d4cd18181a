"""The gate on tables of its own: no site, no count, no database."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sites.releases.draw import drawn, other_neighbour
from sites.releases.gate import Beside, Candidate, Evidence, Trial, judge
from sites.releases.weaving import Elsewhere, Known

AT = datetime(2026, 4, 10, 10, tzinfo=UTC)
QUARTER = (date(2026, 1, 1), date(2026, 3, 31))
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def known(indicator, value, category="ALL", period=QUARTER, at=AT, site=1, base=5) -> Known:
    return Known(site, indicator, category, period, value, base, at)


def table(indicator, *drawn_and_other, period=QUARTER, at=AT) -> list[Candidate]:
    """Candidates of one indicator: (drawn value, other neighbour) of each part."""
    parts = len(drawn_and_other)
    names = ["ALL"] if parts == 1 else [f"part {n}" for n in range(parts)]
    return [
        Candidate(known(indicator, value, name, period, at), other, parts, "2026")
        for name, (value, other) in zip(names, drawn_and_other, strict=True)
    ]


def values(verdict) -> list[int]:
    return list(verdict.values.values())


def test_one_table_alone_passes_with_no_program():
    verdict = judge(table("visits_by_substance", (5, 10), (0, 5)), Beside())
    assert values(verdict) == [5, 0]
    assert verdict.evidence == Evidence(relations=0, programs=0, narrowest=4)


def test_two_cuts_of_the_same_events_that_pin_a_cell_take_the_other_neighbour():
    """0 + 0 by substance is at most 8, 15 + 5 by age at least 12: the last part must give way."""
    verdict = judge(
        [*table("visits_by_substance", (0, 5), (0, 5)), *table("visits_by_age", (5, 0), (10, 5))], Beside()
    )
    assert values(verdict) == [0, 0, 5, 5]
    assert (verdict.evidence.other_neighbour, verdict.stopped) == (1, set())
    assert verdict.evidence.narrowest >= 4
    assert verdict.evidence.programs > 0


def test_a_multiple_has_no_other_neighbour_and_stops_its_indicator_whole():
    verdict = judge(
        [*table("visits_by_substance", (0, 5), (0, 5)), *table("visits_by_age", (5, None), (10, None))],
        Beside(),
    )
    assert verdict.stopped == {(1, "2026", "visits_by_age")}
    assert {cell.indicator for cell in verdict.values} == {"visits_by_substance"}


def test_a_subset_is_judged_beside_what_was_sealed_before():
    """At most 4 doses were given, so 5 overdoses with a dose (1 to 9) would be 1 to 4."""
    month = (date(2026, 1, 1), date(2026, 1, 31))
    doses = known("naloxone_doses_staff", 0, period=month, base=5)
    with_dose = table("od_naloxone_staff", (5, 0), period=month)
    assert values(judge(with_dose, Beside((doses,)))) == [0]
    assert values(judge(with_dose, Beside((replace(doses, value=20),)))) == [5]


def test_days_sealed_before_a_quarter_tie_its_parts():
    """90 days of 0 are at most 360 visits."""
    days = [known("visits", 0, period=(YEAR[0] + timedelta(n), YEAR[0] + timedelta(n))) for n in range(90)]
    assert values(judge(table("visits_by_age", (100, 105), (80, 85)), Beside(tuple(days)))) == [100, 80]
    verdict = judge(table("visits_by_age", (200, 195), (165, 160)), Beside(tuple(days)))
    assert values(verdict) == [200, 160]


def test_weeks_and_quarters_are_tied_where_they_overlap():
    """Weeks across the ends of a quarter may lie on either side; those inside count for it."""
    first = date(2025, 12, 29)
    weeks = [
        known("visits", 20, period=(first + timedelta(7 * n), first + timedelta(7 * n + 6)))
        for n in range(14)
    ]
    trial = Trial(Beside(tuple(weeks)), {}, Evidence())
    inside = [week for week in weeks if QUARTER[0] <= week.period[0] and week.period[1] <= QUARTER[1]]
    least = sum(week.low for week in inside)
    cell = known("visits_by_age", least - 9, "part 0")
    trial.parts = {cell.group: 1}
    assert trial.passes([replace(cell, value=least)], {})
    assert not trial.passes([replace(cell, value=least - 2)], {})


def test_a_refuted_assumption_that_nothing_came_late_ties_nothing():
    """Ten times as many events came late as the days had on time: the parts are judged by themselves."""
    days = known("visits", 10, at=AT - timedelta(days=5))
    verdict = judge(table("visits_by_age", (100, None), (50, None)), Beside((days,)))
    assert values(verdict) == [100, 50]


# --- Late parts ----------------------------------------------------------------------------
def late_year(at_once: bool) -> tuple[Known, ...]:
    other = AT if at_once else AT + timedelta(days=1)
    return (known("visits_by_substance", 40, period=YEAR), known("visits_by_age", 40, period=YEAR, at=other))


def test_late_parts_of_cuts_sealed_together_are_the_same_number():
    """Both count what came after the same instant: 0 and 5 would say 1 to 4."""
    late = [
        *table("visits_by_substance_late", (0, 5), period=YEAR),
        *table("visits_by_age_late", (5, 0), period=YEAR),
    ]
    assert values(judge(late, Beside(late_year(at_once=True), late=True))) == [0, 0]
    assert values(judge(late, Beside(late_year(at_once=False), late=True))) == [0, 5]


# --- What others publish --------------------------------------------------------------------
MONTH = (date(2026, 5, 1), date(2026, 5, 31))


def elsewhere(count: int, period=MONTH, sites=(1,)) -> Elsewhere:
    return Elsewhere(sites, "ems_calls", period, period, count, count)


def test_what_someone_else_told_already_is_not_ours_to_hide():
    told = Beside(elsewhere=(elsewhere(12),))
    assert values(judge(table("ems_calls", (10, 15), period=MONTH), told)) == [10]


def test_what_ours_adds_to_what_someone_else_told_is():
    """The region had 20 in all, the other site 15 (11 to 19): this one 1 to 9; with 10, 6 to 9."""
    other = known("ems_calls", 15, period=MONTH, site=2)
    told = Beside((other,), (elsewhere(20, sites=(1, 2)),))
    assert values(judge(table("ems_calls", (10, 5), period=MONTH), told)) == [5]
    assert judge(table("ems_calls", (10, None), period=MONTH), told).stopped


def test_a_region_with_a_site_that_we_do_not_publish_bounds_from_above_alone():
    other = known("ems_calls", 15, period=MONTH, site=2)
    told = Beside((other,), (elsewhere(20, sites=(1, 2, 3)),))
    assert values(judge(table("ems_calls", (5, 10), period=MONTH), told)) == [5]
    assert values(judge(table("ems_calls", (10, 5), period=MONTH), told)) == [5]


def test_a_figure_that_cannot_be_of_the_same_events_ties_nothing():
    told = Beside(elsewhere=(elsewhere(300),))
    assert values(judge(table("ems_calls", (10, 15), period=MONTH), told)) == [10]


# --- All at once, or one by one --------------------------------------------------------------
KEY = bytes(range(32))


def random_tables(seed: int) -> list[Candidate]:
    """A site so small that its cuts pin each other often; counts are known here alone."""
    rng = random.Random(seed)
    events = [(rng.randrange(2), rng.randrange(2)) for _ in range(rng.randrange(14))]
    cuts = {
        "visits": [len(events)],
        "visits_by_substance": [sum(a == n for a, _ in events) for n in range(2)],
        "visits_by_age": [sum(b == n for _, b in events) for n in range(2)],
    }
    made = []
    for indicator, counts in cuts.items():
        drawn_values = [drawn(KEY, str(seed), f"{indicator} {n}", count, 5) for n, count in enumerate(counts)]
        pairs = [(v, other_neighbour(v, n, 5)) for v, n in zip(drawn_values, counts, strict=True)]
        made += table(indicator, *pairs)
    return made


def one_by_one(candidates: list[Candidate]) -> dict[Known, int]:
    """The gate as R9 words it, with no short cut; stops are not followed."""
    trial = Trial(Beside(), {one.drawn.group: one.parts for one in candidates}, Evidence())
    taken: dict[Known, Known] = {}
    for one in candidates:
        tries = [one.drawn, *([replace(one.drawn, value=one.other)] if one.other is not None else [])]
        taken[one.drawn] = next(cell for cell in tries if trial.passes([cell], taken))
    return {drawn_as: cell.value for drawn_as, cell in taken.items()}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_many_at_once_are_decided_as_one_after_the_other(seed):
    candidates = random_tables(seed)
    verdict = judge(candidates, Beside())
    if not verdict.stopped:
        assert verdict.values == one_by_one(candidates)


def test_small_crossing_tables_need_the_gate_and_never_stop_it():
    others = 0
    for seed in range(150):
        candidates = random_tables(seed)
        verdict = judge(candidates, Beside())
        others += verdict.evidence.other_neighbour
        assert not verdict.stopped
        assert verdict.evidence.narrowest >= 4
    assert others > 0


@pytest.mark.parametrize(("value", "count", "other"), [(5, 3, 0), (0, 3, 5), (10, 10, None), (20, 17, 15)])
def test_the_other_neighbour_is_on_the_other_side_of_the_count(value, count, other):
    assert other_neighbour(value, count, 5) == other
