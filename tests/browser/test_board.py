import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction

from sites.records.models import Record
from sites.visits.models import Visit
from tests.factories import make_staff, record, ref, send
from tests.visits.test_board import ago, arrive

pytestmark = pytest.mark.browser

SMALL = """() => [...document.querySelectorAll("a[href], button, summary, input:not([type=hidden])")]
  .filter((e) => e.checkVisibility() && !e.classList.contains("skip"))
  .map((e) => [(e.textContent || e.name).trim(), (e.closest("label") ?? e).getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.width < 47.9 || box.height < 47.9)).map(([name]) => name)"""


@pytest.fixture
def room(committed_site):
    """Two seated, one of them to check; one waiting; one who left. Answers refs by name."""
    with transaction.atomic():
        refs = {
            "due": arrive(committed_site, 20, booth="1"),
            "seated": arrive(committed_site, 5, booth="2"),
            "waiting": arrive(committed_site, 3),
            "left": arrive(committed_site, 60),
        }
        send(committed_site, record("visit.closed", {"visit": refs["left"], "discharge_to": "street"}))
        make_staff("s01-09", committed_site, role="manager")
    return refs


def clean(page, *, enlarged: bool = False) -> None:
    """Enlarged, the page scrolls under a dock that stays: axe takes what is under it for too small a
    target. Sizes are measured below all the same.
    """
    rules = {"target-size": {"enabled": not enlarged}}
    asked = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"], "rules": rules}
    found = Axe().run(page, options=asked)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("(document.querySelector('.bar')?.scrollWidth ?? 0) <= innerWidth")
    assert page.faults == []


def state(visit) -> str:
    with transaction.atomic():
        return Visit.objects.get(ref=visit).state


@pytest.mark.parametrize("size", [(1180, 820), (820, 1180)])
def test_the_pages_are_clean_by_day_and_by_night(open_page, room, size):
    page = open_page("/", "s01-09", viewport={"width": size[0], "height": size[1]})
    for path in ("/", "/visits/new", f"/visits/{room['due']}/", "/turnaways/new", "/review/", "/visits/"):
        page.goto(path)
        clean(page)
        page.locator("[data-theme-switch]").click()
        page.reload()
        assert page.locator("html").get_attribute("data-bs-theme") == "dark"
        clean(page)
        page.locator("[data-theme-switch]").click()


def test_sign_in_is_clean(open_page):
    page = open_page("/accounts/login/", code=None)
    clean(page)
    page.get_by_label("Votre code").fill("nobody")
    page.get_by_label("Mot de passe").fill("nothing at all")
    page.get_by_role("button", name="Ouvrir la session").click()
    assert page.get_by_text("ne vont pas ensemble").is_visible()
    clean(page)


def test_taps_are_few(open_page, room):
    page = open_page("/")
    page.get_by_role("button", name="Place 3").click()
    assert page.get_by_text("Noté.").is_visible()
    assert state(room["waiting"]) == "in_booth"
    page.locator(".booth.due").click()
    page.get_by_role("button", name="Tout va bien").click()
    assert page.locator(".booth.due").count() == 0
    page.locator(".booth.used").nth(1).click()
    page.get_by_role("button", name="Vers l’aire de repos").click()
    assert state(room["seated"]) == "aftercare"
    page.locator(".chip.rest a").click()
    page.get_by_role("button", name="Rue").click()
    assert state(room["seated"]) == "closed"
    page.get_by_role("link", name="Refus").click()
    page.get_by_role("button", name="Complet").click()
    assert page.get_by_role("heading", name="En attente").is_visible()


def test_undo_takes_the_tap_back(open_page, room):
    page = open_page("/")
    page.get_by_role("button", name="Place 3").click()
    page.get_by_role("button", name="Annuler").click()
    assert page.get_by_text("Annulé.").is_visible()
    assert state(room["waiting"]) == "waiting"


def test_the_keypad_types_the_handle_and_the_place_follows_the_route(open_page, committed_site):
    page = open_page("/visits/new")
    for key in "RIVE7":
        page.get_by_role("button", name=key, exact=True).click()
    page.get_by_text("Crack", exact=True).click()
    page.get_by_text("Fumée", exact=True).click()
    assert page.get_by_label("Pseudonyme").input_value() == "RIVE7"
    page.get_by_role("button", name="Asseoir à la place 5").click()
    page.locator(".booth.used").wait_for()
    assert "RIVE7" not in page.content()
    with transaction.atomic():
        visit = Visit.objects.get()
        assert (visit.booth.label, visit.handle_given) == ("5", True)
        kinds = Record.objects.order_by("seq").values_list("kind", flat=True)
        assert list(kinds) == ["visit.arrived", "visit.assessed", "visit.seated", "consumption.recorded"]


def test_switching_language_keeps_what_was_chosen(open_page, committed_site):
    page = open_page("/visits/new")
    page.get_by_text("Crack", exact=True).click()
    page.get_by_label("Pseudonyme").fill("RIVE7")
    page.get_by_role("button", name="EN English").click()
    page.locator('html[lang="en"]').wait_for()
    assert page.locator("input[value=crack]").is_checked()
    assert page.locator("[data-handle]").input_value() == ""


def test_the_board_follows_the_room_by_itself(open_page, committed_site):
    page = open_page("/")
    page.evaluate("window.same = true")
    with transaction.atomic():
        arrive(committed_site, 30, booth="1")
    page.locator(".booth.used.due").wait_for()
    assert page.get_by_role("status").filter(has_text="à vérifier").count() == 1
    assert page.evaluate("window.same")
    opened = record("overdose.opened", {"event": ref(), "location": "perimeter"})
    with page.expect_event("load"), transaction.atomic():
        send(committed_site, opened)


def test_a_tile_with_focus_stays(open_page, committed_site):
    with transaction.atomic():
        visit = arrive(committed_site, 5, booth="1")
    page = open_page("/")
    page.evaluate("document.querySelector('.booth.used').focus(); window.tile = document.activeElement")
    with transaction.atomic():
        send(committed_site, record("visit.aftercare", {"visit": visit}, when=ago(1)))
    page.locator(".chip.rest").wait_for()
    assert page.evaluate("document.activeElement === window.tile")


def test_the_board_says_when_the_network_is_gone(open_page, room):
    page = open_page("/")
    page.context.set_offline(True)
    page.locator("[data-stale]").wait_for(state="visible")
    page.context.set_offline(False)
    page.locator("[data-stale]").wait_for(state="hidden")


def test_without_scripts_the_same_work_is_done(open_page, committed_site):
    page = open_page("/visits/new", java_script_enabled=False)
    page.get_by_label("Pseudonyme").fill("RIVE7")
    page.get_by_text("Fentanyl", exact=True).click()
    page.get_by_text("Injection IV", exact=True).click()
    page.get_by_role("button", name="Asseoir").click()
    page.locator(".booth.used").click()
    page.get_by_role("button", name="Tout va bien").click()
    assert page.get_by_text("Noté.").is_visible()
