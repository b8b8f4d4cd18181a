"""A plan at New Year: from what was published, by a person or by itself."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction

from harmreduction.pg.scope import SEAL, acting
from sites.indicators.models import DailyCount
from sites.keyring import services as keyring
from sites.releases.models import PlanLine
from sites.releases.newyear import planned_means, published_means
from sites.releases.planning import (
    TooSmall,
    adopt_next,
    begins,
    chosen,
    figures_of,
    propose,
    rounding_error,
    typed_means,
)
from sites.releases.released import BY_CODE
from tests.factories import at
from tests.releases.counted import cells, history, plan, seal

NEW_YEAR = date(2027, 1, 1)


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    keyring._checked.clear()
    yield
    keyring._checked.clear()


@pytest.fixture
def open_site(site):
    site.opened_on = date(2026, 1, 1)
    site.save()
    return site


def lines(site, version="2027") -> dict[str, PlanLine]:
    return {line.indicator: line for line in PlanLine.objects.at(site).filter(plan_version=version)}


def test_a_site_that_shrank_takes_coarser_cells_the_next_year(open_site):
    plan(open_site)
    history(open_site, date(2026, 1, 1), date(2026, 12, 31), visits=lambda n: 7, reversals=0, doses=1)
    seal("2026-12-31 12:00")
    assert not lines(open_site)
    seal("2027-01-01 06:00")
    made = lines(open_site)
    assert {code: line.grain for code, line in made.items() if not code.endswith("_late")} == {
        "visits": "week", "naloxone_doses_staff": "month",
    }  # fmt: skip
    assert {line.basis for line in made.values()} == {"published"}
    seal("2027-01-20 06:00")
    assert cells(indicator="visits", period_start__gte=NEW_YEAR)[0].grain == "week"
    assert cells(indicator="reversals", period_end=date(2026, 12, 31))


def test_facts_have_no_part_in_it(open_site):
    """The same published year, other facts: the same plan."""
    plan(open_site)
    history(open_site, date(2026, 1, 1), date(2026, 12, 31), visits=lambda n: 50)
    seal("2026-12-31 12:00")
    with transaction.atomic(), acting(sites=[open_site.pk]):
        DailyCount.objects.update(value=0)
    seal("2027-01-01 06:00")
    assert lines(open_site)["visits"].grain == "day"


def test_a_plan_that_a_person_adopted_stands(open_site):
    plan(open_site)
    history(open_site, date(2026, 1, 1), date(2026, 12, 31), visits=lambda n: 50)
    seal("2026-12-01 12:00")
    with time_machine.travel(at("2026-12-05 12:00"), tick=True):
        visits = BY_CODE["visits"]
        adopt_next(open_site, [chosen(visits, visits.cuts[0], "week", typed_means(visits, 50))], by="s01-05")
    seal("2027-01-20 12:00")
    assert {line.grain for line in lines(open_site).values()} == {"week", "year"}
    assert cells(indicator="visits", period_start__gte=NEW_YEAR)[0].grain == "week"
    assert not cells(indicator="reversals", period_start__gte=NEW_YEAR)


def test_a_year_that_has_begun_is_not_planned_again(open_site):
    """Nothing was published when 2027 began: the old plan goes on, for the whole year."""
    plan(open_site)
    history(open_site, date(2026, 1, 1), date(2027, 6, 1))
    seal("2027-06-01 06:00")
    seal("2027-06-02 06:00")
    assert not lines(open_site)
    assert {cell.plan_version for cell in cells()} == {"2026-1"}


def test_back_within_the_first_days_it_is_planned_before_anything_is_sealed(open_site):
    plan(open_site)
    history(open_site, date(2026, 1, 1), date(2027, 1, 31), visits=lambda n: 50)
    seal("2026-12-20 06:00")
    seal("2027-01-20 06:00")
    assert lines(open_site)["visits"].grain == "day"
    assert {cell.plan_version for cell in cells(period_start__gte=NEW_YEAR)} == {"2027"}


def test_a_site_that_closed_is_not_planned_on(open_site):
    plan(open_site)
    open_site.closed_on = date(2026, 9, 1)
    open_site.save()
    history(open_site, date(2026, 1, 1), date(2026, 8, 31))
    seal("2027-01-01 06:00")
    seal("2027-03-01 06:00")
    assert not lines(open_site)
    assert cells(indicator="visits")[-1].period_end == date(2026, 12, 31)


def test_a_site_that_opened_in_autumn_is_planned_by_the_days_it_was_open(open_site):
    open_site.opened_on = date(2026, 10, 1)
    open_site.save()
    plan(open_site, visits_by_substance=100)
    history(open_site, date(2026, 10, 1), date(2026, 12, 31), visits=lambda n: 40, reversals=1)
    seal("2026-12-31 12:00")
    with transaction.atomic(), acting(role=SEAL, sites=[open_site.pk]):
        old = {line.indicator: line for line in PlanLine.objects.all()}
        means = published_means(open_site, NEW_YEAR, old["visits"])
        assert published_means(open_site, NEW_YEAR, old["visits_by_substance"]) is None
    assert list(means.values()) == [pytest.approx(40, abs=0.01)]
    assert planned_means(old["visits"]) == {frozenset({"ALL"}): 120}
    assert sum(planned_means(old["visits_by_substance"]).values()) == pytest.approx(100)


def test_merged_parts_are_not_told_apart_by_what_was_published():
    ages = BY_CODE["visits_by_age"]
    merged = {frozenset(part.of): 30.0 for part in ages.cuts[1]}
    assert [f.part.code for f in propose(ages, merged).figures] == ["lt30", "30_39", "40_49", "50p_unk"]
    fine = {frozenset(part.of): 30.0 for part in ages.cuts[0]} | {frozenset({"lt20"}): 0.001}
    assert [f.part.code for f in propose(ages, fine).figures][0] == "lt30"


# --- Adopted by a person -------------------------------------------------------------------
def test_a_plan_is_never_decided_in_the_year_it_is_for(site):
    with time_machine.travel(at("2026-11-22 12:00"), tick=True):
        assert begins(site) == date(2026, 1, 1)
        plan(site)
        assert begins(site) == NEW_YEAR
        first = adopt_next(site, [propose(BY_CODE["visits"], {frozenset({"ALL"}): 30})], by="s01-05")
        again = adopt_next(site, [propose(BY_CODE["visits"], {frozenset({"ALL"}): 3})], by="s01-05")
    assert [lines_[0].plan_version for lines_ in (first, again)] == ["2027", "2027-2"]
    assert {line.made_by for line in again} == {"s01-05"}


def test_a_cell_that_is_too_small_is_refused_with_its_reason():
    visits = BY_CODE["visits"]
    with pytest.raises(TooSmall, match=r"^9\.0 en moyenne par jour : il en faut au moins 10"):
        chosen(visits, visits.cuts[0], "day", typed_means(visits, 9))
    with pytest.raises(TooSmall, match="ne se publie pas ainsi"):
        chosen(BY_CODE["unique_clients"], visits.cuts[0], "year", typed_means(visits, 900))
    small = propose(BY_CODE["ems_calls"], typed_means(BY_CODE["ems_calls"], 0.1))
    assert small.grain == ""
    assert "en moyenne par année" in small.why_not


def test_the_error_to_expect_is_that_of_the_draw(site):
    assert rounding_error(5, 1000) == pytest.approx(2.0)
    assert rounding_error(10, 1000) == pytest.approx(16.5**0.5)
    assert rounding_error(5, 0) == 0
    # Two events a period on average: 4·P(1) + 6·P(2) + 6·P(3) + 4·P(4) + 4·P(6) + …
    assert rounding_error(5, 2) ** 2 == pytest.approx(4.225, abs=0.001)
    made = plan(site, visits=100)
    (visits,) = figures_of(next(line for line in made if line.indicator == "visits"))
    assert (visits.mean, round(visits.error, 2), round(visits.percent, 2)) == (100, 2.0, 2.0)
    assert visits.error_of_sum(365) == pytest.approx(2 * 365**0.5)


def test_new_year_in_the_middle_of_a_week_loses_no_day(open_site):
    plan(open_site, visits=5)
    history(open_site, date(2026, 1, 1), date(2027, 1, 31), visits=lambda n: 5)
    seal("2026-12-31 12:00")
    seal("2027-02-01 06:00")
    weeks = cells(indicator="visits")
    ends = [(cell.period_start, cell.period_end) for cell in weeks]
    assert all(a[1] + timedelta(1) == b[0] for a, b in zip(ends, ends[1:], strict=False))
    assert (date(2026, 12, 28), date(2027, 1, 3)) in ends
