"""Pages about who works here and on what: nothing that a screen reader or a keyboard cannot use."""

import pytest
from django.db import transaction

from sites.people.enrolment import make_code
from tests.browser.test_board import clean
from tests.browser.test_outside import go
from tests.factories import make_staff, record, send

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page, committed_site, scheme):
    with transaction.atomic():
        make_staff("s01-05", committed_site, "manager")
        make_code(committed_site, by="s01-05")
        send(committed_site, record("turnaway.recorded", {"reason": "full", "count": 1}, by=None))
    page = open_page("/review/confirm/", code="s01-05")
    page.context.add_cookies([{"name": "theme", "value": scheme, "url": page.url}])
    for path in ("/review/confirm/", "/me/pin", "/setup/tablets/", "/setup/staff/"):
        go(page, path)
        clean(page)
    page.goto("/setup/tablets/")
    page.get_by_label("Nom de la tablette").fill("Salle")
    page.get_by_role("button", name="Inscrire une tablette").click()
    page.locator(".qr").wait_for()
    clean(page)
    assert page.locator(".qr").evaluate("(image) => image.naturalWidth") > 0  # shown under the strict policy
    assert page.faults == []
