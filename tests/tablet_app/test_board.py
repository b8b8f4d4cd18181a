"""The board on a tablet: what it shows, when it asks, what it says when nobody answers."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from sites.places.models import Booth, Room
from sites.visits.models import Visit
from tests.browser.test_board import clean
from tests.factories import record, ref, send
from tests.visits.test_board import ago, arrive

pytestmark = pytest.mark.browser


@pytest.fixture
def room(committed_site):
    """Every state of a place but one: see the names."""
    with transaction.atomic():
        Booth.objects.filter(label="4").update(out_since=ago(60), out_reason="Lampe brisée")
        Room.objects.filter(kind="inhalation").update(airing_minutes=8)
        refs = {
            "due": arrive(committed_site, 20, booth="1"),
            "seated": arrive(committed_site, 5, booth="2"),
            "waiting": arrive(committed_site, 3),
            "smokes": arrive(committed_site, 2, route="inh_smoke"),
            "rests": arrive(committed_site, 30, route="inh_smoke", booth="5"),
            "left": arrive(committed_site, 60),
        }
        send(
            committed_site,
            record("visit.aftercare", {"visit": refs["rests"]}, when=ago(3)),
            record("visit.closed", {"visit": refs["left"], "discharge_to": "street"}),
        )
    return refs


TOLD = """async () => JSON.stringify((await import("/static/sites/tablet/store.js")).state.base)"""


def state(visit) -> str:
    with transaction.atomic():
        return Visit.objects.get(ref=visit).state


def until(page, visit, wanted) -> None:
    """The record has been sent and folded."""
    for _ in range(50):
        if state(visit) == wanted:
            return
        page.wait_for_timeout(100)
    assert state(visit) == wanted


@pytest.mark.parametrize("size", [(1180, 820), (820, 1180)])
def test_every_state_has_its_word_by_day_and_by_night(open_tablet, room, size):
    tablet = open_tablet(viewport={"width": size[0], "height": size[1]})
    page = tablet.page
    page.faults = tablet.faults
    page.get_by_text("Fentanyl · IV").wait_for()
    text = page.locator(".board").inner_text()
    for words in ("À vérifier", "Fentanyl · IV", "pour ", "Hors service", "Lampe brisée", "Aération"):
        assert words in text, words
    for words in ("prête à", "Fumée · dès", "Repos", "Rue", "1 en aération"):
        assert words in text, words
    clean(page)
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    clean(page)
    page.locator(".booth.due").click()
    page.get_by_role("button", name="Tout va bien").wait_for()
    clean(page)


def test_who_has_not_unlocked_is_told_places_and_clocks_alone(open_tablet, room, committed_site):
    tablet = open_tablet()
    page = tablet.page
    page.get_by_text("Fentanyl · IV").wait_for()
    assert "fentanyl" in page.evaluate(TOLD)
    page.evaluate("""async () => (await import("/static/sites/tablet/store.js")).change({person: null})""")
    for _ in range(50):
        if "word" not in (told := page.evaluate(TOLD)):
            break
        page.wait_for_timeout(100)
    assert "fentanyl" not in told
    assert room["seated"] in told


def test_few_taps(open_tablet, room):
    page = open_tablet().page
    page.get_by_role("button", name="Place 3", exact=False).filter(has_text="Asseoir").click()
    until(page, room["waiting"], "in_booth")
    page.locator(".booth.due").click()
    page.get_by_role("button", name="Tout va bien").click()
    expect(page.locator(".booth.due")).to_have_count(0)
    page.locator('[data-booth="2"]').click()
    page.get_by_role("button", name="Vers l’aire de repos").click()
    until(page, room["seated"], "aftercare")
    page.locator(f'[data-visit="{room["seated"]}"]').click()
    page.get_by_role("button", name="Rue").click()
    until(page, room["seated"], "closed")
    page.get_by_role("button", name="Refus").click()
    page.get_by_role("button", name="Complet").click()
    page.get_by_role("heading", name="En attente").wait_for()


def test_nothing_is_sent_while_nothing_changes_and_nothing_is_asked_while_hidden(open_tablet, room):
    page = open_tablet().page
    page.locator(".booth.due").wait_for()
    with page.expect_response(lambda answer: "/tablet/room" in answer.url and answer.status == 304):
        pass
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/tablet/room" in request.url else None)
    page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true, configurable: true})")
    page.wait_for_timeout(100)
    asked.clear()
    page.wait_for_timeout(3_500)
    assert asked == []
    page.evaluate("delete document.hidden")
    page.wait_for_timeout(3_500)
    assert asked


def test_nothing_moves_under_a_finger(open_tablet, room):
    page = open_tablet().page
    page.locator(".booth.due").wait_for()
    page.evaluate("document.querySelector('.booth.due').id = 'mine'")
    asked = []
    page.locator(".booth.due").hover()
    page.mouse.down()
    page.wait_for_timeout(100)
    page.on("request", lambda request: asked.append(request.url) if "/tablet/room" in request.url else None)
    page.wait_for_timeout(3_500)
    assert asked == []
    page.mouse.move(600, 700)
    page.mouse.up()
    page.wait_for_timeout(4_000)
    assert asked
    expect(page.locator("#mine.booth.due")).to_have_count(1)


def test_without_network_the_last_board_stands_with_its_age(open_tablet, room):
    tablet = open_tablet()
    page = tablet.page
    page.locator(".booth.due").wait_for()
    tablet.context.set_offline(True)
    page.get_by_text("Hors ligne.").wait_for()
    assert "Tableau de" in page.locator(".stale").inner_text()
    assert "il y a 0 min" in page.locator(".stale").inner_text()
    page.locator('[data-booth="2"]').click()
    page.get_by_role("button", name="Vers l’aire de repos").click()
    expect(page.locator('.booth.used[data-booth="2"]')).to_have_count(0)
    expect(page.locator(".chip.rest")).to_have_count(2)
    page.locator(".chip.rest .kept-mark").wait_for()
    assert state(room["seated"]) == "in_booth"
    tablet.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    until(page, room["seated"], "aftercare")
    page.locator(".stale").wait_for(state="detached")


def test_undo_stacks_and_takes_the_last_back_first(open_tablet, room):
    page = open_tablet().page
    page.get_by_role("button", name="Place 3", exact=False).filter(has_text="Asseoir").click()
    page.locator('[data-booth="2"]').click()
    page.get_by_role("button", name="Vers l’aire de repos").click()
    page.get_by_text("2 notés").wait_for()
    until(page, room["seated"], "aftercare")
    page.locator(".chip.rest").nth(1).wait_for()
    page.wait_for_timeout(3_500)
    page.get_by_role("button", name="Annuler").click()
    expect(page.locator('.booth.used[data-booth="2"]')).to_have_count(1)
    until(page, room["seated"], "in_booth")
    page.get_by_role("button", name="Annuler").click()
    until(page, room["waiting"], "waiting")
    expect(page.locator(".note")).to_have_count(0)


def test_an_overdose_in_a_place_turns_its_tile_red_and_is_announced(open_tablet, room, committed_site):
    page = open_tablet().page
    page.locator(".booth.due").wait_for()
    with transaction.atomic():
        opened = {"event": ref(), "location": "booth", "visit": room["seated"]}
        send(committed_site, record("overdose.opened", opened))
    page.locator('.booth.alert[data-booth="2"]').wait_for()
    page.get_by_role("status").filter(has_text="surdose présumée").wait_for()
