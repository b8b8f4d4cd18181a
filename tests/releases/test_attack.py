"""Everything ever published by a small province, attacked; and naive releases of the same counts."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction

from harmreduction.pg.scope import acting
from sites.indicators.models import DailyCount
from sites.indicators.periods import containing
from sites.keyring import services as keyring
from sites.releases.gate import Beside, judge
from sites.releases.weaving import Known
from tests.releases.attacker import Fact, attack, facts_of
from tests.releases.province import ONE_DAY, held, live_through, released_rows, settle, sites
from tests.releases.test_gate import random_tables


@pytest.fixture
def keys(transactional_db, settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    keyring._checked.clear()
    yield
    keyring._checked.clear()


def test_a_season_of_a_province_tells_nothing_and_a_naive_one_tells_much(keys, tmp_path):
    """Eight weeks, sealed some mornings only; the rest of the year in one go, late parts included."""
    first, middle, last = date(2026, 8, 17), date(2026, 8, 30), date(2026, 10, 11)
    settle(first, middle, last, visits_per_day=10)
    mornings = [first + timedelta(days=12 * n) for n in range(2, 5)]
    live_through([*mornings, date(2026, 10, 13), date(2027, 2, 1)], tmp_path / "out")
    check(tmp_path / "out", least_cells=500, naive=[(date(2026, 8, 31), date(2026, 10, 4))])


@pytest.mark.full
def test_a_year_of_a_province_tells_nothing_and_a_naive_one_tells_much(keys, tmp_path):
    """Every morning of a year, with sites of the usual size."""
    first, middle, last = date(2025, 11, 1), date(2026, 5, 31), date(2026, 10, 31)
    settle(first, middle, last, visits_per_day=30)
    mornings = [first + timedelta(days=n) for n in range(3, (last - first).days + 4)]
    live_through([*mornings, date(2026, 11, 12), date(2027, 2, 1)], tmp_path / "out")
    quarters = [date(2025, 11, 3) + timedelta(weeks=13 * n) for n in range(4)]
    naive = [(start, start + timedelta(days=90)) for start in quarters]
    check(tmp_path / "out", least_cells=1900, naive=naive)


def check(out, least_cells: int, naive: list[tuple[date, date]]) -> None:
    facts, exact = facts_of(released_rows(out)), held()
    for nothing_late in (True, False):
        found = attack(facts, nothing_late=nothing_late)
        assert found.leaks == []
        assert found.cells >= least_cells, found.cells
    assert found.programs > 0 or not nothing_late
    # The counts are in the bounds that were published.
    known = {(f.site, f.indicator, f.category, f.first, f.last): (f.low, f.high) for f in facts}
    assert all(known[cell][0] <= count <= known[cell][1] for cell, count in exact.items())
    assert len(exact) == found.cells
    # Without the protection the same attacker finds what was rounded level by level, or hidden under five.
    for span in naive:
        careless = by_day(*span)
        assert len(attack(rounded_apart(careless)).leaks) > 10
        leaks = attack(hidden_under_five(careless)).leaks
        hidden = [leak for leak in leaks if leak.fact.low < leak.fact.high]
        assert len(hidden) > 10
        assert any(leak.low == leak.high for leak in hidden)


# --- The same facts, released naively -------------------------------------------------------
Counts = dict[tuple, int]
SMALL = ("reversals", "left_no_consume")


def by_day(first: date, last: date) -> Counts:
    """What the sites counted each day, as a careless release would start from."""
    places = {site.pk: site.code for site in sites()}
    with transaction.atomic(), acting(sites=list(places)):
        rows = DailyCount.objects.filter(
            indicator__in=SMALL, category="ALL", service_date__range=(first, last)
        ).values_list("site", "indicator", "service_date", "value")
        return {(places[site], code, day): int(value) for site, code, day, value in rows}


def totals(counts: Counts) -> Counts:
    """Each site and their sum, by day, week and month."""
    summed: Counts = defaultdict(int)
    for (site, indicator, day), count in counts.items():
        for place in (site, "ALL"):
            for grain in ("day", "week", "month"):
                summed[place, indicator, *containing(grain, day)] += count
    return summed


def rounded_apart(counts: Counts) -> list[Fact]:
    """Every figure rounded at random to a multiple of 5, on its own."""
    rng = random.Random(5)
    told = []
    for (site, indicator, first, last), count in sorted(totals(counts).items()):
        whole, rest = divmod(count, 5)
        value = 5 * whole + 5 * (rng.random() < rest / 5)
        told.append(Fact(site, "R01", indicator, "ALL", first, last, max(0, value - 4), value + 4))
    return told


def hidden_under_five(counts: Counts) -> list[Fact]:
    """Every figure as it is, but 1 to 4 hidden."""
    return [
        Fact(site, "R01", indicator, "ALL", first, last, *((1, 4) if 0 < count < 5 else (count, count)))
        for (site, indicator, first, last), count in sorted(totals(counts).items())
    ]


def test_the_naive_releases_do_hide_small_figures():
    day = date(2026, 9, 7)
    counts = {("S01", "reversals", day + n * ONE_DAY): n for n in range(7)}
    hidden = hidden_under_five(counts)
    assert sum((fact.low, fact.high) == (1, 4) for fact in hidden) == 8
    assert {fact.high - fact.low for fact in rounded_apart(counts)} <= {4, 8}


# --- Two breakdowns of few events -----------------------------------------------------------
def as_facts(values: dict[Known, int]) -> list[Fact]:
    known = [(cell, replace(cell, value=value)) for cell, value in values.items()]
    return [
        Fact("S01", "R01", cell.indicator, cell.category, *cell.period, sealed.low, sealed.high)
        for cell, sealed in known
    ]


def test_the_attacker_finds_what_the_gate_is_for_and_nothing_behind_it():
    """Draws of a site so small that its cuts pin each other: as drawn, and as the gate let them pass."""
    pinned = 0
    for seed in range(80):
        candidates = random_tables(seed)
        pinned += bool(attack(as_facts({one.drawn: one.drawn.value for one in candidates})).leaks)
        assert attack(as_facts(judge(candidates, Beside()).values)).leaks == []
    assert pinned > 3
