import threading
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from harmreduction.pg.scope import APP, RELEASE, SEAL, acting
from sites.keyring import services as keyring
from sites.releases.models import LedgerCell
from sites.releases.sealing import seal_due
from tests import factories
from tests.releases.counted import cells, count, held, history, local, plan, seal


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    keyring._checked.clear()
    yield settings.KEYS_DIR
    keyring._checked.clear()


@pytest.fixture
def opened(site):
    """A site that opened on 2 November."""
    site.opened_on = date(2026, 11, 2)
    site.save()
    plan(site)
    return site


def days(**where) -> list[date]:
    return [cell.period_start for cell in cells(indicator="visits", **where)]


def test_a_day_is_sealed_two_days_later_at_six_on_the_sites_clock(opened):
    assert seal("2026-11-04 05:59") == 0
    assert seal("2026-11-04 06:00") == 1
    assert days() == [date(2026, 11, 2)]
    assert seal("2026-11-04 23:00") == 0
    assert seal("2026-11-07 06:00") == 3
    assert days()[-1] == date(2026, 11, 5)


def test_each_zone_has_its_own_morning(site):
    west = factories.make_site("S02", zone="America/Vancouver")
    for place in (site, west):
        place.opened_on = date(2026, 11, 2)
        place.save()
        plan(place)
    seal("2026-11-04 06:30")
    assert {cell.site_id for cell in cells()} == {site.pk}
    seal("2026-11-04 09:00")
    assert {cell.site_id for cell in cells()} == {site.pk, west.pk}


def test_a_month_is_sealed_on_the_fifth_with_the_sum_of_its_days(opened):
    history(opened, date(2026, 11, 2), date(2026, 11, 30))
    assert seal("2026-12-05 05:00") == 31
    assert seal("2026-12-05 06:00") == 3
    month = {cell.indicator: cell for cell in cells(grain="month")}
    assert {(c.period_start, c.period_end) for c in month.values()} == {
        (date(2026, 11, 1), date(2026, 11, 30))
    }
    assert set(held(indicator="reversals").values()) == {29}
    assert month["reversals"].value in (25, 30)
    assert month["naloxone_doses_staff"].value in (20, 30)


def test_the_inside_copy_is_what_the_counts_held(opened):
    history(opened, date(2026, 11, 2), date(2026, 11, 10))
    seal("2026-11-12 06:00")
    kept = held(indicator="visits")
    assert list(kept.values()) == [100 + n % 7 for n in range(9)]
    assert all(abs(cell.value - kept[cell.cell_id]) <= 4 for cell in cells(indicator="visits"))


def test_closed_days_and_empty_days_are_cells_like_any_other(opened):
    count(opened, date(2026, 11, 3), visits=0)
    count(opened, date(2026, 11, 4), visits=3)
    seal("2026-11-07 06:00")
    shapes = {(c.plan_version, c.indicator, c.grain, c.category, c.base, c.release_date) for c in cells()}
    assert len(shapes) == 1
    assert len(cells()) == 4


def test_a_site_without_a_plan_is_not_published(site):
    count(site, date(2026, 11, 3), visits=40)
    assert seal("2026-12-01 07:00") == 0


def test_without_an_opening_date_it_begins_with_the_month_of_the_first_count(site):
    """Not with its day: a first cell of 0 would then mean 1 to 4."""
    site.opened_on = None
    site.save()
    plan(site)
    assert seal("2026-11-08 07:00") == 0
    count(site, date(2026, 11, 4), visits=0)
    count(site, date(2026, 11, 5), visits=12)
    seal("2026-11-08 08:00")
    assert days() == [date(2026, 11, day) for day in range(1, 7)]


def test_sealing_again_changes_nothing_whatever_was_counted_since(opened):
    history(opened, date(2026, 11, 2), date(2026, 11, 10))
    seal("2026-11-12 06:00")
    before = [(c.pk, c.value) for c in cells()]
    for day in range(2, 11):
        count(opened, date(2026, 11, day), visits=7)
    assert seal("2026-11-12 07:00") == 0
    assert [(c.pk, c.value) for c in cells()] == before


def test_a_new_version_of_the_plan_never_seals_a_day_again(opened):
    seal("2026-11-10 06:00")
    plan(opened, "2026-2")
    seal("2026-11-11 06:00")
    sealed = days()
    assert len(sealed) == len(set(sealed))
    assert [c.plan_version for c in cells()][-1] == "2026-2"


def test_a_week_does_not_reach_over_days_already_sealed(opened):
    seal("2026-11-12 06:00")
    plan(opened, "2026-2", visits=5)
    seal("2026-11-25 06:00")
    weeks = cells(indicator="visits", grain="week")
    assert [(c.period_start, c.period_end) for c in weeks] == [(date(2026, 11, 16), date(2026, 11, 22))]


def test_what_comes_late_is_counted_once_a_year_apart(opened):
    history(opened, date(2026, 11, 2), date(2026, 12, 31), visits=lambda n: 50)
    seal("2027-01-05 06:00")
    before = [(c.cell_id, c.value) for c in cells()]
    count(opened, date(2026, 11, 9), visits=53)
    count(opened, date(2026, 12, 9), visits=49)
    assert seal("2027-02-01 05:59") > 0  # the days of January
    seal("2027-02-01 06:00")
    late = held(indicator="visits_late")
    assert list(late.values()) == [2]
    assert set(before) <= {(c.cell_id, c.value) for c in cells()}
    assert [(c.grain, c.period_start, c.period_end) for c in cells(indicator="visits_late")] == [
        ("year", date(2026, 1, 1), date(2026, 12, 31))
    ]


