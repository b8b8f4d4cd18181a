"""What an import does to what is published: nothing to what is sealed, and never an exact figure."""

from datetime import date

import pytest

from sites.indicators.services import recount_due
from sites.keyring import services as keyring
from tests.imports.bringing import VISITS, as_csv, bring, undone, written
from tests.releases.counted import cells, held, plan, seal


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    keyring._checked.clear()
    yield
    keyring._checked.clear()


@pytest.fixture
def opened(site):
    site.opened_on = date(2026, 9, 1)
    site.save()
    plan(site)
    return site


def register(first: date, *visits_a_day: int) -> bytes:
    rows = [
        [f"{date.fromordinal(first.toordinal() + n)} 20:{minute:02d}", "21:30", "", "", "crack", "fumée", ""]
        for n, visits in enumerate(visits_a_day)
        for minute in range(visits)
    ]
    return as_csv(VISITS, rows)


def sealed() -> list[tuple]:
    return [(c.cell_id, c.value, c.release_date) for c in cells() if not c.indicator.endswith("_late")]


def test_sealed_days_stay_and_all_of_it_is_in_the_late_part(opened):
    seal("2026-09-20 07:00")
    before = sealed()
    assert before
    imported = written(bring(opened, "visits", register(date(2026, 9, 4), 3, 0, 7, 1)))
    assert imported.written == 11
    recount_due()
    seal("2026-09-20 08:00")
    assert sealed() == before
    seal("2027-02-02 07:00")
    [late] = cells(indicator="visits_late", period_start=date(2026, 1, 1))
    assert held(indicator="visits_late")[late.cell_id] == 11
    # One coarse figure for the year and no other: which days, or that it was an import, is told nowhere.
    assert late.value in (10, 15)
    assert (late.period_start, late.period_end) == (date(2026, 1, 1), date(2026, 12, 31))
    assert [cell for cell in cells() if cell.value % cell.base] == []


def test_an_import_undone_leaves_the_late_part_as_if_it_never_was(opened):
    seal("2026-09-20 07:00")
    undone(written(bring(opened, "visits", register(date(2026, 9, 4), 9, 9))))
    recount_due()
    seal("2027-02-02 07:00")
    assert set(held(indicator="visits_late").values()) == {0}


def test_what_was_before_the_plan_is_published_nowhere(opened):
    """History from before the plan: no cell for it, nor a late part that tells how many."""
    opened.opened_on = date(2025, 12, 1)
    opened.save()
    seal("2026-09-20 07:00")
    written(bring(opened, "visits", register(date(2025, 12, 10), 2, 8)))
    recount_due()
    seal("2027-02-02 07:00")
    assert min(cell.period_start for cell in cells()) >= date(2026, 1, 1)
    assert set(held(indicator="visits_late").values()) == {0}


def test_how_many_came_by_import_is_in_no_plan_and_no_release(opened):
    written(bring(opened, "visits", register(date(2026, 9, 4), 9)))
    recount_due()
    seal("2026-09-20 07:00")
    codes = {cell.indicator for cell in cells()}
    assert "visits" in codes
    assert [code for code in codes if "imported" in code] == []
