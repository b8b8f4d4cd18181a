"""Pages about what leaves: accessible, whole at both widths, by day and by night, without a fault."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction

from sites.recipients.services import add_recipient
from sites.recipients.tasks import prepare_editions
from tests.factories import PASSWORD, make_staff
from tests.releases.published import publish

pytestmark = pytest.mark.browser
STAFF = ["/releases/", "/releases/explain/", "/releases/recipients/", "/releases/disclosures/",
         "/releases/register/", "/releases/keys/", "/releases/recipients/new",
         "/releases/handover/2026-11-22/"]  # fmt: skip
PORTRAIT = {"width": 820, "height": 1180}


@pytest.fixture
def told(committed_site, fresh_keys):
    with transaction.atomic():
        sites = publish(committed_site)
        add_recipient("DRSP", "Surveiller", basis="entente", by="x")
        make_staff("s01-mgr", committed_site, role="manager")
        make_staff("s01-vp", committed_site, role="privacy_officer")
    prepare_editions()
    return sites


def clean(page) -> None:
    """Looked at in its whole length: what the bar at the bottom lies over comes up by scrolling."""
    size = page.viewport_size
    page.set_viewport_size(size | {"height": page.evaluate("document.documentElement.scrollHeight")})
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    assert page.faults == []
    page.set_viewport_size(size)


def go(page, address: str) -> None:
    page.goto(address)
    if "/reauthenticate/" in page.url:
        clean(page)
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.locator("button[type=submit].main").click()
        page.wait_for_url(f"**{address}")


@pytest.mark.parametrize("code", ["s01-mgr", "s01-vp"])
def test_staff_pages_are_clean_by_day_and_by_night(told, open_page, code):
    page = open_page("/releases/", code=code, viewport=PORTRAIT)
    for night in (False, True):
        if night:
            page.context.add_cookies([{"name": "theme", "value": "dark", "url": page.url}])
        for address in STAFF:
            forbidden = (
                code == "s01-mgr" and address.endswith("new") or code == "s01-vp" and "explain" in address
            )
            if not forbidden:
                go(page, address)
                clean(page)


@pytest.mark.parametrize("viewport", [PORTRAIT, {"width": 390, "height": 780}])
def test_the_bulletin_is_clean_without_scripts(told, open_page, viewport):
    page = open_page("/bulletin/", code=None, viewport=viewport)
    for address in ("/bulletin/", "/bulletin/R01/", "/en/bulletin/R02/"):
        page.goto(address)
        clean(page)
    assert page.context.cookies() == []


def test_a_file_is_handed_over_at_the_page(told, open_page):
    page = open_page("/releases/", code="s01-mgr")
    go(page, "/releases/handover/2026-11-22/")
    page.get_by_label("Pour qui").select_option(label="DRSP")
    page.get_by_label("Pourquoi maintenant").fill("Demande du jour")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Télécharger").click()
    assert waiting.value.suggested_filename == "2026-11-22-release.csv"


def test_what_is_inside_is_not_printed(told, open_page):
    page = open_page("/releases/explain/", code="s01-mgr")
    assert page.locator(".side.inside").is_visible()
    page.emulate_media(media="print")
    for inside in (".side.inside", ".toss", ".errors"):
        assert not page.locator(inside).is_visible()
    assert page.get_by_role("heading", name="Publié").is_visible()
