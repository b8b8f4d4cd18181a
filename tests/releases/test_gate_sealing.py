"""The gate where it works: between the draw and the ledger of a small site."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from harmreduction.pg.scope import APP, RELEASE, SEAL, acting
from sites.indicators.models import DailyCount
from sites.keyring import services as keyring
from sites.places.models import Region, Site
from sites.releases.draw import drawn
from sites.releases.external import Told, narrowed_by, register_figure
from sites.releases.ledger import gate_found, read
from sites.releases.models import GateLog, Stop
from sites.releases.publishing import outside
from tests import factories
from tests.releases.counted import cells, count, held, plan, seal

KEY = bytes(range(32))
QUARTER = (date(2026, 1, 1), date(2026, 3, 31))
MAY = (date(2026, 5, 1), date(2026, 5, 31))


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    """The same key in every run: what is drawn is known beforehand."""
    settings.KEYS_DIR = tmp_path / "keys"
    settings.KEYS_DIR.mkdir()
    for code in ("S01", "S02"):
        (settings.KEYS_DIR / f"{code}-ledger-2026.key").write_bytes(KEY)
    keyring._checked.clear()
    yield
    keyring._checked.clear()


def open_on(place, day=QUARTER[0]):
    place.opened_on = day
    place.save()
    return place


def parts(site, day: date, indicator: str, **values: int) -> None:
    with transaction.atomic(), acting(sites=[site.pk]):
        DailyCount.objects.bulk_create(
            DailyCount(site=site, service_date=day, indicator=indicator, category=category, value=value)
            for category, value in (values | {"ALL": sum(values.values())}).items()
        )


def logs(role=SEAL) -> list[GateLog]:
    with transaction.atomic(), acting(role=role, sites=list(Site.objects.values_list("pk", flat=True))):
        return list(GateLog.objects.order_by("at", "site"))


@pytest.fixture
def small(site):
    """A site planned by quarter: visits whole, and in two parts and four."""
    plan(open_on(site), visits=0.2, visits_by_substance=0.5, visits_by_age=2)
    return site


def drawn_as(key: bytes, site, indicator: str, category: str, value: int) -> int:
    return drawn(key, "2026-1", f"{site.code}|{indicator}|quarter|2026-01-01|{category}", value, 5)


def pinned(site) -> tuple[bytes, int, int]:
    """A key, and how many visits were with an opioid and without one, whose draws say more than they may."""
    for seed in range(1, 256):
        key = bytes((seed + n) % 256 for n in range(32))
        for first in range(1, 5):
            for second in range(1, 5):
                whole = drawn_as(key, site, "visits", "ALL", first + second)
                halves = drawn_as(key, site, "visits_by_substance", "opioid", first) + drawn_as(
                    key, site, "visits_by_substance", "no_opioid", second
                )
                if abs(whole - halves) == 10:
                    return key, first, second
    raise AssertionError("no table is pinned")


def test_a_table_that_would_pin_a_cell_is_sealed_with_the_other_neighbour(small, settings):
    key, first, second = pinned(small)
    (settings.KEYS_DIR / "S01-ledger-2026.key").write_bytes(key)
    day = date(2026, 2, 3)
    substance = {"opioid_only": first, "stimulant_only": second}
    ages = {"20_29": first, "30_39": second}
    count(small, day, visits=sum(substance.values()))
    parts(small, day, "visits_by_substance", **substance)
    parts(small, day, "visits_by_age", **ages)
    seal("2026-04-10 06:00")
    exact = held(period_start=QUARTER[0])
    sealed = [cell for cell in cells(grain="quarter") if cell.indicator.startswith("visits")]
    assert len(sealed) == 7
    changed = [
        cell
        for cell in sealed
        if cell.value != drawn_as(key, small, cell.indicator, cell.category, exact[cell.cell_id])
    ]
    assert changed
    assert all(abs(cell.value - exact[cell.cell_id]) <= 4 for cell in sealed)
    (log,) = [log for log in logs() if log.relations]
    assert (log.other_neighbour, log.narrowest) == (len(changed), 4)
    assert log.programs > 0
    assert not Stop.objects.exists()


def test_on_an_ordinary_morning_nothing_is_tied_and_no_program_is_solved(site):
    plan(open_on(site, date(2026, 5, 1)), visits_by_substance=100, visits_by_age=100)
    seal("2026-05-05 06:00")
    (log,) = logs()
    assert (log.cells, log.relations, log.programs, log.narrowest) == (3, 0, 0, 4)


def test_a_breakdown_is_tied_to_the_days_that_were_sealed_before(site):
    plan(open_on(site), visits_by_substance=100, visits_by_age=100)
    seal("2026-04-09 06:00")
    assert not any(log.relations for log in logs())
    seal("2026-04-10 06:00")
    assert logs()[-1].relations >= 2


def test_the_gates_log_of_a_release_is_what_its_manifest_says(small):
    seal("2026-04-10 06:00")
    with outside():
        found = gate_found((date(2026, 4, 10), 1))
    assert found["result"] == "passed"
    assert found["cells_judged"] == len(cells()) > 0
    assert found["narrowest_width"] >= 4
    assert found["stopped"] == []
    with outside():
        assert gate_found((date(2026, 4, 9), 1))["result"] == "not judged"


# --- Figures of others ------------------------------------------------------------------
def told(site, lower, upper=None, **more) -> Told:
    upper = lower if upper is None else upper
    return Told("Santé Canada", "ems_calls", MAY, lower, upper, site=site, clock="service_day", **more)


@pytest.fixture
def calls(site):
    plan(open_on(site, MAY[0]), ems_calls=20)
    count(site, MAY[0], ems_calls_capped=10)
    return site


def stops() -> list[tuple[str, str]]:
    with outside():
        return list(Stop.objects.values_list("indicator", "plan_version"))


def test_what_is_refused_both_ways_stops_the_indicator_until_the_next_plan(calls):
    """Someone tells at most 8 calls, which a 10 (6 to 14) would make 6 to 8; 10 has no other neighbour."""
    register_figure(told(calls, 0, 8), by="essai")
    seal("2026-06-05 06:00")
    assert stops() == [("ems_calls", "2026-1")]
    assert not cells(indicator="ems_calls")
    assert cells(indicator="reversals")
    with outside():
        stopped = gate_found((date(2026, 6, 5), 1))["stopped"]
    assert stopped == [{"site": "S01", "indicator": "ems_calls", "plan_version": "2026-1"}]
    seal("2026-07-05 06:00")
    seal("2027-02-01 06:00")
    assert not cells(indicator__startswith="ems_calls")
    plan(calls, "2027-1", 2027, ems_calls=20)
    seal("2027-03-05 06:00")
    assert [cell.period_start for cell in cells(indicator="ems_calls")] == [
        date(2027, 1, 1), date(2027, 2, 1)
    ]  # fmt: skip


def test_the_exact_figure_of_someone_else_stops_nothing(calls):
    register_figure(told(calls, 10), by="essai")
    seal("2026-06-05 06:00")
    assert [cell.value for cell in cells(indicator="ems_calls", period_start=MAY[0])] == [10]


def test_a_figure_of_a_region_ties_its_sites(calls):
    other = factories.make_site("S02")
    elsewhere = factories.make_site("S03")
    elsewhere.region = Region.objects.create(code="R09", name_fr="R")
    elsewhere.save()
    plan(open_on(other, MAY[0]), ems_calls=20)
    count(other, MAY[0], ems_calls_capped=10)
    region = Told("DRSP", "ems_calls", MAY, 20, 20, region=calls.region, clock="service_day")
    register_figure(region, by="essai")
    seal("2026-06-05 06:00")
    assert [log.relations for log in logs()] == [1, 0]


def test_what_a_return_would_narrow_is_told_before_it_is_sent(calls):
    count(calls, date(2026, 5, 3), ems_calls_capped=3)
    seal("2026-06-05 06:00")
    (cell,) = cells(indicator="ems_calls", period_start=MAY[0])
    edge = cell.value + 3
    (narrow,) = narrowed_by(told(calls, edge, edge + 40), Site.objects.all())
    assert (narrow.indicator, narrow.period) == ("ems_calls", MAY)
    assert narrowed_by(told(calls, cell.value, cell.value + 40), Site.objects.all()) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"indicator": "staff"},
        {"lower": 9, "upper": 8},
        {"lower": -1, "upper": 8},
        {"period": (MAY[1], MAY[0])},
        {"region": "R01"},
    ],
)
def test_a_figure_that_cannot_be_reckoned_with_is_refused(site, wrong):
    given = {
        "publisher": "X", "indicator": "visits", "period": MAY, "lower": 1, "upper": 2, "site": site,
    } | wrong  # fmt: skip
    if "region" in wrong:
        given["region"] = site.region
    with pytest.raises(ValueError, match="."):
        register_figure(Told(**given), by="essai")


# --- Who may read what -------------------------------------------------------------------
@pytest.mark.parametrize("column", ["programs", "other_neighbour", "*"])
def test_what_the_gate_refused_does_not_reach_the_release_builder(site, column):
    with pytest.raises(DatabaseError, match="permission denied"):
        with transaction.atomic(), acting(role=RELEASE, sites=[site.pk]), connection.cursor() as cursor:
            cursor.execute(f"select {column} from scs_gatelog")  # noqa: S608


@pytest.mark.parametrize("table", ["gatelog", "stop", "externalfigure", "planline"])
@pytest.mark.parametrize("role", [APP, SEAL, RELEASE, "none"])
def test_what_was_registered_is_never_changed(calls, table, role):
    register_figure(told(calls, 0, 8), by="essai")
    seal("2026-06-05 06:00")
    for change in ("update scs_{} set site_id = site_id", "delete from scs_{}"):
        with pytest.raises(DatabaseError, match="permission denied|only added to"):
            with transaction.atomic(), acting(role=role, sites=[calls.pk]), connection.cursor() as cursor:
                cursor.execute(change.format(table))


def test_the_ledger_alone_gives_the_gate_all_it_reads(small):
    """Reading as the release builder, who can reach no fact, finds the same cells as the gate had."""
    seal("2026-04-10 06:00")
    with outside():
        ledger = read()
    assert sum(len(its) for its in ledger.cells.values()) == len(cells())
    assert small.pk in ledger.plan
    assert QUARTER[1] + timedelta(days=10) == date(2026, 4, 10)
