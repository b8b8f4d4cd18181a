"""What the figures are worth: twenty simulated years by the default plan."""

from math import sqrt

import pytest

from tests.releases.years import SIZES, Year, rmse, simulated, sums


def check(years: list[Year]) -> None:
    cells = [cell for year in years for cell in year.cells if not cell.indicator.endswith("_late")]
    for base, most in ((5, 2.1), (10, 4.2)):
        assert rmse(cell.error for cell in cells if cell.base == base) <= most
    assert all(abs(cell.error) < cell.base for year in years for cell in year.cells)
    of_five = [[cell for cell in year.cells if cell.base == 5] for year in years]
    assert rmse(error / sqrt(k) for year in of_five for k, error, _count in sums(year)) <= 2.1
    assert all(year.stopped == set() for year in years)
    assert all(year.programs for year in years)


def test_twenty_years_of_a_site_are_as_close_as_promised_and_nothing_stops():
    check([simulated(120, seed) for seed in range(20)])


@pytest.mark.full
def test_twenty_years_of_a_province_are_as_close_as_promised_and_nothing_stops():
    check([simulated(size, seed) for size in SIZES for seed in range(20)])
