"""After an outage every tablet comes back in the same second; who taps meanwhile hardly notices.

The server is the demo's own command; the tablets wait and try again as sites/static/sites/tablet/sender.js
does. `python -m pytest -m full -s tests/journeys/test_herd.py` prints what was measured.
"""

import json
import os
import random
import subprocess
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles

import pytest
from django.db import connection, transaction

from harmreduction.engines import demo, ports
from harmreduction.pg.scope import acting
from sites.keyring.boxes import public_key
from sites.people.devices import enrol
from sites.people.models import Staff
from sites.people.proofs import unlock
from sites.places.models import Site
from sites.records.models import Record
from sites.visits.models import Visit
from tests.factories import make_site, record, ref
from tests.journeys.running import until
from tests.tablet_app.sealing import seal

GIVES_UP_S = 15
LONGEST_S = 60
EVERY_S = 0.1
ENOUGH = 1000  # tries


@pytest.fixture
def server(transactional_db, tmp_path, monkeypatch):
    """Its address; the real web server on the tests' database."""
    port = ports.free()
    monkeypatch.setenv("PORT", str(port))
    monkeypatch.delenv("HOST", raising=False)
    program = demo.web(tmp_path)
    known = connection.settings_dict
    url = f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    running = subprocess.Popen(
        program.command, env=os.environ | program.env | {"DATABASE_URL": url}, **program.options
    )
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answers(f"{address}/healthz"), 60)
        yield address
    finally:
        running.terminate()
        running.wait(30)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=3):
            return True
    except OSError:
        return False


def post(address: str, token: str, records: list[dict]) -> tuple[int, float, list[dict]]:
    """(status, seconds asked to wait, receipts); status 0 when nobody answered."""
    request = urllib.request.Request(
        f"{address}/api/v1/records",
        json.dumps({"records": records}).encode(),
        {"Authorization": f"Device {token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=GIVES_UP_S) as answer:
            return answer.status, 0, json.load(answer)["receipts"]
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, float(refused.headers["Retry-After"] or 0), []
    except OSError:
        return 0, 0, []


class Tablet:
    """One that was away: what waits in its outbox is sealed already."""

    def __init__(self, site: Site, records: int):
        device, self.token = enrol(site)
        by = f"{site.code.lower()}-01"
        _held, proof = unlock(device, Staff.objects.get(code=by))
        key = public_key(site)
        self.outbox = [seal(key, one, unlock=proof) for one in a_day(by, records)]
        self.statuses: list[int] = []

    def come_back(self, address: str) -> None:
        waiting = {one["id"]: one for one in self.outbox}
        while waiting:
            assert len(self.statuses) < ENOUGH
            status, asked, receipts = post(address, self.token, list(waiting.values()))
            self.statuses.append(status)
            for receipt in receipts:
                waiting.pop(receipt["id"])
            if waiting:
                time.sleep(self.pause(asked))

    def pause(self, asked: float) -> float:
        by_itself = min(LONGEST_S, 2 ** min(len(self.statuses), 10)) * random.uniform(0.5, 1)
        return asked * random.uniform(1, 2) if asked else by_itself


def a_day(by: str, records: int) -> list[dict]:
    """People who come, wait and leave."""
    made: list[dict] = []
    while len(made) < records:
        visit = ref()
        made.append(record("visit.arrived", {"visit": visit}, by=by))
        made.append(record("visit.closed", {"visit": visit, "discharge_to": "street"}, by=by))
    return made[:records]


class Hand:
    """Somebody who taps all the while, on a tablet that was never away."""

    def __init__(self, address: str, site: Site):
        _device, self.token = enrol(site)
        self.address = address
        self.took: list[float] = []
        self.said: list[tuple] = []
        self.done = threading.Event()

    def tap(self) -> None:
        while not self.done.wait(EVERY_S):
            begun = time.monotonic()
            sent = record("turnaway.recorded", {"reason": "full", "count": 1})
            status, _asked, receipts = post(self.address, self.token, [sent])
            self.took.append(time.monotonic() - begun)
            self.said.append((status, *(receipt["status"] for receipt in receipts)))


def herd(address: str, tablets: int, records: int, sites: int) -> str:
    """Let them come back, check that all is there, and say how long it took."""
    with transaction.atomic():
        made = [make_site(f"S{n:02}") for n in range(1, sites + 1)]
        with acting(sites=[site.pk for site in made]):
            away = [Tablet(made[n % sites], records) for n in range(tablets)]
            hand = Hand(address, made[0])
    tapping = threading.Thread(target=hand.tap)
    begun = time.monotonic()
    tapping.start()
    try:
        with ThreadPoolExecutor(tablets) as senders:
            coming = [senders.submit(tablet.come_back, address) for tablet in away]
        took = time.monotonic() - begun
    finally:
        hand.done.set()
        tapping.join()
    for one in coming:
        one.result()
    assert set(hand.said) == {(200, "created")}
    check(made, away, len(hand.said))
    tries = [status for tablet in away for status in tablet.statuses]
    middle, late = (quantiles(hand.took, n=20)[rank] for rank in (9, 18))
    return (
        f"{tablets * records} records of {tablets} tablets in {took:.0f} s; "
        f"answers { ({status: tries.count(status) for status in sorted(set(tries))}) }, "
        f"most of one tablet {max(len(tablet.statuses) for tablet in away)}; "
        f"{len(hand.took)} live saves, p50 {middle:.2f} s, p95 {late:.2f} s, slowest {max(hand.took):.2f} s"
    )


def check(sites: list[Site], away: list[Tablet], live: int) -> None:
    """Each record is one fact, proven, and nothing else is."""
    sent = sorted(one["id"] for tablet in away for one in tablet.outbox)
    with transaction.atomic(), acting(sites=[site.pk for site in sites]):
        stored = Record.objects.exclude(kind="turnaway.recorded")
        assert sorted(map(str, stored.values_list("record_id", flat=True))) == sent
        assert set(Record.objects.values_list("status", flat=True)) == {"created"}
        assert not any("to_confirm" in flags for flags in stored.values_list("flags", flat=True))
        assert Record.objects.filter(kind="turnaway.recorded").count() == live
        assert Visit.objects.count() == stored.filter(kind="visit.arrived").count()


def test_tablets_that_return_at_once_are_stored_and_live_saves_go_on(server):
    print(herd(server, 24, 30, sites=3))


@pytest.mark.full
def test_three_hundred_tablets_of_fifty_records_return_at_once(server):
    print(herd(server, 300, 50, sites=20))
