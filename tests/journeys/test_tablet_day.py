"""A day on one tablet without the server: tapped in a browser that is reloaded and killed, it arrives once.

The network itself never changes: only the server is gone, or its line breaks at random bytes.
"""

import os
import signal
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import psutil
import pytest
from django.db import transaction
from playwright.sync_api import Error

from harmreduction.engines.chromium import executable, launch_args
from sites.overdoses.models import NaloxoneDose, OverdoseEvent
from sites.people.models import Staff
from sites.people.pins import set_pin
from sites.records.models import Record
from sites.visits.models import Visit
from tests.browser.fixtures import PATIENCE_MS, TABLET
from tests.journeys.line import Line
from tests.tablet_app.tablets import DEAF_MS, KEEP, step, told_device

pytestmark = pytest.mark.browser
PIN = "418273"
READY = "() => navigator.serviceWorker.controller !== null"
UNSENT = """async () => {
  const {db} = await import("/static/sites/tablet/db.js");
  return (await db).count("outbox");
}"""


class Day:
    """One tablet, its profile on disk, and what was tapped on it: [(kind, from, to)]."""

    def __init__(self, driver, folder, site, line: Line):
        self.driver, self.folder, self.line = driver, folder, line
        self.tapped: list[tuple[str, datetime, datetime]] = []
        self.start()
        self.page.evaluate(KEEP, told_device(site))
        self.reload()
        self.until(lambda: self.page.evaluate(READY))
        self.unlock()

    def start(self) -> None:
        options = TABLET | {"executable_path": executable(), "args": launch_args(), "base_url": self.line.url}
        self.context = self.driver.launch_persistent_context(self.folder, **options)
        self.page = self.context.pages[0]
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.goto("/tablet/")

    def kill(self) -> None:
        """The battery dies: no part of the browser gets to say goodbye."""
        for process in psutil.process_iter(["cmdline"]):
            if any(str(self.folder) in word for word in process.info["cmdline"] or []):
                try:
                    os.kill(process.pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
        with suppress(Error):  # the driver has nobody left to talk to
            self.context.close()
        self.start()
        self.unlock()

    def reload(self) -> None:
        self.page.reload()
        self.page.locator(".tiles, .board, .recorder").first.wait_for()

    def until(self, condition, seconds: float = 240) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it took too long"
            self.page.wait_for_timeout(100)

    def unlock(self) -> None:
        page = self.page
        page.locator(".tiles").get_by_role("button", name="Personne s01-01").click()
        for digit in PIN:
            page.locator(".pinkeys").get_by_role("button", name=digit, exact=True).click()
        page.locator(".bar .who").or_(
            page.get_by_role("button", name="Continuer, à confirmer")
        ).first.wait_for()
        if page.get_by_role("button", name="Continuer, à confirmer").is_visible():
            page.get_by_role("button", name="Continuer, à confirmer").click()
        page.locator(".board").wait_for()

    def tap(self, name: str, *kinds: str) -> None:
        """Touch a button; what it writes is noted with when."""
        before = datetime.now(UTC)
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.tapped += [(kind, before, datetime.now(UTC)) for kind in kinds]

    def visit(self, n: int) -> None:
        """Someone comes in: every third one declares and sits down, the others wait."""
        self.tap("Accueillir")
        if n % 3:
            self.tap("Sans pseudonyme", "visit.arrived")
        else:
            for key in f"AB{n % 10}":
                self.tap(key)
            self.page.get_by_text("Fentanyl", exact=True).click()
            self.page.get_by_text("Injection IV", exact=True).click()
            self.tap("Mettre en attente", "visit.arrived", "visit.assessed")
        self.page.locator(".board").wait_for()

    def kept(self) -> bool:
        """No line of the recorder still waits for the disk."""
        return not self.page.locator(".log li[aria-busy=true]").count()

    def overdose(self) -> None:
        page = self.page
        self.tap("SURDOSE", "overdose.opened")
        page.locator(".recorder").wait_for()
        page.wait_for_timeout(DEAF_MS)
        for key, kind in (("stimulation-", "overdose.step"), ("dose-nal-in-4", "overdose.dose")):
            before = datetime.now(UTC)
            step(page, key).click()
            self.tapped.append((kind, before, datetime.now(UTC)))
        self.until(self.kept)
        self.reload()
        page.locator(".recorder").wait_for()
        before = datetime.now(UTC)
        step(page, "oxygen").click()
        self.tapped.append(("overdose.step", before, datetime.now(UTC)))
        page.get_by_role("button", name="Réduire").click()
        if page.locator(".lock").is_visible():
            self.unlock()


@pytest.fixture
def line(live_server):
    made = Line(int(live_server.url.rsplit(":", 1)[1]))
    yield made
    made.close()


@pytest.fixture
def begun(chromium_driver, tmp_path, committed_site, line):
    with transaction.atomic():
        set_pin(Staff.objects.get(code="s01-01"), PIN, by="s01-01")
    day = Day(chromium_driver, tmp_path / "profile", committed_site, line)
    yield day
    day.context.close()


def spend(day: Day, visits: int, overdoses: int) -> None:
    """Reload, kill and overdose at even distances."""
    for n in range(visits):
        day.visit(n)
        if n in {(visits * k) // (overdoses + 1) for k in range(1, overdoses + 1)}:
            day.overdose()
        if n == visits // 2:
            day.kill()
        elif n % max(visits // 5, 1) == 3:
            day.reload()
            day.unlock()


def check(day: Day) -> None:
    """Each tap is one fact, at its own time, by who tapped."""
    day.until(lambda: day.page.evaluate(UNSENT) == 0)
    with transaction.atomic():
        records = list(Record.objects.order_by("seq"))
        assert {r.status for r in records} == {"created"}
        assert [r.kind for r in records] == [kind for kind, _from, _to in day.tapped]
        for stored, (kind, first, last) in zip(records, day.tapped, strict=True):
            around = timedelta(seconds=2)
            assert first - around <= stored.occurred_at <= last + around, kind
        arrivals = sum(kind == "visit.arrived" for kind, _from, _to in day.tapped)
        events = sum(kind == "overdose.opened" for kind, _from, _to in day.tapped)
        assert Visit.objects.count() == arrivals
        assert OverdoseEvent.objects.count() == NaloxoneDose.objects.count() == events


def a_day_away(day: Day, visits: int, overdoses: int) -> None:
    day.line.down = True
    spend(day, visits, overdoses)
    assert day.page.evaluate(UNSENT) == len(day.tapped)
    day.line.down = False
    check(day)


def a_day_on_a_bad_line(day: Day, visits: int, overdoses: int) -> None:
    day.line.breaks = 2_000
    spend(day, visits, overdoses)
    day.line.breaks = 0
    check(day)
    assert day.line.cuts > 10


def test_a_day_without_the_server_arrives_once(begun):
    a_day_away(begun, 12, 1)


def test_a_day_on_a_line_that_breaks_arrives_once(begun):
    a_day_on_a_bad_line(begun, 12, 1)


@pytest.mark.full
@pytest.mark.parametrize("spent", [a_day_away, a_day_on_a_bad_line])
def test_two_hundred_visits_and_three_overdoses(begun, spent):
    spent(begun, 200, 3)
