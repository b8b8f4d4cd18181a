"""Weeks, months and quarters: built once, whoever builds and whenever they die; restated; signed."""

import json
import random
from copy import deepcopy
from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from harmreduction.pg.scope import acting
from sites.indicators.services import recount_due
from sites.indicators.terms import ALL
from sites.reports import building, services
from sites.reports.models import DailyReport, PeriodReport, PeriodToBuild
from sites.reports.queries import newest_period
from sites.reports.signing import signed_file
from sites.reports.terms import ReportStatus
from tests.factories import at, record, send
from tests.indicators.test_counts import a_visit, an_event
from tests.reports.test_build import together

WEEK, MONTH, QUARTER = date(2026, 9, 21), date(2026, 9, 1), date(2026, 7, 1)
# Wednesday, 30 September is over: the month, the quarter and the weeks before have closed.
MORNING = "2026-10-01 15:00"


def tell(site) -> None:
    for day in (15, 22, 23, 30):
        send(site, *a_visit(f"2026-09-{day} 20:00", handle="LUNE4")[1])
    send(site, *an_event("2026-09-22 21:00", closed={"presentation": "mixed"})[1])


def build_all() -> None:
    recount_due()
    services.build_due()


@pytest.fixture
def built(site):
    with time_machine.travel(at(MORNING), tick=True):
        tell(site)
        build_all()
        yield site


def test_each_closed_period_gets_one_report(built):
    found = {(r.grain, r.first): r for r in PeriodReport.objects.all()}
    assert set(found) == {("week", date(2026, 9, 14)), ("week", WEEK), ("month", MONTH), ("quarter", QUARTER)}
    month = found["month", MONTH]
    assert (month.last, month.days, month.version) == (date(2026, 9, 30), 16, 1)
    assert month.totals["visits"] == 4
    assert month.totals["unique_clients_month_to_date"] == 1
    assert "unique_clients_day" not in month.totals  # people of days cannot be added up
    assert month.totals["median_wait_min"] == 1
    assert month.totals["od_rate_1000"] is None
    assert found["week", WEEK].totals["visits"] == 2
    assert [(w.grain, w.first) for w in PeriodToBuild.objects.all()] == [("week", date(2026, 9, 28))]


def test_building_again_writes_nothing(built):
    build_all()
    assert set(PeriodReport.objects.values_list("version", flat=True)) == {1}


def test_a_late_fact_restates_the_periods_it_lies_in_and_no_other(built):
    send(built, *a_visit("2026-09-22 22:00")[1])
    build_all()
    versions = {(r.grain, r.first): r.version for r in PeriodReport.objects.order_by("version")}
    assert versions == {
        ("week", date(2026, 9, 14)): 1, ("week", WEEK): 2, ("month", MONTH): 2, ("quarter", QUARTER): 2,
    }  # fmt: skip
    changed = {
        (c["code"], c["category"]): (c["old"], c["new"]) for c in newest_period(built, "month", MONTH).changed
    }
    assert changed["visits", ALL] == (4, 5)


def test_a_period_waits_until_its_days_have_settled(built):
    send(built, *a_visit("2026-09-22 22:00")[1])
    assert not building.settled(built, MONTH, date(2026, 9, 30))
    building.mark_periods(built, [date(2026, 9, 22)])
    assert building.build_period(built, ("month", MONTH)) is None
    assert PeriodToBuild.objects.filter(grain="month").exists()


def test_provisional_until_the_lag_is_over_then_final_then_corrected(built):
    assert newest_period(built, "month", MONTH).status == ReportStatus.PROVISIONAL
    with time_machine.travel(at("2026-10-03 11:00")):
        assert newest_period(built, "month", MONTH).status == ReportStatus.FINAL
        send(built, *a_visit("2026-09-22 22:00")[1])
        build_all()
        assert newest_period(built, "month", MONTH).status == ReportStatus.CORRECTED


def test_periods_of_a_history_reported_before_there_were_any(built):
    with transaction.atomic():
        PeriodToBuild.objects.all().delete()
    assert building.build_periods_due() == 0  # there are reports of periods: nothing is begun again
    assert not PeriodToBuild.objects.exists()


def test_three_builders_at_once_write_one_version_each(committed_site):
    with time_machine.travel(at(MORNING), tick=True):
        with transaction.atomic():
            tell(committed_site)
        recount_due()
        assert together(3, services.build_due) == []
        with transaction.atomic(), acting(sites=[committed_site.pk]):
            building_left = list(PeriodReport.objects.values_list("grain", "version"))
    assert sorted(building_left) == [("month", 1), ("quarter", 1), ("week", 1), ("week", 1)]


