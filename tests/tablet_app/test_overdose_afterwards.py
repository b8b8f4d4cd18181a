"""An overdose that is already over, written by a colleague in a minute: rough times, said to be rough."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from sites.overdoses.models import NaloxoneDose, OverdoseEvent
from sites.records.models import Record
from tests.factories import make_staff
from tests.tablet_app.tablets import DEAF_MS, enrolled, step
from tests.tablet_app.test_overdose_steps import close, rows

pytestmark = pytest.mark.browser
GO = """async () => (await import("/static/sites/tablet/store.js")).go("afterwards")"""
MOST_TAPS = 16


class Counted:
    """A page whose taps are counted."""

    def __init__(self, page):
        self.page, self.taps = page, 0

    def tap(self, locator) -> None:
        locator.click()
        self.taps += 1

    def named(self, name: str) -> None:
        self.tap(self.page.get_by_role("button", name=name, exact=True))


def test_an_overdose_that_is_over_is_told_in_a_few_taps(chromium, live_server, committed_site):
    with transaction.atomic():
        make_staff("s01-02", committed_site, "peer")
    tablet = enrolled(chromium, live_server, committed_site)
    page, by = tablet.page, Counted(tablet.page)
    page.evaluate(GO)
    by.named("Noter les gestes")
    page.get_by_text("Dire à peu près quand.").wait_for()
    page.wait_for_timeout(DEAF_MS)
    for name in ("il y a 30 min", "Place 4", "Personne s01-02", "Noter les gestes"):
        by.named(name)
    page.wait_for_timeout(DEAF_MS)
    by.tap(step(page, "airway-"))
    by.named("il y a 25 min")
    by.tap(step(page, "dose-nal-in-4"))
    by.named("il y a 15 min")
    assert page.locator(".log .about").count() == 4
    assert page.locator(".running").count() == 0
    by.tap(page.get_by_role("button", name="Terminer"))
    by.taps += close(page, "Rétablie sur place")
    assert by.taps <= MOST_TAPS
    tablet.until(lambda: len(rows(OverdoseEvent, closed_at__isnull=False)) == 1)
    (event,), (dose,) = rows(OverdoseEvent), rows(NaloxoneDose)
    ago = [timezone.now() - moment for moment in (event.opened_at, dose.at, event.closed_at)]
    for told, minutes in zip(ago, (30, 25, 15), strict=True):
        assert timedelta(0) <= told - timedelta(minutes=minutes) < timedelta(minutes=1)
    assert (event.booth, dose.given_by) == ("4", "peer_worker")
    told = rows(Record)
    assert {record.data.get("estimated") for record in told} == {True}
    assert {record.data.get("responder") for record in told} == {"s01-02"}
    assert tablet.faults == []