def test_a_net_loss_is_never_below_zero_and_is_carried_over(opened):
    history(opened, date(2026, 11, 2), date(2026, 12, 31), visits=lambda n: 50)
    seal("2027-01-05 06:00")
    count(opened, date(2026, 11, 9), visits=46)
    seal("2027-02-01 06:00")
    count(opened, date(2026, 11, 10), visits=57)
    seal("2028-02-01 06:00")
    assert list(held(indicator="visits_late").values()) == [0, 3]


def test_what_was_told_late_is_not_told_again_the_next_year(opened):
    history(opened, date(2026, 11, 2), date(2026, 12, 31), visits=lambda n: 50)
    seal("2027-01-05 06:00")
    count(opened, date(2026, 11, 9), visits=53)
    seal("2027-02-01 06:00")
    count(opened, date(2026, 11, 10), visits=52)
    seal("2028-02-01 06:00")
    assert list(held(indicator="visits_late").values()) == [3, 2]


def test_the_years_key_is_destroyed_after_its_last_seal(opened, keys, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        seal("2027-02-01 06:00")
    assert [path.name for path in keys.glob("*.key")] == ["S01-ledger-2027.key"]
    assert seal("2027-02-01 07:00") == 0
    assert seal("2027-02-02 06:00") == 1


def test_a_lost_key_stops_one_site_with_one_line(opened, other_site, keys, caplog):
    other_site.opened_on = date(2026, 11, 2)
    other_site.save()
    plan(other_site)
    seal("2026-11-05 06:00")
    (keys / "S01-ledger-2026.key").unlink()
    caplog.clear()
    assert seal("2026-11-06 06:00") == 1
    assert [record.getMessage() for record in caplog.records] == [
        "key S01-ledger-2026 is missing or changed: nothing is sealed for site S01"
    ]
    assert {c.site_id for c in cells(period_start=date(2026, 11, 4))} == {other_site.pk}


def refused(role: str, sql: str, sites) -> bool:
    try:
        with transaction.atomic(), acting(role=role, sites=sites), connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
            cursor.execute(sql)
    except DatabaseError as error:
        return "permission denied" in str(error) or "is only added to" in str(error)
    return False


@pytest.mark.parametrize(
    "table",
    ["record", "visit", "dailycount", "countedday", "overdoseevent", "naloxonedose", "dailyreport",
     "sealedcount", "client", "staff", "keycheck"],
)  # fmt: skip
def test_the_release_builder_cannot_reach_a_fact(opened, table):
    assert refused(RELEASE, f"table scs_{table}", [opened.pk])


@pytest.mark.parametrize(
    ("role", "sql"),
    [
        (APP, "insert into scs_ledgercell select * from scs_ledgercell"),
        (APP, "select 1 from scs_ledgercell"),
        (APP, "select 1 from scs_sealedcount"),
        (RELEASE, "insert into scs_ledgercell select * from scs_ledgercell"),
        (SEAL, "update scs_ledgercell set value = 0"),
        (SEAL, "delete from scs_ledgercell"),
        (SEAL, "select 1 from scs_record"),
        ("none", "update scs_ledgercell set value = value + 5"),
        ("none", "delete from scs_sealedcount"),
        ("none", "truncate scs_ledgercell"),
    ],
)
def test_the_ledger_is_only_added_to_and_only_by_the_seal(opened, role, sql):
    seal("2026-11-05 06:00")
    assert refused(role, sql, [opened.pk])


def test_two_at_once_write_each_cell_once(committed_site):
    site = committed_site
    with transaction.atomic():
        site.opened_on = date(2026, 11, 2)
        site.save()
    plan(site)
    history(site, date(2026, 11, 2), date(2026, 11, 20))
    sealed = []
    start = threading.Barrier(3)

    def work():
        start.wait()
        sealed.append(seal_due())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(sealed)[:2] == [0, 0]
    ids = [cell.cell_id for cell in cells()]
    assert len(ids) == len(set(ids)) == max(sealed) > 0


def test_a_cell_written_twice_keeps_its_first_value(opened):
    seal("2026-11-05 06:00")
    cell = cells()[0]
    with transaction.atomic(), acting(role=SEAL, sites=[opened.pk]):
        copy = LedgerCell(
            **{f.attname: getattr(cell, f.attname) for f in cell._meta.concrete_fields if f.attname != "id"}
        )
        copy.value = cell.value + 5
        LedgerCell.objects.bulk_create([copy], ignore_conflicts=True)
    assert cells()[0].value == cell.value


def test_at_the_clock_change_six_oclock_stays_six(opened):
    opened.opened_on = date(2026, 10, 30)
    opened.save()
    assert local("2026-11-01 06:00").utcoffset() != local("2026-10-31 06:00").utcoffset()
    assert seal("2026-11-01 05:59") == 0
    assert seal("2026-11-01 06:00") == 1
