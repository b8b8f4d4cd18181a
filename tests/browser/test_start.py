"""A new installation, from the installer's address to the board, on a tablet held upright."""

import pytest

from sites.commissioning.services import start_code
from tests.browser.fixtures import PATIENCE_MS, TABLET
from tests.browser.test_passkey import KEY

pytestmark = pytest.mark.browser
PASSWORD = "quatre mots pris au hasard"
TYPED = {
    "Nom de l’organisme": "La Halte", "Région": "Outaouais", "Nom du site": "Le Refuge",
    "Ouvre à": "14:00", "Ferme à": "2:00", "Nom affiché": "Gestion",
    "Nouveau mot de passe": PASSWORD, "Le même, encore une fois": PASSWORD,
}  # fmt: skip


def test_the_first_visit_ends_at_the_board(chromium, live_server):
    context = chromium.new_context(
        base_url=live_server.url, **TABLET | {"viewport": {"width": 820, "height": 1180}}
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})

    page.goto(f"/start/#{start_code()}")
    page.wait_for_function("document.querySelector('[name=start_code]').value.length > 20")
    assert page.url.endswith("/start/")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for label, text in TYPED.items():
        page.get_by_role("textbox", name=label, exact=False).and_(page.locator("input")).first.fill(text)
    page.get_by_role("button", name="Mettre en service").click()
    page.get_by_role("heading", name="C’est en service").wait_for()
    page.get_by_role("link", name="choisir ma clé d’accès").click()
    page.get_by_role("link", name="Clé d’accès").click()
    page.get_by_role("button", name="Créer la clé d’accès").click()
    page.get_by_role("link", name="Ils sont en lieu sûr").click()
    page.locator(".bar .who").wait_for()
    page.goto("/")
    page.get_by_text("Le Refuge").first.wait_for()
    assert faults == []
