"""The run itself: what it tells is taken and adds up, and what it looks for would be found."""

import subprocess
import sys
import uuid
from random import Random
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.utils import timezone

from harmreduction.engines import demo, found
from harmreduction.pg.scope import acting, as_owner
from sites.indicators.services import recount_due
from sites.people.devices import enrol
from sites.records.services import Sender, submit
from sites.visits.models import Consumption
from tests.chaos.conductor import DISK, FLUSH, PROGRAMS, blows
from tests.chaos.disk import SizeLimit
from tests.chaos.judging import of_all, of_sites
from tests.chaos.processor import Watch
from tests.chaos.stories import Teller

RECORDS = 120


@pytest.fixture
def told(site):
    """A tablet's records, taken: (the site, what was acknowledged, what they add up to)."""
    teller = Teller(Random(8), "1", "s01-01", str(uuid.uuid4()))
    device, _token = enrol(site)
    sent = teller.tell(RECORDS, timezone.now())
    sender = Sender(device=device)
    receipts = submit(site=site, records=[*sent, *sent[:9]], sender=sender)
    recount_due()
    sums = {"adds_up": teller.adds_up, "kinds": teller.kinds, "lots": {teller.lot: teller.on_hand}}
    return site, {receipt.id: receipt.status for receipt in receipts}, {"S01": sums}


def wrong(told) -> dict[str, int]:
    site, receipts, sums = told
    findings = [*of_all(receipts), *of_sites([site], sums)]
    return {one["name"]: one["wrong"] for one in findings if one["wrong"]}


def test_what_is_told_is_taken_and_adds_up(told):
    assert len(told[1]) == RECORDS
    assert len(told[2]["S01"]["kinds"]) > 12
    assert wrong(told) == {}


def test_what_was_acknowledged_and_is_not_there_is_lost(told):
    told[1][str(uuid.uuid4())] = "created"
    assert wrong(told) == {"acknowledged and lost": 1}


def test_what_is_there_twice_is_doubled(told):
    site, receipts, sums = told
    one = {"kind": "turnaway.recorded", "seq": 1, "by": "s01-01", "data": {"reason": "full", "count": 2}}
    one |= {"id": str(uuid.uuid4()), "occurred_at": timezone.now().isoformat()}
    submit(site=site, records=[one | {"entered_at": one["occurred_at"]}], sender=Sender(staff="s01-01"))
    recount_due()
    found_out = ("stored and never sent", "S01: records of a kind", "S01: daily counts")
    assert wrong(told) == dict.fromkeys(found_out, 1)


def test_a_row_that_no_record_tells_of_is_seen(told):
    row = Consumption.objects.first()
    row.pk, row.record_id = None, uuid.uuid4()
    row.save()
    assert wrong(told) == {"S01: rows that are not the fold of their records": 1}


def test_a_fact_without_its_row_of_the_trail_is_seen(told):
    with transaction.atomic(), acting(sites=[told[0].pk]), as_owner(), connection.cursor() as cursor:
        cursor.execute("alter table scs_trailentry disable trigger user")
        cursor.execute("delete from scs_trailentry where action = 'visit.left'")
        cursor.execute("alter table scs_trailentry enable trigger user")
    assert set(wrong(told)) == {"facts without a row of the trail"}


@pytest.mark.parametrize("seed", range(20))
def test_every_program_is_killed_as_often_as_any_other(seed):
    struck = [name for blow in blows(Random(seed), 30) for name, _way in blow.at]
    assert {name: struck.count(name) for name in PROGRAMS} == dict.fromkeys(PROGRAMS, 6)
    assert (struck.count(FLUSH), struck.count(DISK)) == (3, 1)


def working(seconds: float) -> subprocess.Popen:
    """A process that has worked so long."""
    work = f"import sys, time\nwhile time.process_time() < {seconds}: pass\n"
    code = work + "print('done', flush=True)\nsys.stdin.read()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    process = subprocess.Popen([sys.executable, "-c", code], **pipes)
    assert process.stdout.readline() == b"done\n"
    return process


def test_what_ours_worked_before_they_died_is_not_of_others():
    watch = Watch()
    working(1).communicate()
    assert watch.used > 0.9


def test_what_ours_worked_before_the_watch_is_not_of_it():
    with working(1) as process:
        watch = Watch()
        process.kill()
    assert watch.used < 0.5


def test_a_disk_is_full_once_it_was_filled():
    server = SimpleNamespace(process=working(0), program=SimpleNamespace(in_child=lambda: None))
    disk = SizeLimit()
    told = []
    for change in (lambda _server: None, disk.fill, disk.free):
        change(server)
        told.append(disk.is_full(server))
    server.process.communicate()
    assert told == [False, True, False]


def small_run(*more: str) -> subprocess.CompletedProcess:
    command = demo.python("-m", "tests.chaos", "--seed=8", "--records=1200", "--kills=10", *more)
    return subprocess.run(command, cwd=found.ROOT, capture_output=True, text=True)


@pytest.mark.full
def test_a_small_run_keeps_everything():
    run = small_run()
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.full
@pytest.mark.parametrize(("planted", "says"), [("lost", "acknowledged and lost"), ("doubled", "never sent")])
def test_a_run_with_a_planted_defect_fails(planted, says):
    run = small_run(f"--control={planted}")
    assert run.returncode == 1
    assert [line for line in run.stdout.splitlines() if line.startswith("RED") and says in line], run.stdout
