"""Releases of 62 mornings, sealed and built once for all of these tests."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction

from sites.keyring import services as keyring
from sites.places.models import Site
from sites.releases.publishing import build_due
from tests import factories
from tests.releases.counted import cells, seal
from tests.releases.written import FIRST, LAST, all_rows, read, three_sites, write

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def mornings(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "KEYS_DIR", tmp_path_factory.mktemp("keys"))
        keyring._checked.clear()
        three_sites(factories.make_site("S01"))
        for n in range((LAST - FIRST).days + 1):
            seal(f"{FIRST + timedelta(days=n + 2)} 06:00")
            build_due(waiting=False)
        yield write(tmp_path_factory.mktemp("written"))
        transaction.set_rollback(True)
    keyring._checked.clear()


def test_every_number_is_a_cell_or_a_sum_of_cells_counted_again_apart(mornings):
    assert list(mornings)[0] == "2026-09-23"
    rows = all_rows(mornings)
    places = Site.objects.select_related("region").in_bulk()
    ledger = [(places[c.site_id], c) for c in cells()]
    seen = set()
    for row in rows:
        name = tuple(row[k] for k in ("site", "region", "indicator", "grain", "period_start"))
        assert name not in seen
        seen.add(name)
        mine = [
            c
            for place, c in ledger
            if c.indicator == row["indicator"]
            and row["site"] in ("ALL", place.code)
            and row["region"] in ("ALL", place.region.code)
            and row["period_start"] <= c.period_start.isoformat()
            and c.period_end.isoformat() <= row["period_end"]
        ]
        assert int(row["value"]) == sum(c.value for c in mine)
        assert int(row["lower"]) == sum(max(0, c.value - c.base + 1) for c in mine)
        assert int(row["upper"]) == sum(c.value + c.base - 1 for c in mine)
        assert int(row["base"]) == (10 if row["indicator"] == "naloxone_doses_staff" else 5)
        rounded = row["site"] != "ALL" and len(mine) == 1 and mine[0].grain == row["grain"]
        assert row["status"] == ("rounded" if rounded else "derived")
    assert sum(row["status"] == "rounded" for row in rows) == len(ledger)


def test_totals_exist_for_each_scope_and_grain_that_is_whole(mornings):
    rows = all_rows(mornings)

    def periods(**where):
        found = [r for r in rows if all(r[k] == v for k, v in where.items())]
        return [r["period_start"] for r in found]

    for site, region in (("S01", "R01"), ("ALL", "R01"), ("ALL", "R02"), ("ALL", "ALL")):
        where = {"site": site, "region": region}
        assert len(periods(indicator="visits", grain="day", **where)) == 62
        assert periods(indicator="visits", grain="month", **where) == ["2026-09-01", "2026-10-01"]
        assert periods(indicator="visits", grain="quarter", **where) == ["2026-07-01"]
        assert periods(indicator="visits", grain="week", **where)[:2] == ["2026-09-21", "2026-09-28"]
        assert len(periods(indicator="visits", grain="week", **where)) == 8
        assert periods(indicator="visits", grain="year", **where) == []
        assert periods(indicator="reversals", grain="month", **where) == ["2026-09-01", "2026-10-01"]
        assert periods(indicator="reversals", grain="week", **where) == []


def test_a_total_is_written_in_the_release_that_completes_it(mornings):
    weeks = [
        (name, row["period_start"])
        for name, files in mornings.items()
        for row in read(files["release.csv"])
        if row["grain"] == "week" and row["site"] == "S01"
    ]
    assert weeks[0] == ("2026-09-29", "2026-09-21")
    october = {
        name
        for name, files in mornings.items()
        for row in read(files["release.csv"])
        if (row["indicator"], row["grain"], row["period_start"]) == ("visits", "month", "2026-10-01")
    }
    assert october == {"2026-11-02"}
