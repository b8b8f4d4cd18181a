"""Two tablets: what one had written first comes back to the other as a question, and both are kept."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from sites.records.models import Record
from sites.visits.models import Visit
from tests.browser.test_board import clean
from tests.factories import record, ref, send
from tests.tablet_app.tablets import away
from tests.tablet_app.test_board import state
from tests.visits.test_board import ago, arrive

pytestmark = pytest.mark.browser


def conflicts() -> int:
    with transaction.atomic():
        return Record.objects.filter(status="conflict", settled_at=None).count()


def booth_of(visit) -> str | None:
    with transaction.atomic():
        found = Visit.objects.select_related("booth").get(ref=visit)
    return found.booth and found.booth.label


@pytest.fixture
def cut_off(open_tablet, committed_site):
    """A tablet whose network is gone, its board as it was: one waits, one sits in booth 2."""
    with transaction.atomic():
        refs = {"waiting": arrive(committed_site, 9), "seated": arrive(committed_site, 8, booth="2")}
    tablet = open_tablet()
    tablet.page.get_by_text("Fentanyl · IV").wait_for()
    away(tablet.page)
    tablet.page.get_by_text("Hors ligne.").wait_for()
    return tablet, refs


def back(tablet):
    tablet.page.unroute_all()
    tablet.page.evaluate("dispatchEvent(new Event('online'))")


def test_a_place_taken_by_another_tablet_is_a_question(cut_off, committed_site):
    tablet, refs = cut_off
    page = tablet.page
    page.get_by_role("button", name="Asseoir").click()
    expect(page.locator('.booth.used[data-booth="1"]')).to_have_count(1)
    with transaction.atomic():
        theirs = arrive(committed_site, 1, booth="1", seated=0.5)
    back(tablet)
    page.get_by_text("La place 1 était déjà prise par").wait_for()
    assert (booth_of(theirs), booth_of(refs["waiting"])) == ("1", None)
    assert conflicts() == 1
    page.faults = [said for said in tablet.faults if "ERR_FAILED" not in said]
    clean(page)
    page.locator(".clash").get_by_role("button", name="place 3").click()
    expect(page.locator(".clash")).to_have_count(0)
    tablet.until(lambda: booth_of(refs["waiting"]) == "3")
    assert conflicts() == 1


def test_a_visit_closed_twice_is_said_and_the_first_stands(cut_off, committed_site):
    tablet, refs = cut_off
    page = tablet.page
    page.locator('[data-booth="2"]').click()
    page.get_by_role("button", name="Rue").click()
    with transaction.atomic():
        send(
            committed_site,
            record("visit.closed", {"visit": refs["seated"], "discharge_to": "home"}, when=ago(2)),
        )
    back(tablet)
    page.get_by_text("le départ était déjà noté").wait_for()
    with transaction.atomic():
        assert Visit.objects.get(ref=refs["seated"]).discharge_to == "home"
    page.get_by_role("button", name="Compris").click()
    expect(page.locator(".clash")).to_have_count(0)
    assert conflicts() == 1


def test_it_may_stay_as_it_is(cut_off, committed_site):
    tablet, refs = cut_off
    page = tablet.page
    page.get_by_role("button", name="Asseoir").click()
    page.locator('.booth.used[data-booth="1"]').wait_for()
    with transaction.atomic():
        arrive(committed_site, 1, booth="1", seated=0.5)
    back(tablet)
    page.get_by_role("button", name="Garder ainsi").click()
    expect(page.locator(".clash")).to_have_count(0)
    page.reload()
    page.locator(".lock").wait_for()
    assert (
        page.evaluate("async () => (await import('/static/sites/tablet/store.js')).state.refused.length") == 0
    )
    assert state(refs["waiting"]) == "waiting"


def test_a_place_taken_meanwhile_leaves_the_sheet_open_and_offers_a_free_one(open_tablet, committed_site):
    with transaction.atomic():
        waiting = arrive(committed_site, 9)
    tablet = open_tablet()
    page = tablet.page
    page.locator(f'[data-visit="{waiting}"]').click(position={"x": 20, "y": 15})
    page.get_by_role("button", name="Place 1", exact=True).wait_for()
    # The board knows, the sheet is still drawn as it was: the tap falls between the two.
    page.evaluate(
        """async (visit) => {
          const {state} = await import("/static/sites/tablet/store.js");
          const buttons = [...document.querySelectorAll("button")];
          const button = buttons.find((one) => one.textContent.trim() === "Place 1");
          const since = Date.now();
          state.base = {...state.base, visits: [...state.base.visits,
            {visit, state: "in_booth", booth: "1", since, arrived_at: since}]};
          button.click();
        }""",
        ref(),
    )
    page.get_by_text("Cette place vient d’être prise. La place 2 est libre.").wait_for()
    page.get_by_role("button", name="Asseoir à la place 2").click()
    tablet.until(lambda: booth_of(waiting) == "2")
