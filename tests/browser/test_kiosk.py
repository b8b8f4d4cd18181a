"""The screen lent to a person, upright: what they see, that it empties, and that it stays theirs."""

import pytest
from django.db import transaction

from tests.browser.test_outside import clean
from tests.browser.test_whole import WHOLE
from tests.factories import PASSWORD, record, ref, send

pytestmark = pytest.mark.browser
HANDLE = "RIVE7"
A_MINUTE_MS = 61_000


@pytest.fixture
def agreed(committed_site):
    with transaction.atomic():
        send(
            committed_site,
            record("client.agreed", {"handle": HANDLE, "version": "1", "language": "fr"}),
            record("visit.arrived", {"visit": ref(), "handle": HANDLE}),
        )


def test_the_lent_screen_tells_empties_itself_and_is_taken_back_by_a_password(agreed, open_page):
    page = open_page("/kiosk/open", viewport={"width": 820, "height": 1180})
    page.get_by_role("button", name="Prêter l’écran").click()
    page.clock.install()
    page.get_by_label("Pseudonyme").wait_for()
    clean(page)
    page.get_by_label("Pseudonyme").fill(HANDLE)
    page.get_by_role("button", name="Voir").click()
    page.get_by_text("Passages reliés à vous").wait_for()
    clean(page)
    assert page.evaluate(WHOLE)
    assert HANDLE not in page.content()
    page.clock.fast_forward(A_MINUTE_MS)
    page.get_by_label("Pseudonyme").wait_for()
    assert "Passages reliés" not in page.content()
    page.goto("/logbook/")
    assert page.url.endswith("/kiosk/")
    page.get_by_role("link", name="Équipe").click()
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.locator("button[type=submit].main").click()
    page.locator(".bar .who").wait_for()
    assert page.faults == []
