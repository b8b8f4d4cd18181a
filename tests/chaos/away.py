"""What people notice while the queue or the database is away, and nobody starts it again."""

import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median

from harmreduction.engines.supervisor import Running
from tests.chaos.disk import family
from tests.chaos.tablets import Tablet, connected, post

ROUNDS = 6
SAVES = 40
PAGES = ("/", "/accounts/login/", "/api/v1/board", "/readyz")
# A tablet opens its board by the two last ones, which it keeps, and the files that they name.
WITHOUT_IT = ("/healthz", "/tablet/", "/sw.js")


@contextmanager
def stopped(program: Running) -> Iterator[None]:
    """It is there and does not answer."""
    pids = family(program.process.pid)
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


def saves_ms(url: str, tablet: Tablet, make: Callable[[], dict]) -> list[float]:
    """Of so many saves, one after the other, the milliseconds of each; every one must be taken."""
    line, took = connected(url), []
    for _save in range(SAVES):
        record = make()
        begun = time.monotonic()
        _status, _asked, receipts = post(line, tablet.token, [record])
        took.append((time.monotonic() - begun) * 1000)
        tablet.receipts.update((receipt["id"], receipt["status"]) for receipt in receipts)
    line.close()
    return took


def without_queue(url: str, queue: Running, tablet: Tablet, make) -> tuple[float, float]:
    """Median ms of a save with the queue there, and without it, by turns."""
    there, away = [], []
    for _round in range(ROUNDS):
        there += saves_ms(url, tablet, make)
        with stopped(queue):
            away += saves_ms(url, tablet, make)
    return median(there), median(away)


def without_database(url: str, tablet: Tablet, make) -> list[tuple[str, int, float, str]]:
    """(what, status, seconds, Retry-After) of a save and of pages."""
    told = []
    for path in ("/api/v1/records", *PAGES, *WITHOUT_IT):
        begun = time.monotonic()
        status, again = asked(url, path, tablet, make)
        told.append((path, status, time.monotonic() - begun, again))
    return told


def asked(url: str, path: str, tablet: Tablet, make) -> tuple[int, str]:
    if path == "/api/v1/records":
        try:
            status, again, _receipts = post(connected(url), tablet.token, [make()])
        except OSError:
            return 0, ""
        return status, str(again or "")
    request = urllib.request.Request(url + path, headers={"Authorization": f"Device {tablet.token}"})
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers["Retry-After"] or ""
    except OSError:
        return 0, ""
