from datetime import date, timedelta

import pytest

from sites.releases.explain import Series, cells_of, explained, over_a_year, series_of, whole
from sites.releases.models import LedgerCell
from sites.trail.models import TrailEntry
from tests.releases.counted import cells, count, held
from tests.releases.published import main, signed_in, text

VISITS = Series("visits", "ALL")


def of(site, day: date) -> LedgerCell:
    return next(cell for cell in cells_of(site, VISITS) if cell.period_start == day)


def test_a_cell_is_explained_by_its_two_neighbours(published):
    site = published[0]
    cell = of(site, date(2026, 11, 19))
    told = explained(site, cell)
    assert told.exact == held(cell_id=cell.cell_id)[cell.cell_id]
    assert told.below <= told.exact < told.above == told.below + 5
    assert cell.value in (told.below, told.above)
    assert told.rest + told.other_chances == 5
    assert told.later == 0


def test_what_came_later_is_told_apart(published):
    site = published[0]
    cell = of(site, date(2026, 11, 19))
    before = explained(site, cell)
    count(site, date(2026, 11, 19), visits=before.exact + 3)
    after = explained(site, cell)
    assert (after.exact, after.now, after.later) == (before.exact, before.exact + 3, 3)
    assert after.cell.value == before.cell.value


def test_every_month_of_the_year_lies_inside_its_range(published):
    site = published[0]
    months = over_a_year(site, cells_of(site, VISITS))
    assert [month.period[0] for month in months] == [date(2026, 9, 21), date(2026, 10, 1), date(2026, 11, 1)]
    for month in months:
        assert abs(month.error) <= month.most == 4 * month.cells
        assert month.usual < month.most
    everything = whole(months)
    assert everything.released == sum(cell.value for cell in cells(indicator="visits", site=site))
    assert everything.exact == sum(held(indicator="visits", site=site).values())
    assert everything.usual < everything.most / 4


def test_what_a_site_sealed_can_be_explained(published):
    named = series_of(published[0])
    assert named[0] == VISITS
    assert all(explained(published[0], cells_of(published[0], one)[0]).exact >= 0 for one in named)
    assert not [one for one in named if one.indicator.endswith("_late")]


def test_the_page_shows_both_and_the_look_is_written_down(published):
    site = published[0]
    cell = of(site, date(2026, 11, 19))
    told = explained(site, cell)
    page = main(signed_in(site).get("/releases/explain/?of=visits&from=2026-11-19"))
    assert f'<p class="v num">{told.exact}</p>' in page
    assert f'<p class="v num">{cell.value}</p>' in page
    assert "Interne, ne pas diffuser" in page
    assert "Presque toujours à moins de" in page
    entry = TrailEntry.objects.get(action="figure explained")
    assert (entry.actor, entry.about_id, entry.site_id) == ("manager-fr-ca", "visits 2026-11-19", site.pk)


def test_print_leaves_the_inside_out(published):
    page = main(signed_in(published[0]).get("/releases/explain/"))
    for part in ('class="side inside no-print"', 'class="toss no-print"', 'class="inside errors no-print"'):
        assert part in page


@pytest.mark.parametrize(
    "query", ["of=nothing", "of=visits&from=x", "from=1900-01-01", "of=%00", "of=visits:x"]
)
def test_what_is_not_there_shows_the_newest(published, query):
    answer = signed_in(published[0]).get(f"/releases/explain/?{query}")
    assert answer.status_code == 200
    assert "Interne" in text(answer)


def test_only_ones_own_site_is_explained(published):
    other = signed_in(published[1])
    page = main(other.get("/releases/explain/?of=visits&from=2026-11-20"))
    mine = explained(published[1], of(published[1], date(2026, 11, 20)))
    assert f'<p class="v num">{mine.exact}</p>' in page
    assert mine.exact != explained(published[0], of(published[0], date(2026, 11, 20))).exact


@pytest.mark.parametrize(
    "role", ["nurse", "shift_lead", "privacy_officer", "sysadmin", "security", "ph_reader"]
)
def test_exact_figures_are_for_who_reads_internal_reports(published, role):
    assert signed_in(published[0], role).get("/releases/explain/").status_code == 403


def test_a_multiple_of_the_base_says_that_it_stays(published):
    """20 November was set to 0 visits: sealed as 0, a multiple."""
    page = main(signed_in(published[0]).get("/releases/explain/?of=visits&from=2026-11-20"))
    assert "0 est déjà un multiple de 5" in page
    assert "de 0 à 4" in page


def test_a_year_back_and_no_further(published):
    newest, oldest = (lambda its: (its[0], its[-1]))(cells_of(published[0], VISITS))
    assert newest.period_start - oldest.period_start < timedelta(days=366)
