from datetime import date

import pytest

from sites.releases.models import PlanLine
from sites.releases.periods import containing, due_on, running
from sites.releases.plan import in_force
from sites.releases.planning import make_default

NEW_YEAR = date(2026, 1, 1)
BUSY = {"visits": 120, "reversals": 20, "naloxone_doses_staff": 45}


def grains(lines) -> dict[str, str]:
    return {line.indicator: line.grain for line in lines if not line.indicator.endswith("_late")}


@pytest.mark.parametrize(
    ("estimates", "expected"),
    [
        (BUSY, ("day", "month", "month")),
        ({"visits": 9.9, "reversals": 9, "naloxone_doses_staff": 4}, ("week", "quarter", "quarter")),
        ({"visits": 1, "reversals": 3, "naloxone_doses_staff": 0.9}, ("month", "year", "year")),
    ],
)
def test_a_small_site_takes_coarser_cells(site, estimates, expected):
    lines = make_default(site, "2026-1", NEW_YEAR, estimates)
    assert grains(lines) == dict(zip(["visits", "reversals", "naloxone_doses_staff"], expected, strict=True))


def test_what_stays_under_ten_a_year_is_not_published(site):
    lines = make_default(site, "2026-1", NEW_YEAR, BUSY | {"reversals": 0.5})
    assert {line.indicator.removesuffix("_late") for line in lines} == {"visits", "naloxone_doses_staff"}


def test_each_indicator_has_a_late_part_by_year_and_its_base(site):
    lines = {line.indicator: line for line in make_default(site, "2026-1", NEW_YEAR, BUSY)}
    assert {code for code in lines if code.endswith("_late")} == {
        "visits_late", "reversals_late", "naloxone_doses_staff_late",
    }  # fmt: skip
    assert lines["visits_late"].grain == "year"
    doses = lines["naloxone_doses_staff"]
    assert (doses.base, doses.cap, lines["visits"].base) == (10, 9, 5)


def test_a_version_that_exists_stays_as_it_is(site):
    make_default(site, "2026-1", NEW_YEAR, BUSY)
    make_default(site, "2026-1", NEW_YEAR, {"visits": 1, "reversals": 1, "naloxone_doses_staff": 1})
    assert grains(PlanLine.objects.all())["visits"] == "day"


def test_a_plan_begins_on_new_years_day(site):
    with pytest.raises(ValueError, match="1 January"):
        make_default(site, "2026-1", date(2026, 2, 1), BUSY)


def test_the_next_version_takes_over_on_its_day(site):
    make_default(site, "2026-1", NEW_YEAR, BUSY)
    make_default(site, "2027-1", date(2027, 1, 1), BUSY | {"visits": 5})
    before, after = in_force(PlanLine.objects.at(site))["visits"]
    assert before.until == date(2026, 12, 31)
    assert list(before.periods(date(2026, 12, 30), date(2027, 1, 9)))[-1] == (date(2026, 12, 31),) * 2
    # The week that began in the old year belongs to neither plan's weeks: its days are cells already.
    assert next(iter(after.periods(date(2026, 12, 30), date(2027, 1, 20)))) == (
        date(2027, 1, 4),
        date(2027, 1, 10),
    )


def test_periods_tile_the_calendar():
    for grain in ("day", "week", "month", "quarter", "year"):
        periods = list(running(grain, date(2025, 12, 20), date(2027, 2, 1)))
        assert all(
            a[1] < b[0] and (b[0] - a[1]).days == 1 for a, b in zip(periods, periods[1:], strict=False)
        )
        assert all(containing(grain, day) == period for period in periods for day in period)


@pytest.mark.parametrize(
    ("grain", "last", "due"),
    [
        ("day", date(2026, 11, 20), date(2026, 11, 22)),
        ("week", date(2026, 11, 22), date(2026, 11, 24)),
        ("month", date(2026, 12, 31), date(2027, 1, 5)),
        ("quarter", date(2026, 9, 30), date(2026, 10, 10)),
        ("year", date(2026, 12, 31), date(2027, 1, 15)),
    ],
)
def test_each_grain_has_its_lag(grain, last, due):
    assert due_on(grain, last) == due
    assert due_on("year", date(2026, 12, 31), late=True) == date(2027, 2, 1)
