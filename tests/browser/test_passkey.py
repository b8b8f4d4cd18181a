"""A manager makes a passkey in a real browser and signs in by it."""

import pytest
from django.db import transaction

from sites.people.factors import forget_factors
from tests.factories import PASSWORD, make_staff

pytestmark = pytest.mark.browser
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def test_a_passkey_is_made_and_opens_the_door(open_page, committed_site):
    with transaction.atomic():
        forget_factors(make_staff("s01-05", committed_site, "manager"))
    page = open_page("/accounts/login/", code=None)
    page.set_default_timeout(30_000)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})

    give_password(page)
    page.get_by_role("heading", name="Avant tout").wait_for()
    page.get_by_role("link", name="Clé d’accès").click()
    page.get_by_role("button", name="Créer la clé d’accès").click()
    page.get_by_role("heading", name="Codes de secours").wait_for()
    page.get_by_role("link", name="Ils sont en lieu sûr").click()
    page.locator(".bar .who").wait_for()

    page.locator(".bar .who").click()
    page.goto("/accounts/login/")
    give_password(page)
    page.get_by_role("button", name="Prendre ma clé d’accès").click()
    page.locator(".bar .who").wait_for()
    assert page.faults == []


def give_password(page) -> None:
    page.get_by_label("Votre code").fill("s01-05")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.locator("button[type=submit].main").click()
