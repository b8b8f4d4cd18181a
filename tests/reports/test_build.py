import hashlib
import json
import threading
from datetime import date
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from harmreduction.pg.scope import acting
from sites.indicators.models import CountedDay, DailyCount
from sites.indicators.services import recount_due
from sites.indicators.terms import ALL
from sites.places.models import DirtyMark
from sites.reports import services
from sites.reports.models import DailyReport
from sites.reports.queries import report_of
from sites.reports.terms import ReportStatus
from sites.tasks import DUE
from tests.factories import at, record, send
from tests.indicators.test_counts import a_visit, an_event

DAY = date(2026, 11, 20)
MORNING = at("2026-11-21 15:00")


@pytest.fixture(autouse=True)
def _next_morning():
    with time_machine.travel(MORNING, tick=True):
        yield


def tick():
    for work in DUE:
        work()


def printed(site, day=DAY) -> dict:
    out = StringIO()
    call_command("report", "--site", site.code, "--day", day.isoformat(), "--json", stdout=out)
    return json.loads(out.getvalue())


def together(n: int, work) -> list[Exception]:
    """What went wrong when n threads did the same work at the same moment."""
    barrier, failed = threading.Barrier(n), []

    def run():
        barrier.wait()
        try:
            work()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


def test_a_closed_day_gets_its_report_once(site):
    send(site, *a_visit("2026-11-20 20:00")[1])
    tick()
    tick()
    report = DailyReport.objects.get()
    assert (report.service_date, report.version, report.changed) == (DAY, 1, [])
    assert report.closed_at == at("2026-11-21 11:00")


def test_the_day_that_runs_has_no_report(site):
    send(site, *a_visit("2026-11-21 14:00")[1])
    tick()
    assert CountedDay.objects.get().service_date == date(2026, 11, 21)
    assert not DailyReport.objects.exists()


def test_a_late_fact_makes_version_2_that_names_what_changed(site):
    send(site, *a_visit("2026-11-20 20:00", route="in")[1])
    tick()
    first = DailyReport.objects.values().get()
    send(site, *a_visit("2026-11-20 20:30", route="in", substances=("cocaine",))[1])
    tick()
    second = report_of(site, DAY)
    assert second.version == 2
    changed = {(c["code"], c["category"]): (c["old"], c["new"]) for c in second.changed}
    doubled = [("visits", ALL), ("visits", "12_16"), ("visits", "in"), ("arrivals", ALL),
               ("unlinked_visits", ALL), ("consumptions", ALL), ("consumptions", "in"),
               ("visits_by_substance", ALL), ("visits_by_age", ALL), ("visits_by_age", "unk")]  # fmt: skip
    in_booths = dict.fromkeys([("booth_minutes_used", ALL), ("booth_minutes_used", "in")], (2, 4))
    appeared = [("consumptions", "stimulant"), ("visits_by_substance", "stimulant_only")]
    assert changed == dict.fromkeys(doubled, (1, 2)) | dict.fromkeys(appeared, (0, 1)) | in_booths
    assert DailyReport.objects.values().get(version=1) == first


def test_counts_that_come_back_to_what_was_reported_make_no_version(site):
    send(site, *a_visit("2026-11-20 20:00")[1])
    tick()
    extra = record("turnaway.recorded", {"reason": "full", "count": 1}, when=at("2026-11-20 21:00"))
    send(site, extra)
    recount_due()
    send(
        site,
        record("record.voided", {"target": extra["id"], "reason": "doublon"}, when=at("2026-11-20 21:01")),
    )
    tick()
    assert report_of(site, DAY).version == 1
    assert not services.due_days([site])


def test_two_builders_at_once_write_one_version(committed_site):
    site = committed_site
    send(site, *a_visit("2026-11-20 20:00")[1])
    recount_due()
    built: list = []
    failed = together(4, lambda: built.extend(services.build(site, [DAY])))
    assert not failed
    assert [r.version for r in built] == [1]
    with transaction.atomic(), acting(sites=[site.pk]):
        assert DailyReport.objects.count() == 1


