"""Two tablets at one overdose: each sees what the other tells; two closings are a choice, never a loss."""

import pytest
from django.db import transaction

from sites.overdoses.models import OverdoseEvent
from sites.records.models import Record
from tests.tablet_app.tablets import DEAF_MS, away, enrolled, step
from tests.tablet_app.test_overdose_steps import close, rows

pytestmark = pytest.mark.browser
JOIN = """async (event) => {
  const {joinOverdose} = await import("/static/sites/tablet/overdose.js");
  const data = {event, location: "other_indoor"};
  const stub = {id: null, kind: "overdose.opened", at: Date.now(), by: null, data};
  joinOverdose({event, records: [], away: true, stub});
}"""


@pytest.fixture
def two(chromium, live_server, committed_site):
    first, second = (enrolled(chromium, live_server, committed_site) for _ in range(2))
    first.page.get_by_role("button", name="SURDOSE").click()
    first.until(lambda: len(rows(OverdoseEvent)) == 1)
    second.page.evaluate(JOIN, str(rows(OverdoseEvent)[0].ref))
    second.page.wait_for_timeout(DEAF_MS)
    return first, second


def test_each_tablet_sees_the_steps_of_the_other(two):
    first, second = two
    step(first.page, "airway-").click()
    step(second.page, "oxygen").click()
    step(second.page, "airway-").and_(second.page.locator(".done")).wait_for()
    step(first.page, "oxygen").and_(first.page.locator(".on")).wait_for()
    first.page.get_by_text("2 tablettes").wait_for()
    for tablet in two:
        assert tablet.page.locator(".log li").count() == 3
        assert tablet.faults == []


def test_what_one_closes_is_closed_on_the_other(two):
    first, second = two
    first.page.get_by_role("button", name="Terminer").click()
    close(first.page, "Rétablie sur place")
    second.page.get_by_role("heading", name="Intervention fermée").wait_for()
    second.page.get_by_role("button", name="Retour").click()
    second.page.locator(".dock .alarm").wait_for()
    assert second.page.locator(".running").count() == 0


def test_the_first_closing_counts_and_the_other_is_a_choice(two):
    first, second = two
    step(second.page, "stimulation-").click()
    second.until(lambda: second.page.locator(".log li").count() == 2)
    away(second.page)
    for tablet, outcome in ((first, "Rétablie sur place"), (second, "Transportée")):
        tablet.page.get_by_role("button", name="Terminer").click()
        close(tablet.page, outcome)
        tablet.page.wait_for_timeout(DEAF_MS)
    first.until(lambda: len(rows(OverdoseEvent, outcome="recov")) == 1)
    second.page.unroute("**/api/**")
    second.page.get_by_role("button", name="Choisir", exact=True).click()
    cells = second.page.locator("tr.differs td").all_text_contents()
    assert cells == ["A Rétablie sur place", "B Transportée"]
    second.page.get_by_role("button", name="Prendre B").click()
    second.until(lambda: len(rows(OverdoseEvent, outcome="transport")) == 1)
    with transaction.atomic():
        assert Record.objects.get(kind="overdose.closed", status="conflict").errors
    assert second.page.get_by_role("button", name="Choisir", exact=True).count() == 0
