"""Someone comes in: few taps, nothing of a handle left behind, and the same work without network."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from sites.clients.models import Client
from sites.records.models import Record
from sites.trail.models import TrailEntry
from sites.visits.models import Visit
from tests.browser.test_board import clean
from tests.factories import record, send
from tests.tablet.test_last_time import came
from tests.tablet_app.tablets import away
from tests.visits.test_board import arrive

pytestmark = pytest.mark.browser
COUNT_TAPS = """() => { window.taps = 0; addEventListener("click", (event) => {
  if (!event.target.closest(".key")) window.taps += 1; }, true); }"""
KEPT_VIEWS = """async () => {
  const { state, unshelve } = await import("/static/sites/tablet/store.js");
  return JSON.stringify([state.view, [...state.drafts], unshelve()]);
}"""


def button(page, name):
    return page.get_by_role("button", name=name)


def key_in(page, handle):
    for key in handle:
        page.get_by_role("button", name=key, exact=True).click()


def taps(page) -> int:
    return page.evaluate("window.taps")


def kinds() -> list[str]:
    with transaction.atomic():
        return list(Record.objects.order_by("occurred_at", "seq").values_list("kind", flat=True))


def visit_here() -> Visit:
    with transaction.atomic():
        return Visit.objects.select_related("booth", "client").get(ended_at=None)


def test_an_anonymous_visit_is_two_taps(open_tablet, committed_site):
    tablet = open_tablet()
    tablet.page.evaluate(COUNT_TAPS)
    button(tablet.page, "Accueillir").click()
    button(tablet.page, "Sans pseudonyme").click()
    tablet.page.locator(".chip").wait_for()
    tablet.until(lambda: kinds() == ["visit.arrived"])
    assert taps(tablet.page) <= 2


def test_a_returning_visit_is_three_taps_and_the_handle_and_what_helps_is_said(open_tablet, committed_site):
    with transaction.atomic():
        came(committed_site)
        send(committed_site, record("client.alerted", {"handle": "RIVE7", "alert": "allergy_latex"}))
        before = Record.objects.count()
    tablet = open_tablet()
    page = tablet.page
    page.evaluate(COUNT_TAPS)
    button(page, "Accueillir").click()
    key_in(page, "RIVE7")
    button(page, "Comme la dernière fois").click()
    page.get_by_text("repris").wait_for()
    expect(page.get_by_role("alert").get_by_text("Allergie au latex")).to_be_visible()
    button(page, "Asseoir à la place 1").click()
    page.locator(".booth.used").wait_for()
    assert "latex" not in page.content()
    assert taps(page) <= 3
    tablet.until(lambda: len(kinds()) == before + 4)
    assert kinds()[-4:] == ["visit.arrived", "visit.assessed", "visit.seated", "consumption.recorded"]
    visit = visit_here()
    assert (visit.booth.label, visit.substances, visit.route) == ("1", ["fentanyl", "cocaine"], "inj_iv")
    assert visit.client is not None
    assert "RIVE7" not in page.content()


def test_an_agreement_is_told_before_the_visit_so_that_it_knows_this_one_too(open_tablet, committed_site):
    tablet = open_tablet()
    page = tablet.page
    button(page, "Accueillir").click()
    expect(button(page, "Entente v1 expliquée")).to_have_attribute("aria-disabled", "true")
    key_in(page, "OIE")
    button(page, "Entente v1 expliquée").click()
    for name in ("Crack", "Fumée", "Aide demandée", "Pause récente"):
        page.get_by_role("button", name=name, exact=True).click()
    button(page, "limite physique").click()
    button(page, "Asseoir à la place 5").click()
    tablet.until(lambda: len(kinds()) == 5)
    with transaction.atomic():
        assert Client.objects.count() == 1
        told = Record.objects.get(kind="visit.assessed").data
    assert (told["help_needed"], told["tolerance_break"]) == ("peer_physical", True)
    assert visit_here().client is not None


def test_the_handle_is_masked_after_ten_seconds_and_wiped_when_the_sheet_is_left(open_tablet, committed_site):
    tablet = open_tablet()
    page = tablet.page
    button(page, "Accueillir").click()
    key_in(page, "OIE")
    field = page.get_by_label("Pseudonyme")
    expect(field).not_to_have_class("masked")
    expect(field).to_have_class("masked")
    page.keyboard.press("Escape")
    page.locator(".board").wait_for()
    assert "OIE" not in page.evaluate(KEPT_VIEWS)
    button(page, "Accueillir").click()
    key_in(page, "OIE")
    button(page, "Verrouiller").click()
    page.locator(".lock").wait_for()
    assert "OIE" not in page.evaluate(KEPT_VIEWS)


def test_who_is_here_already_is_offered_to_be_opened(open_tablet, committed_site):
    with transaction.atomic():
        visit = came(committed_site, hours=0.5, agreed=False, closed=False)
    page = open_tablet().page
    button(page, "Accueillir").click()
    key_in(page, "RIVE7")
    button(page, "Comme la dernière fois").click()
    page.get_by_text("Ouvrir?").wait_for()
    page.get_by_role("button", name="Ouvrir", exact=True).click()
    button(page, "Vers l’aire de repos").wait_for()
    assert (
        page.evaluate("async () => (await import('/static/sites/tablet/store.js')).state.view.visit") == visit
    )


def test_nothing_is_asked_while_typing_and_a_stranger_is_told_nothing(open_tablet, committed_site):
    page = open_tablet().page
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "last-time" in request.url else None)
    button(page, "Accueillir").click()
    key_in(page, "RIVE7")
    assert asked == []
    button(page, "Comme la dernière fois").click()
    page.get_by_text("Rien à reprendre : choisir ci-dessous.").wait_for()
    assert len(asked) == 1
    with transaction.atomic():
        assert TrailEntry.objects.filter(action="handle.last_time", actor="s01-01").count() == 1


def test_without_network_one_chooses_and_the_rest_is_the_same(open_tablet, committed_site):
    tablet = open_tablet()
    page = tablet.page
    away(page)
    page.get_by_text("Hors ligne.").wait_for()
    button(page, "Accueillir").click()
    key_in(page, "OIE")
    assert "hors ligne : à choisir" in button(page, "Comme la dernière fois").inner_text()
    page.get_by_text("Fentanyl", exact=True).click()
    button(page, "Asseoir à la place 1").click()
    page.get_by_text("Il manque une réponse.").wait_for()
    page.get_by_text("Injection IV", exact=True).click()
    button(page, "Asseoir à la place 1").click()
    expect(page.locator('.booth.used[data-booth="1"]')).to_contain_text("Fentanyl · IV")
    assert kinds() == []
    page.unroute_all()
    tablet.until(lambda: len(kinds()) == 4)


def test_a_full_room_puts_in_line_and_a_taken_place_offers_another(open_tablet, committed_site):
    with transaction.atomic():
        for booth in "1234":
            arrive(committed_site, 5, booth=booth)
    tablet = open_tablet()
    page = tablet.page
    button(page, "Accueillir").click()
    page.get_by_text("Injection IV", exact=True).click()
    expect(page.locator(".seat")).to_contain_text("Aucune place libre")
    expect(page.locator(".dock .btn.main")).to_have_text("Mettre en attente")
    page.get_by_text("Fumée", exact=True).click()
    page.get_by_text("Crack", exact=True).click()
    button(page, "Asseoir à la place 5").wait_for()
    with transaction.atomic():
        arrive(committed_site, 1, route="inh_smoke", booth="5")
    expect(page.locator(".dock .btn.main")).to_have_text("Mettre en attente")


@pytest.mark.parametrize("size", [(1180, 820), (820, 1180), (590, 410)])
def test_the_sheet_is_clean_and_nothing_is_cut(open_tablet, committed_site, size):
    tablet = open_tablet(viewport={"width": size[0], "height": size[1]})
    page = tablet.page
    page.faults = tablet.faults
    button(page, "Accueillir").click()
    button(page, "Plus…").click()
    clean(page, enlarged=size[0] < 600)
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    clean(page, enlarged=size[0] < 600)


def test_the_keyboard_alone_does_it(open_tablet, committed_site):
    tablet = open_tablet()
    page = tablet.page
    button(page, "Accueillir").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Pseudonyme").focus()
    page.keyboard.type("oie")
    page.get_by_text("Fentanyl", exact=True).focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent").startswith("Héroïne")
    page.keyboard.press("Space")
    page.get_by_text("Injection IV", exact=True).focus()
    page.keyboard.press("Enter")
    button(page, "Mettre en attente").focus()
    page.keyboard.press("Enter")
    page.locator(".chip").wait_for()
    tablet.until(lambda: len(kinds()) == 2)
    assert page.evaluate("document.activeElement.textContent").strip() == "Accueillir"
