"""A small province through the real system: sites that open and close, late records, corrections, re-runs."""

import csv
import io
import threading
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.db import connection, transaction

from harmreduction.pg.scope import SEAL, acting
from sites.clockwork.services import replaying
from sites.indicators.services import recount_due
from sites.overdoses.models import OverdoseEvent
from sites.places.models import Site
from sites.records.models import Record
from sites.releases.models import SealedCount
from sites.releases.publishing import build_due, write_out
from sites.releases.sealing import seal_due
from sites.simulation.services import simulate
from tests.factories import record, ref, send
from tests.releases.counted import local

ONE_DAY = timedelta(days=1)


def settle(first: date, middle: date, last: date, visits_per_day: int, seed: int = 7) -> None:
    """S01 to S03 live from `first`; S04 opens after `middle`, S03 closes three weeks later."""
    simulate(sites=3, days=(middle - first).days + 1, seed=seed, until=middle, visits_per_day=visits_per_day)
    with transaction.atomic():
        Site.objects.filter(code="S03").update(closed_on=middle + timedelta(days=21))
    simulate(sites=4, days=(last - middle).days, seed=seed, until=last, visits_per_day=visits_per_day)
    with transaction.atomic():
        recount_due()


def sites() -> list[Site]:
    return list(Site.objects.order_by("code"))


def live_through(mornings: list[date], out: Path) -> None:
    """Seal and build each morning, some of them in a hurry; tell late and put right as people do."""
    for n, morning in enumerate(mornings):
        at = local(f"{morning} 06:30")
        if n % 5 == 1:
            _tell_late(morning - timedelta(days=20), count=1 + n % 4)
        if n % 7 == 2:
            _put_right(morning - timedelta(days=9))
        if n % 6 == 3:
            two_at_once(at)
        for _again in range(1 + n % 2):
            seal_and_build(at)
        if n % 10 == 0:
            write_out(out)
    write_out(out)


def seal_and_build(at: datetime) -> None:
    with transaction.atomic(), replaying(at):
        recount_due()
        seal_due()
        build_due()


def two_at_once(at: datetime) -> None:
    start, failed = threading.Barrier(2), []

    def work():
        try:
            start.wait()
            seal_and_build(at)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert not failed


def _tell_late(day: date, count: int) -> None:
    """Visits and an overdose that a tablet kept for weeks."""
    site = sites()[0]
    for n in range(count):
        when = local(f"{day} {time(18, n)}", site.zone)
        visit, event = ref(), ref()
        told = [
            ("visit.arrived", {"visit": visit}),
            ("consumption.recorded", {"visit": visit, "substances": ["cocaine"], "route": "in"}),
            ("overdose.opened", {"event": event, "location": "booth", "visit": visit}),
            ("overdose.step", {"event": event, "step": "stimulation"}),
            ("overdose.closed", CLOSED | {"event": event}),
            ("visit.closed", {"visit": visit, "discharge_to": "street"}),
        ]
        records = [
            record(kind, data, when=when + timedelta(minutes=m), by="s01-01")
            for m, (kind, data) in enumerate(told)
        ]
        assert {receipt.status for receipt in send(site, *records)} == {"created"}


CLOSED = {
    "presentation": "opioid_resp_depression", "outcome": "recov", "ems_called": "no", "endpoint_rr": "14",
    "endpoint_spo2": "not_assessed", "endpoint_awake": "yes",
}  # fmt: skip


def _put_right(day: date) -> None:
    """Other substances for some consumptions of a day, and overdoses of that month that were none."""
    site = sites()[0]
    with transaction.atomic(), acting(sites=[site.pk]):
        used = list(Record.objects.at(site).filter(kind="consumption.recorded", service_date=day)[:3])
        closed = list(OverdoseEvent.objects.at(site).filter(service_date__gte=day, reversal=True)[:1])
        endings = list(
            Record.objects.at(site).filter(kind="overdose.closed", subject__in=[e.ref for e in closed])
        )
    wrong = [
        record("record.corrected", {"target": str(one.record_id), "data": {"substances": ["ghb"]},
               "reason": "mal noté"}) for one in used
    ]  # fmt: skip
    wrong += [
        record("record.corrected", {"target": str(one.record_id), "data": {"presentation": "seizure"},
               "reason": "mal noté"}) for one in endings
    ]  # fmt: skip
    if wrong:
        assert {receipt.status for receipt in send(site, *wrong)} == {"created"}


def released_rows(out: Path) -> list[dict[str, str]]:
    return [
        row
        for folder in sorted(out.iterdir())
        for row in csv.DictReader(io.StringIO((folder / "release.csv").read_text()))
    ]


def held() -> dict[tuple, int]:
    """(site, indicator, category, first day, last day) → what each cell held when it was sealed."""
    places = {site.pk: site.code for site in sites()}
    with transaction.atomic(), acting(role=SEAL, sites=list(places)):
        return {
            (places[cell.site_id], cell.indicator, cell.category, cell.period_start, cell.period_end): (
                cell.value
            )
            for cell in SealedCount.objects.all()
        }