class Killed(BaseException):
    """The worker was killed here."""


def builds_killed_at_random(site, builds: int, seed: int) -> None:
    """Each dies at a random statement, then the next one finishes; hashes are those of an unhurt build."""
    chance = random.Random(seed)
    with acting(sites=[site.pk]):
        recount_due()
    expected = _built_unhurt(site)
    for _n in range(builds):
        with transaction.atomic(), acting(sites=[site.pk]):
            left = chance.randrange(1, 140)
            died = _run_and_die(left)
            if died:
                assert _whole() <= expected  # nothing half-written: what is there is whole
            services.build_due()
            assert _whole() == expected
            transaction.set_rollback(True)


def _built_unhurt(site) -> set:
    with transaction.atomic(), acting(sites=[site.pk]):
        services.build_due()
        found = _whole()
        transaction.set_rollback(True)
    return found


def _whole() -> set:
    days = DailyReport.objects.values_list("service_date", "version", "sha256", "signature")
    periods = PeriodReport.objects.values_list("grain", "first", "version", "sha256", "signature")
    assert all(row[-1] for row in [*days, *periods])
    return {*days, *periods}


def _run_and_die(left: int) -> bool:
    """Kill at the n-th statement, wherever that is."""

    def execute(run, sql, params, many, context):
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed
        return run(sql, params, many, context)

    try:
        with connection.execute_wrapper(execute):
            services.build_due()
    except Killed:
        return True
    return False


@pytest.mark.parametrize(
    "builds", [pytest.param(6, id="few"), pytest.param(100, id="hundred", marks=pytest.mark.full)]
)
def test_builds_killed_at_any_moment_leave_whole_reports_with_the_same_hashes(site, builds):
    with time_machine.travel(at(MORNING), tick=False):
        tell(site)
        builds_killed_at_random(site, builds, seed=5)


# --- Signatures ---------------------------------------------------------------------------
def verified(tmp_path, file: dict, *more: str) -> str:
    path, out = tmp_path / "report.json", StringIO()
    path.write_text(json.dumps(file, ensure_ascii=False), encoding="utf-8")
    call_command("verify_report", str(path), *more, stdout=out)
    return out.getvalue()


def test_a_report_is_checked_from_its_file_alone(built, tmp_path, django_assert_num_queries):
    report = newest_period(built, "month", MONTH)
    file = signed_file(built, report)
    with django_assert_num_queries(0):
        said = verified(tmp_path, file)
    assert "S01" in said
    day = DailyReport.objects.order_by("-service_date").first()
    assert "S01" in verified(tmp_path, signed_file(built, day))
    key = said.strip().rsplit(": ", 1)[1]
    assert "S01" in verified(tmp_path, file, "--fingerprint", key.upper())


def more_visits(file):
    file["indicators"][0]["value"] += 1


def another_cutoff(file):
    file["data_cutoff"] = "2026-10-09T00:00:00+00:00"


def another_key(file):
    file["signature"]["public_key"] = "ab" * 32


def no_signature(file):
    file["signature"]["value"] = ""


def a_field_more(file):
    file["note"] = "x"


@pytest.mark.parametrize("change", [more_visits, another_cutoff, another_key, no_signature, a_field_more])
def test_a_file_that_was_changed_is_refused(built, tmp_path, change):
    file = deepcopy(signed_file(built, newest_period(built, "month", MONTH)))
    change(file)
    with pytest.raises(CommandError) as refused:
        verified(tmp_path, file)
    assert refused.value.returncode == 1


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "scs-report-1"}', "\x00"])
def test_what_is_no_report_is_refused(tmp_path, text):
    (tmp_path / "x").write_text(text)
    with pytest.raises(CommandError) as refused:
        call_command("verify_report", str(tmp_path / "x"))
    assert refused.value.returncode == 1


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(CommandError) as refused:
        call_command("verify_report", str(tmp_path / "none"))
    assert refused.value.returncode == 2


def test_another_site_sees_no_period(built, other_site):
    with acting(sites=[other_site.pk]):
        assert not PeriodReport.objects.exists()
        assert not PeriodToBuild.objects.exists()


def test_what_the_period_still_lacks_is_said(site):
    with time_machine.travel(at(MORNING), tick=True):
        _visit, sent = a_visit("2026-09-22 20:00", seated=False)
        send(site, *sent, record("turnaway.recorded", {"reason": "full", "count": 1}, by=None))
        build_all()
        assert {"kind": "visit", "why": "open", "count": 1} in newest_period(site, "month", MONTH).incomplete
