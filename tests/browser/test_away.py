"""A signed-in page that cannot reach the server keeps what was typed."""

import pytest

from sites.records.models import Record

pytestmark = pytest.mark.browser


def test_without_a_network_a_form_stays_as_typed(open_page):
    page = open_page("/turnaways/new")
    page.locator("#id_count").fill("3")
    page.context.set_offline(True)
    page.get_by_role("button", name="Complet").click()
    page.get_by_text("Hors ligne : cette page demande le réseau").wait_for()
    assert page.locator("#id_count").input_value() == "3"
    assert not Record.objects.exists()
    page.context.set_offline(False)
    page.get_by_role("button", name="Complet").click()
    page.wait_for_url("**/")
    assert page.get_by_text("Noté").first.is_visible()
