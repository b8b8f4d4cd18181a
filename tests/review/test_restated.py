"""From the list to the reports: what is corrected there restates the day and its month, by the real work."""

from datetime import date

import pytest
import time_machine

from sites.records.models import Record
from sites.reports.models import DailyReport, PeriodReport
from sites.reports.queries import newest_period, report_of
from sites.review.kinds import KINDS
from sites.review.queries import counts
from sites.tasks import DUE
from tests.factories import at, make_staff, record, ref, send

DAY, MONTH = date(2026, 9, 22), date(2026, 9, 1)
NOW = at("2026-10-03 15:00")


@pytest.fixture
def built(site, client):
    """A kit hand-out of 200 instead of 2, in a month that was reported."""
    client.force_login(make_staff("s01-08", site, role="manager"))
    given = {"kit_kind": "nasal", "form": "kit", "count": 200}
    with time_machine.travel(NOW, tick=True):
        send(site, record("kit.given", given, when=at("2026-09-22 20:00")))
        tick()
        yield site


def tick() -> None:
    for work in DUE:
        work()


def kits(report) -> float:
    row = next(r for r in report.indicators if (r["code"], r["category"]) == ("kits_distributed", "ALL"))
    return row["value"]


def waiting(site) -> dict[str, int]:
    return counts(site, KINDS.values())


def test_a_correction_from_the_list_restates_the_day_and_its_month(built, client):
    first, month = report_of(built, DAY), newest_period(built, "month", MONTH)
    assert (kits(first), kits(month)) == (200, 200)
    page = client.get("/review/").text
    assert "200 trousses ou doses remises d’un coup" in page
    given = Record.objects.get()
    address = f"/records/{given.record_id}/correct?next=/review/"
    assert address in page
    form = {"count": "2", "kit_kind": "nasal", "form": "kit", "why": "valeur précisée", "next": "/review/"}
    answer = client.post(f"/records/{given.record_id}/correct", form)
    assert (answer.status_code, answer.url) == (302, "/review/")
    assert waiting(built) == {}
    tick()
    second, restated = report_of(built, DAY), newest_period(built, "month", MONTH)
    assert (second.version, kits(second), kits(restated)) == (2, 2, 2)
    assert {"code": "kits_distributed", "category": "ALL", "old": 200, "new": 2} in second.changed
    assert {"code": "kits_distributed", "category": "ALL", "old": 200, "new": 2} in restated.changed
    assert waiting(built) == {}
    assert Record.objects.get(kind="kit.given").data["count"] == 200  # the original stays
    assert PeriodReport.objects.filter(grain="month").count() == 2


def test_what_is_said_right_restates_nothing(built, client):
    key = f"implausible:{Record.objects.get().record_id}:kits"
    client.post("/review/right", {"item": key, "why": "vérifié au cahier"})
    tick()
    assert DailyReport.objects.filter(service_date=DAY).count() == 1
    assert waiting(built) == {}


def test_a_departure_noted_afterwards_completes_its_day(built, client):
    visit = ref()
    send(built, record("visit.arrived", {"visit": visit}, when=at("2026-09-22 21:00")))
    tick()
    assert waiting(built) == {"visit": 1, "implausible": 1}
    report = client.get(f"/reports/{DAY}/").text
    assert f"/visits/{visit}/" in report
    closed = {"visit": visit, "discharge_to": "home"}
    send(built, record("visit.closed", closed, when=at("2026-09-22 22:00")))
    tick()
    assert waiting(built) == {"implausible": 1}
    newest = report_of(built, DAY)
    assert newest.incomplete == []
    assert {"code": "open_records", "category": "visit", "old": 1, "new": 0} in newest.changed
