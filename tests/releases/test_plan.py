from datetime import date

import pytest

from sites.indicators.periods import containing, running
from sites.releases.models import PlanLine
from sites.releases.plan import in_force, last_planned
from sites.releases.planning import make_default
from tests.releases.counted import BUSY, plan

NEW_YEAR = date(2026, 1, 1)
# The indicators that privacy.md R1 names and whose facts exist, and the syringes given to people.
NAMED = {
    "visits", "reversals", "naloxone_doses_staff", "visits_with_emergency", "ems_calls", "new_clients",
    "kits_given_to_people", "unique_clients", "visits_by_substance", "visits_by_age", "syringe_tens_out",
    "services", "referrals", "drug_checks", "incidents",
}  # fmt: skip


def grains(lines) -> dict[str, str]:
    return {line.indicator: line.grain for line in lines if not line.indicator.endswith("_late")}


def parts(line) -> list[str]:
    return [part["code"] for part in line.parts]


@pytest.mark.parametrize(
    ("estimates", "expected"),
    [
        (BUSY, ("day", "month", "month")),
        ({"visits": 9.9, "reversals": 9, "naloxone_doses_staff": 4}, ("week", "quarter", "quarter")),
        ({"visits": 1, "reversals": 3, "naloxone_doses_staff": 0.9}, ("month", "year", "year")),
    ],
)
def test_a_small_site_takes_coarser_cells(site, estimates, expected):
    lines = plan(site, **estimates)
    assert grains(lines) == dict(zip(["visits", "reversals", "naloxone_doses_staff"], expected, strict=True))


def test_the_default_plan_of_a_busy_site_is_the_one_that_is_promised(site):
    lines = make_default(site, "2026", NEW_YEAR, {"visits": 300})
    by_code = {line.indicator: line for line in lines}
    assert grains(lines) == {
        "visits": "day", "reversals": "month", "naloxone_doses_staff": "month",
        "visits_with_emergency": "month", "ems_calls": "month", "new_clients": "month",
        "unique_clients": "month", "visits_by_substance": "quarter", "visits_by_age": "quarter",
        "kits_given_to_people": "week",
        "syringe_tens_out": "month", "services": "month", "referrals": "month", "drug_checks": "month",
        "incidents": "quarter",
    }  # fmt: skip
    assert {code for code in by_code if code.endswith("_late")} == {f"{code}_late" for code in NAMED}
    assert parts(by_code["visits"]) == ["ALL"]
    assert parts(by_code["visits_by_substance"]) == [
        "opioid_only", "stimulant_only", "opioid_and_stimulant", "other",
    ]  # fmt: skip
    assert len(by_code["visits_by_age"].parts) == 7
    tens = ("naloxone_doses_staff", "syringe_tens_out")
    assert {line.base for line in lines if not line.indicator.startswith(tens)} == {5}
    assert {line.base for line in lines if line.indicator.startswith(tens)} == {10}


def test_every_cut_holds_every_category_once(site):
    made = make_default(site, "2026", NEW_YEAR, {"visits": 300})
    for code in ("visits_by_substance", "visits_by_age"):
        finest = {line.indicator: line for line in made}[code]
        named = [category for part in finest.parts for category in part["of"]]
        assert len(named) == len(set(named)) == len(finest.parts)


def test_parts_are_merged_only_when_no_grain_is_enough(site):
    merged = make_default(site, "2026", NEW_YEAR, {"visits": 0.5})
    by_code = {line.indicator: line for line in merged}
    assert parts(by_code["visits_by_substance"]) == ["opioid", "no_opioid"]
    assert by_code["visits_by_substance"].grain == "quarter"
    assert parts(by_code["visits_by_age"]) == ["lt30", "30_39", "40_49", "50p_unk"]
    assert by_code["visits_by_age"].grain == "year"
    assert [part["mean"] for part in by_code["visits_by_age"].parts] == [31.03, 58.4, 51.1, 41.98]


def test_people_have_no_coarser_grain_than_the_month(site):
    lines = make_default(site, "2026", NEW_YEAR, {"visits": 60, "unique_clients": 9})
    assert "unique_clients" not in grains(lines)
    assert "unique_clients_late" not in {line.indicator for line in lines}


