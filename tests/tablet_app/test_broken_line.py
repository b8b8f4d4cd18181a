"""A line that breaks at any byte, in either direction: nothing is lost, nothing is doubled."""

import json
import random
import socket
from urllib.parse import urlsplit

import pytest
from django.db import transaction

from harmreduction.pg.scope import acting
from sites.keyring.boxes import public_key
from sites.people.devices import enrol
from sites.records.models import Record
from sites.visits.models import Visit
from tests.factories import record, ref
from tests.tablet_app.proxy import line_to
from tests.tablet_app.sealing import seal
from tests.tablet_app.tablets import enrolled
from tests.tablet_app.test_outbox import ARRIVE

RECORDS = 20
SAMPLE = 40
WAYS = [("up", 1_200), ("up", 18_000), ("down", 500), ("down", 3_000)]
AGAIN = """async () => {
  await (await import("/static/sites/tablet/sender.js")).flush();
  return (await import("/static/sites/tablet/store.js")).state.unsent.count;
}"""


def stored(site) -> tuple[int, int]:
    with transaction.atomic(), acting(sites=[site.pk]):
        return Record.objects.count(), Visit.objects.count()


class Batch:
    """Twenty sealed records in one request, byte by byte."""

    def __init__(self, live_server, site):
        with transaction.atomic(), acting(sites=[site.pk]):
            key, (_device, token) = public_key(site), enrol(site)
        rows = [seal(key, record("visit.arrived", {"visit": ref()})) for _ in range(RECORDS)]
        body = json.dumps({"records": rows}).encode()
        self.address = urlsplit(live_server.url)
        self.raw = (
            f"POST /api/v1/records HTTP/1.1\r\nHost: {self.address.netloc}\r\nConnection: close\r\n"
            f"Authorization: Device {token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body

    def send(self, *, up: int | None = None, down: int | None = None) -> bytes:
        """What came back; `up` bytes are sent, `down` bytes are read before the line breaks."""
        with socket.create_connection((self.address.hostname, self.address.port)) as line:
            line.sendall(self.raw[:up])
            if up is not None:
                return b""
            answer = b""
            while down is None or len(answer) < down:
                if not (more := line.recv(65536 if down is None else down - len(answer))):
                    break
                answer += more
            return answer

    def statuses(self) -> list[str]:
        _head, _, body = self.send().partition(b"\r\n\r\n")
        return [receipt["status"] for receipt in json.loads(body)["receipts"]]


def cut_everywhere(live_server, site, offsets) -> None:
    batch = Batch(live_server, site)
    for up in offsets(len(batch.raw)):
        batch.send(up=up)
    assert stored(site) == (0, 0)
    whole = len(batch.send(down=1)) and len(batch.send())
    for down in offsets(whole):
        batch.send(down=down)
    assert batch.statuses() == ["duplicate"] * RECORDS
    assert stored(site) == (RECORDS, RECORDS)


def test_a_batch_cut_at_some_bytes_is_stored_once(live_server, committed_site):
    dice = random.Random(3)
    cut_everywhere(live_server, committed_site, lambda size: sorted(dice.sample(range(size), SAMPLE)))


@pytest.mark.full
def test_a_batch_cut_at_every_byte_is_stored_once(live_server, committed_site):
    cut_everywhere(live_server, committed_site, range)


def through_the_line(chromium, live_server, site, cuts: int) -> None:
    dice = random.Random(5)
    with line_to(live_server.url) as line:
        tablet = enrolled(chromium, line, site)
        tablet.context.set_offline(True)
        tablet.page.evaluate(ARRIVE, RECORDS)
        line.cuts = [(way, dice.randrange(most)) for way, most in dice.choices(WAYS, k=cuts)]
        tablet.context.set_offline(False)
        tablet.until(lambda: tablet.page.evaluate(AGAIN) == 0, 600)
        assert line.made > cuts / 2  # what is shorter than where it was to be cut goes through
    assert stored(site) == (RECORDS, RECORDS)


@pytest.mark.browser
def test_a_tablet_behind_a_line_that_breaks_loses_nothing(chromium, live_server, committed_site):
    through_the_line(chromium, live_server, committed_site, 12)


@pytest.mark.full
@pytest.mark.browser
def test_a_tablet_behind_a_line_that_breaks_three_hundred_times(chromium, live_server, committed_site):
    through_the_line(chromium, live_server, committed_site, 300)
