"""The board in other ways: after a reload without network, by keys alone, enlarged, full."""

import re

import pytest
from django.db import transaction

from sites.places.models import Booth, Room
from tests.browser.test_board import clean
from tests.factories import record, send
from tests.tablet_app.conftest import hold
from tests.tablet_app.tablets import DEAF_MS, away
from tests.tablet_app.test_board import room, until  # noqa: F401 (a fixture)
from tests.visits.test_board import ago, arrive

pytestmark = pytest.mark.browser
CUT = """() => [...document.querySelectorAll("#app button, #app .chip, #app h2, #app p")]
  .filter((e) => e.checkVisibility() && !e.closest(".hidden-text, .skip"))
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflow !== "visible")
  .map((e) => e.textContent.trim().slice(0, 40))"""
EVENTS = """async () => (await import("/static/sites/tablet/store.js")).state.events.size"""
# What 20 redraws a second apart change in the page: nodes put in or taken out, and texts written anew.
REDRAW = """async () => {
  const { change } = await import("/static/sites/tablet/store.js");
  const seen = { nodes: 0, texts: 0 };
  const watch = new MutationObserver((changes) => changes.forEach(({ type, addedNodes, removedNodes }) => {
    seen.nodes += addedNodes.length + removedNodes.length;
    seen.texts += type === "characterData" ? 1 : 0;
  }));
  watch.observe(document.querySelector(".columns"), { subtree: true, childList: true, characterData: true });
  const start = Date.now();
  const began = performance.now();
  for (let n = 0; n < 20; n += 1) {
    change({ tick: start + n * 1000 });
    await Promise.resolve();
  }
  seen.ms = (performance.now() - began) / 20;
  await new Promise((done) => setTimeout(done));
  watch.disconnect();
  return seen;
}"""


def test_after_a_reload_without_network_places_and_clocks_are_left(open_tablet, room, committed_site):  # noqa: F811
    tablet = open_tablet()
    page = tablet.page
    page.get_by_text("Fentanyl · IV").wait_for()
    page.locator('[data-booth="2"]').click()
    away(page)
    page.get_by_role("button", name="Vers l’aire de repos").click()
    page.locator(".chip.rest").nth(1).wait_for()
    page.reload()
    page.locator(".lock").wait_for()
    hold(tablet, committed_site)
    page.locator(".booth.due").wait_for()
    text = page.locator(".board").inner_text()
    assert "Fentanyl" not in text
    assert "Tableau de" in text
    assert page.locator(".chip.rest").count() == 2
    assert page.locator('.booth.used[data-booth="2"]').count() == 0
    assert re.match(r"\d{1,2}\s", page.locator(".chip.rest .name").first.inner_text())  # since when, no word


def test_by_keys_alone(open_tablet, room):  # noqa: F811
    tablet = open_tablet()
    page = tablet.page
    page.locator(".booth.due").wait_for()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.booth") == "1":
            break
    assert "à vérifier" in page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Tout va bien").wait_for()
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.keyboard.press("Escape")
    page.locator(".board").wait_for()
    assert page.evaluate("document.activeElement.dataset.booth") == "1"
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Tout va bien").press("Enter")
    page.locator(".booth.due").wait_for(state="detached")


@pytest.mark.parametrize("size", [(590, 410), (1180, 820), (820, 1180)])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_is_cut_enlarged_or_not(open_tablet, room, size, language):  # noqa: F811
    tablet = open_tablet(viewport={"width": size[0], "height": size[1]})
    page = tablet.page
    page.faults = tablet.faults
    page.locator(f".langs [lang={language}]").click()
    page.locator(".booth.due").wait_for()
    assert page.evaluate(CUT) == []
    clean(page, enlarged=size[0] < 600)
    page.locator(".booth.due").click()
    page.locator(".acts-grid").wait_for()
    assert page.evaluate(CUT) == []
    clean(page, enlarged=size[0] < 600)


def test_a_redraw_of_a_full_room_writes_only_what_changed(open_tablet, committed_site):
    """12 places and 30 people; the time it took is printed, not judged."""
    with transaction.atomic():
        injection = Room.objects.at(committed_site).first()
        for n in range(6, 13):
            Booth.objects.create(site=committed_site, room=injection, label=str(n), position=n)
        Room.objects.update(routes=[])
        for n in range(1, 13):
            arrive(committed_site, 20 - n, booth=str(n))
        for n in range(10):
            arrive(committed_site, n)
        for n in range(8):
            resting = arrive(committed_site, 60 + n)
            send(committed_site, record("visit.aftercare", {"visit": resting}, when=ago(n)))
    page = open_tablet().page
    page.locator(".booth.used").nth(11).wait_for()
    page.get_by_text("Fentanyl · IV").first.wait_for()
    told = page.evaluate(REDRAW)
    print(f"one redraw of 12 places and 30 people: {told['ms']:.2f} ms")
    assert told["nodes"] == 0
    assert told["texts"] <= 60


def test_an_overdose_at_a_place_where_one_runs_is_the_same(open_tablet, committed_site):
    with transaction.atomic():
        arrive(committed_site, 20, booth="1")
    page = open_tablet().page
    page.locator(".booth.due[data-booth='1']").click()
    for _twice in range(2):
        page.get_by_role("button", name="SURDOSE ici").click()
        page.locator(".recorder .clockface").wait_for()
        page.wait_for_timeout(DEAF_MS)
        assert page.locator(".log .words").all_text_contents() == ["Début · place 1"]
        page.get_by_role("button", name="Réduire").click()
    assert page.locator(".running").count() == 1
    assert page.evaluate(EVENTS) == 1
