"""The registry against its own SQL: random periods, three time zones, both nights of the clocks."""

import csv
import random
from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction

from harmreduction.pg.scope import acting
from sites.indicators.models import DailyCount
from sites.indicators.queries import read_period
from sites.indicators.services import rebuild, recount_due
from sites.indicators.terms import ALL
from sites.places.queries import day_bounds
from sites.reports.models import PeriodReport
from sites.reports.services import build_due
from tests.factories import at, make_site
from tests.indicators.by_sql import by_sql

ZONES = ["America/Toronto", "America/Winnipeg", "America/St_Johns"]
SPRING, AUTUMN = date(2026, 3, 7), date(2026, 10, 31)


def history(days: int, until: str, visits: int) -> None:
    call_command(
        "simulate", "--sites", str(len(ZONES)), "--days", str(days), "--seed", "11", "--until", until,
        "--visits-per-day", str(visits), stdout=StringIO(),
    )  # fmt: skip


def three_sites() -> list:
    return [make_site(f"S0{n}", zone=zone) for n, zone in enumerate(ZONES, start=1)]


def agrees(site, first: date, last: date) -> None:
    with acting(sites=[site.pk]):
        ours, theirs = read_period(site, first, last), by_sql(site, first, last)
    told = {name: ours.value(*name.split("/")) for name in theirs}
    assert told == theirs, (site.zone, first, last)


def nights_of_the_clocks(site, first: date, last: date) -> list[date]:
    """Service days of 23 or 25 hours."""
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    bounds = ((day, day_bounds(site, day)) for day in days)
    return [day for day, (starts, ends) in bounds if ends - starts != timedelta(hours=24)]


def periods_agree(sites: list, spans: list[tuple[date, date]], periods: int, seed: int) -> None:
    """The night of each clock change alone, then random periods."""
    chance = random.Random(seed)
    for site in sites:
        for first, last in spans:
            for night in nights_of_the_clocks(site, first, last):
                agrees(site, night, night)
    for _n in range(periods):
        first, last = chance.choice(spans)
        start = first + timedelta(days=chance.randrange((last - first).days + 1))
        end = start + timedelta(days=chance.randrange((last - start).days + 1))
        agrees(chance.choice(sites), start, end)


def test_random_periods_agree_to_the_unit(db):
    sites = three_sites()
    assert {(day_bounds(s, n)[1] - day_bounds(s, n)[0]) for s in sites for n in (SPRING, AUTUMN)} == {
        timedelta(hours=23), timedelta(hours=25)
    }  # fmt: skip
    with time_machine.travel(at("2026-11-10 18:00")):
        history(4, "2026-03-08", 10)
        history(9, "2026-11-08", 10)
        recount_due()
        spans = [(date(2026, 3, 5), date(2026, 3, 8)), (date(2026, 10, 31), date(2026, 11, 8))]
        periods_agree(sites, spans, periods=6, seed=3)
        build_due()
        for site in sites:
            with acting(sites=[site.pk]):
                week = PeriodReport.objects.at(site).get(grain="week", first=date(2026, 11, 2))
                sql = by_sql(site, week.first, week.last)
                assert {code: week.totals[code] for code in ("visits", "reversals", "ems_calls")} == {
                    code: sql[code] for code in ("visits", "reversals", "ems_calls")
                }


@pytest.mark.full
def test_fifty_random_periods_of_five_years_agree_to_the_unit(transactional_db):
    """Committed: five years of days in one transaction would hold more locks than the database has."""
    first, last = date(2021, 11, 19), date(2026, 11, 18)
    with transaction.atomic():
        sites = three_sites()
    with time_machine.travel(at("2026-11-20 18:00")):
        history(1826, "2026-11-18", 30)
        recount_due()
        assert [len(nights_of_the_clocks(site, first, last)) for site in sites] == [10, 10, 10]
        with transaction.atomic():
            periods_agree(sites, [(first, last)], periods=50, seed=50)


# --- Rebuilding -----------------------------------------------------------------------------
def written(path) -> bytes:
    call_command("daily_counts", "--csv", str(path), stdout=StringIO())
    return path.read_bytes()


def rebuilt_the_same(tmp_path, *, sites: int, days: int, visits: int) -> None:
    call_command(
        "simulate", "--sites", str(sites), "--days", str(days), "--seed", "4", "--until", "2026-11-18",
        "--visits-per-day", str(visits), stdout=StringIO(),
    )  # fmt: skip
    before, out = written(tmp_path / "before.csv"), StringIO()
    call_command("rebuild_counts", stdout=out)
    assert all(line.endswith("0 changés.") for line in out.getvalue().splitlines())
    assert len(out.getvalue().splitlines()) == sites
    assert written(tmp_path / "after.csv") == before
    assert len(list(csv.reader(StringIO(before.decode())))) > sites * days


def test_a_rebuild_is_identical(db, tmp_path):
    with time_machine.travel(at("2026-11-20 18:00")):
        rebuilt_the_same(tmp_path, sites=2, days=5, visits=8)


@pytest.mark.full
def test_a_year_of_twenty_sites_is_rebuilt_identical(db, tmp_path):
    with time_machine.travel(at("2026-11-20 18:00")):
        rebuilt_the_same(tmp_path, sites=20, days=365, visits=60)


def test_a_rebuild_mends_what_someone_changed_and_keeps_the_people_counted(site, tmp_path):
    with time_machine.travel(at("2026-11-20 18:00")):
        call_command(
            "simulate", "--sites", "1", "--days", "3", "--seed", "4", "--until", "2026-11-18",
            "--visits-per-day", "8", stdout=StringIO(),
        )  # fmt: skip
        before = written(tmp_path / "before.csv")
        with transaction.atomic():
            people = dict(
                DailyCount.objects.filter(indicator="unique_clients_day").values_list("service_date", "value")
            )
            DailyCount.objects.filter(indicator="visits", category=ALL).update(value=999)
        assert written(tmp_path / "planted.csv") != before
    with time_machine.travel(at("2026-12-20 18:00")):
        days = sorted(people)
        rebuild(site, days)
        kept = DailyCount.objects.filter(indicator="unique_clients_day", service_date__in=days)
        assert dict(kept.values_list("service_date", "value")) == people
        rows = written(tmp_path / "after.csv").splitlines()
        assert before.splitlines()[: len(days)] == rows[: len(days)]
