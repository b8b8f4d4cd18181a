"""As many beats as one likes, or none for an hour: each piece of work is done once, and it is told."""

import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connections, transaction

from harmreduction.pg.scope import acting
from sites.clockwork.services import beat
from sites.places.models import DirtyMark
from sites.reports.models import DailyReport, PeriodReport
from sites.tasks import tick
from tests.factories import at, record, send
from tests.indicators.test_counts import a_visit, an_event

MORNING = at("2026-10-01 15:00")
DAYS = ("2026-09-28", "2026-09-29", "2026-09-30")
BEATS = 3
PATIENCE = 60


class Faults(logging.Handler):
    """A piece of work that fails is left for the next tick, and says so in the log alone."""

    def __init__(self):
        super().__init__()
        self.heard = 0

    def emit(self, _line):
        self.heard += 1


def ticks_at_once() -> int:
    """A tick in each of several workers, begun together; how many pieces of work failed."""
    faults, begin = Faults(), Barrier(BEATS)

    def worker() -> None:
        try:
            begin.wait(PATIENCE)
            tick()
        finally:
            connections.close_all()

    log = logging.getLogger("scs.tick")
    log.addHandler(faults)
    try:
        with ThreadPoolExecutor(BEATS) as workers:
            for done in [workers.submit(worker) for _beat in range(BEATS)]:
                done.result()
    finally:
        log.removeHandler(faults)
    return faults.heard


def tell(site, day: str) -> None:
    with transaction.atomic():
        send(site, *a_visit(f"{day} 20:00", handle="LUNE4")[1])
        send(site, *an_event(f"{day} 21:00", closed={"presentation": "mixed"})[1])


def written(site) -> tuple[Counter, Counter]:
    """How often each version of each report is there, of days and of periods."""
    with transaction.atomic(), acting(sites=[site.pk]):
        assert not DirtyMark.objects.exists()
        days = DailyReport.objects.values_list("service_date", "version")
        periods = PeriodReport.objects.values_list("grain", "first", "version")
        return Counter(str(day) for day, _version in days), Counter(periods)


@pytest.mark.parametrize(
    "rounds", [pytest.param(1, id="three_ticks"), pytest.param(20, id="sixty", marks=pytest.mark.full)]
)
def test_three_beats_do_each_piece_of_work_once(committed_site, rounds):
    with time_machine.travel(MORNING, tick=False):
        for day in DAYS:
            tell(committed_site, day)
        for number in range(rounds):
            assert ticks_at_once() == 0
            days, periods = written(committed_site)
            assert days == {**dict.fromkeys(DAYS, 1), DAYS[-1]: 1 + number}
            assert set(periods.values()) == {1}
            late = {"reason": "full", "count": 1}
            with transaction.atomic():
                send(committed_site, record("turnaway.recorded", late, when=at(f"{DAYS[-1]} 22:00")))


def test_without_a_beat_for_an_hour_it_says_so_and_then_does_everything_once(committed_site, client):
    def ready() -> list[str]:
        answer = client.get("/readyz")
        assert answer.status_code == (503 if answer.json()["reasons"] else 200)
        return [reason for reason in answer.json()["reasons"] if reason in ("beat", "queue")]

    with time_machine.travel(MORNING, tick=False) as clock:
        tick()
        assert ready() == []
        for day in DAYS:
            tell(committed_site, day)
        clock.shift(timedelta(hours=1))
        assert ready() == ["beat", "queue"]
        with transaction.atomic():
            beat("tick")  # ticks come again, and nothing of it is done yet
        assert ready() == ["queue"]
        tick()
        assert ready() == []
        told = written(committed_site)
        assert told[0] == dict.fromkeys(DAYS, 1)
        tick()
        assert written(committed_site) == told