def test_recounts_at_once_do_not_clash(committed_site):
    site = committed_site
    send(site, *a_visit("2026-11-20 20:00")[1])
    failed = together(4, recount_due)
    assert not failed
    with transaction.atomic(), acting(sites=[site.pk]):
        assert DailyCount.objects.filter(indicator="visits", category=ALL, value=1).count() == 1
        assert not DirtyMark.objects.exists()


def test_a_builder_that_dies_half_way_leaves_nothing_and_the_next_one_finishes(site, monkeypatch):
    send(site, *a_visit("2026-11-20 20:00")[1])
    recount_due()

    def killed(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(services, "_mark_reported", killed)
        with pytest.raises(SystemExit):
            services.build_due()
    assert not DailyReport.objects.exists()
    assert services.build_due() == 1
    assert DailyReport.objects.get().version == 1


def test_a_recount_that_dies_half_way_keeps_its_marks(site, monkeypatch):
    send(site, *a_visit("2026-11-20 20:00")[1])
    with monkeypatch.context() as broken:
        broken.setattr(CountedDay.objects, "bulk_create", None)
        broken.setattr("sites.indicators.services.count_day", None)
        with pytest.raises(TypeError):
            recount_due()
    tick()
    assert report_of(site, DAY).version == 1


def test_the_json_is_the_contract(site):
    visit, sent = a_visit("2026-11-20 20:00", seated=False)
    event, opened = an_event("2026-11-20 20:10", visit=visit, doses=["staff_nurse"])
    send(
        site,
        *sent,
        *opened,
        record("visit.seated", {"visit": visit, "booth": "99"}, when=at("2026-11-20 20:11")),
    )
    tick()
    report = printed(site)
    assert " ".join(report) == (
        "site service_date version status data_cutoff sha256 indicators changed incomplete"
    )
    assert (report["site"], report["service_date"], report["status"]) == ("S01", "2026-11-20", "provisional")
    row = {"code", "definition_version", "unit", "category", "value"}
    assert all(set(i) == row for i in report["indicators"])
    content = {name: report[name] for name in ("site", "service_date", "version", "indicators")}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert hashlib.sha256(text).hexdigest() == report["sha256"]
    values = {(i["code"], i["category"]): i["value"] for i in report["indicators"]}
    assert values["naloxone_mg_staff", ALL] == 0.4
    assert values["median_wait_min", ALL] is None
    assert values["open_records", ALL] == 3
    assert {(i["kind"], i["why"]) for i in report["incomplete"]} == {
        ("visit", "open"), ("event", "open"), ("record", "invalid"), ("dose", "no_lot"),
    }  # fmt: skip
    assert {i["id"] for i in report["incomplete"]} >= {visit, event}


def test_no_report_exits_1(site):
    with pytest.raises(CommandError) as missing:
        printed(site)
    assert missing.value.returncode == 1


def test_a_report_is_final_48_h_after_closing_and_corrected_after_that(site):
    send(site, *a_visit("2026-11-20 20:00")[1])
    tick()
    assert report_of(site, DAY).status == ReportStatus.PROVISIONAL
    with time_machine.travel(at("2026-11-23 11:00")):
        assert report_of(site, DAY).status == ReportStatus.FINAL
        send(site, *a_visit("2026-11-20 21:00")[1])
        tick()
        assert report_of(site, DAY).status == ReportStatus.CORRECTED


def test_a_first_report_built_late_is_final_not_corrected(site):
    send(site, *a_visit("2026-11-10 20:00")[1])
    tick()
    assert report_of(site, date(2026, 11, 10)).status == ReportStatus.FINAL


def test_replaying_builds_what_was_closed_at_that_instant(site):
    send(site, *a_visit("2026-11-18 20:00")[1], *a_visit("2026-11-19 20:00")[1])
    call_command("build_reports", "--as-of", "2026-11-20T10:59:59Z", stdout=StringIO())
    assert [r.service_date.day for r in DailyReport.objects.all()] == [18]
    call_command("build_reports", "--as-of", "2026-11-20T11:00:00Z", stdout=StringIO())
    assert sorted(r.service_date.day for r in DailyReport.objects.all()) == [18, 19]


def test_a_site_never_sees_the_reports_of_another(site, other_site):
    send(site, *a_visit("2026-11-20 20:00")[1])
    tick()
    with acting(sites=[other_site.pk]):
        assert not DailyReport.objects.exists()
