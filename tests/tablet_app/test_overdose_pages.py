"""The recorder of the tablet for every eye and hand: axe, both themes, both ways to hold it, 200 %, keys."""

import pytest
from django.db import transaction

from tests.browser.test_board import clean
from tests.overdoses.story import make_protocol
from tests.tablet_app.tablets import DEAF_MS, enrolled, step

pytestmark = pytest.mark.browser
THEME = "theme => { document.documentElement.dataset.bsTheme = theme; }"
GO = """async (name) => (await import("/static/sites/tablet/store.js")).go(name)"""
SAY = """async (language) => (await import("/static/sites/tablet/store.js")).change({language})"""


@pytest.fixture
def page(chromium, live_server, committed_site):
    """A recorder with a protocol and two overdoses, the second on the screen."""
    with transaction.atomic():
        make_protocol(
            committed_site, intervals={"nal-in-4": {"in": 180}}, breath_s=5,
            goal_fr="Le but : respirer, pas s’éveiller.", goal_en="The goal: breathing, not waking.",
        )  # fmt: skip
    tablet = enrolled(chromium, live_server, committed_site)
    page = tablet.page
    page.faults = tablet.faults
    page.get_by_role("button", name="SURDOSE").click()
    page.wait_for_timeout(DEAF_MS)
    page.get_by_role("button", name="Réduire").click()
    page.get_by_role("button", name="SURDOSE").click()
    page.wait_for_timeout(DEAF_MS)
    for key in ("stimulation-", "oxygen", "call_911", "dose-nal-in-4"):
        step(page, key).click()
    return page


@pytest.mark.parametrize(
    ("size", "theme", "language"),
    [((1180, 820), "light", "fr"), ((820, 1180), "dark", "fr"), ((590, 410), "light", "en")],
)
def test_every_page_of_an_overdose_is_clean(page, size, theme, language):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.evaluate(THEME, theme)
    page.evaluate(SAY, language)
    clean(page)
    for key in ("measure-spo2", "awake", "other", "where"):
        step(page, key).click()
        clean(page)
        page.keyboard.press("Escape")
    page.locator(".log .edit").first.click()
    clean(page)
    page.keyboard.press("Escape")
    page.locator(".rec-foot .btn").first.click()
    page.locator(".dock .main").click()
    page.locator(".error-box").wait_for()
    clean(page)
    page.locator(".rec-head .btn").click()
    page.locator(".rec-foot .plain").click()
    clean(page)
    page.locator(".panel .btn").last.click()
    page.evaluate(GO, "afterwards")
    clean(page)


def test_the_keyboard_follows_the_order_of_care(page):
    step(page, "stimulation-").focus()
    order = ["stimulation-"]
    for _ in range(13):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.dataset.key"))
    assert order == [
        "stimulation-", "airway-", "oxygen", "bvm", "call_911", "ems", "dose-nal-in-4", "dose-nal-im-0.4",
        "measure-spo2", "measure-rr", "awake", "airway-position", "cpr_aed-", "other",
    ]  # fmt: skip
    step(page, "measure-spo2").focus()
    page.keyboard.press("Enter")
    page.locator(".ask").wait_for()
    page.keyboard.press("Escape")
    step(page, "measure-spo2").and_(page.locator(":focus")).wait_for()
    before = page.locator(".log li").count()
    step(page, "airway-").focus()
    page.keyboard.press("Space")
    page.locator(".log li").nth(before).wait_for()
    assert page.locator(".recorder > p[role=status]").text_content().startswith("Voies dégagées")


def test_nothing_is_timed_without_a_protocol_nor_for_a_stimulant(page):
    assert page.locator(".dose-ring").is_visible()
    assert page.get_by_text("Protocole v2, 3 mars 2026, médecin responsable").is_visible()
    page.get_by_role("button", name="Stimulants : sans minuterie").click()
    assert page.locator(".dose-ring").count() == 0
    page.evaluate(
        """async () => {
          const {change, state} = await import("/static/sites/tablet/store.js");
          change({setup: {...state.setup, protocol: null}});
        }"""
    )
    page.get_by_role("button", name="Stimulants : sans minuterie").click()
    for words in ("Prochaine dose", "Le but", "Souffler", "Protocole"):
        assert page.get_by_text(words).count() == 0, words
    assert page.get_by_text("il y a 0:").is_visible()