def test_what_stays_under_ten_a_year_is_not_published(site):
    lines = plan(site, reversals=0.5)
    assert {line.indicator.removesuffix("_late") for line in lines} == {"visits", "naloxone_doses_staff"}


def test_each_indicator_has_a_late_part_by_year_and_its_base(site):
    lines = {line.indicator: line for line in plan(site)}
    assert {code for code in lines if code.endswith("_late")} == {
        "visits_late", "reversals_late", "naloxone_doses_staff_late",
    }  # fmt: skip
    assert lines["visits_late"].grain == "year"
    doses = lines["naloxone_doses_staff"]
    assert (doses.base, doses.cap, lines["visits"].base) == (10, 9, 5)


def test_a_version_that_exists_stays_as_it_is(site):
    plan(site)
    plan(site, visits=1, reversals=1, naloxone_doses_staff=1)
    assert grains(PlanLine.objects.all())["visits"] == "day"


def test_a_plan_begins_on_new_years_day(site):
    with pytest.raises(ValueError, match="1 January"):
        make_default(site, "2026-1", date(2026, 2, 1), {"visits": 120})


def test_the_next_version_takes_over_on_its_day(site):
    plan(site)
    plan(site, "2027-1", 2027, visits=5)
    before, after = in_force(PlanLine.objects.at(site))["visits"]
    assert before.until == date(2026, 12, 31)
    assert list(before.periods(date(2026, 12, 30), date(2027, 1, 9)))[-1] == (date(2026, 12, 31),) * 2
    # The week that began in the old year belongs to neither plan's weeks: its days are cells already.
    assert next(iter(after.periods(date(2026, 12, 30), date(2027, 1, 20)))) == (
        date(2027, 1, 4),
        date(2027, 1, 10),
    )


@pytest.mark.parametrize(("visits", "begins"), [(5, date(2027, 1, 4)), (120, date(2027, 1, 4))])
def test_a_week_across_new_year_is_one_cell_of_the_old_plan(site, visits, begins):
    plan(site, visits=5)
    plan(site, "2027-1", 2027, visits=visits)
    before, after = in_force(PlanLine.objects.at(site))["visits"]
    assert list(before.periods(date(2026, 12, 30), date(2027, 2, 1))) == [
        (date(2026, 12, 28), date(2027, 1, 3))
    ]
    assert next(iter(after.periods(date(2026, 12, 1), date(2027, 1, 20))))[0] == begins


def test_before_months_the_last_week_ends_within_the_year(site):
    plan(site, visits=5)
    plan(site, "2027-1", 2027, visits=1)
    before, after = in_force(PlanLine.objects.at(site))["visits"]
    assert before.until == date(2026, 12, 31)
    assert next(iter(after.periods(date(2026, 12, 1), date(2027, 3, 1))))[0] == date(2027, 1, 1)


def test_a_site_that_closes_keeps_its_cells_to_the_end_of_the_year(site):
    assert last_planned(site) == date.max
    site.closed_on = date(2026, 5, 5)
    assert last_planned(site) == date(2026, 12, 31)


def test_periods_tile_the_calendar():
    for grain in ("day", "week", "month", "quarter", "year"):
        periods = list(running(grain, date(2025, 12, 20), date(2027, 2, 1)))
        assert all(
            a[1] < b[0] and (b[0] - a[1]).days == 1 for a, b in zip(periods, periods[1:], strict=False)
        )
        assert all(containing(grain, day) == period for period in periods for day in period)


@pytest.mark.parametrize(
    ("estimates", "last", "due"),
    [
        ({"visits": 120}, date(2026, 11, 20), date(2026, 11, 22)),
        ({"visits": 5}, date(2026, 11, 22), date(2026, 11, 24)),
        ({"visits": 1}, date(2026, 12, 31), date(2027, 1, 5)),
        ({"visits": 0.2}, date(2026, 9, 30), date(2026, 10, 10)),
        ({"visits": 0.05}, date(2026, 12, 31), date(2027, 1, 15)),
    ],
)
def test_each_grain_has_its_lag(site, estimates, last, due):
    plan(site, **estimates)
    covered = in_force(PlanLine.objects.at(site))
    assert covered["visits"][0].due_on(last) == due
    assert covered["visits_late"][0].due_on(date(2026, 12, 31)) == date(2027, 2, 1)
