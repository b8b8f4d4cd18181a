"""SURDOSE on a page of an enrolled tablet opens the tablet's own recorder; elsewhere the server's."""

import pytest

from tests.browser.fixtures import sign_in
from tests.tablet_app.tablets import DEAF_MS, away, enrolled

pytestmark = pytest.mark.browser


def test_the_corner_of_a_page_leads_to_the_tablets_own_recorder(chromium, live_server, committed_site):
    tablet = enrolled(chromium, live_server, committed_site)
    page = tablet.page
    sign_in(page, "s01-01")
    page.goto("/")
    page.get_by_role("button", name="SURDOSE").last.click()
    page.locator("#app .recorder .clockface").wait_for()
    assert page.url.endswith("/tablet/")
    away(page)
    page.reload()
    page.locator("#app .recorder .clockface").wait_for()
    page.wait_for_timeout(DEAF_MS)
    assert page.locator(".log li").count() == 1


def test_a_browser_that_is_no_tablet_keeps_the_servers_recorder(open_page, committed_site):
    page = open_page("/")
    page.get_by_role("button", name="SURDOSE").last.click()
    page.locator("[data-recorder]").wait_for()
    assert "/overdoses/" in page.url
