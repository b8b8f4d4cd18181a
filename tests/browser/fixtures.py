import os

import pytest
from playwright.sync_api import expect, sync_playwright

from harmreduction.engines.chromium import executable, launch_args
from sites.people.models import Staff
from tests.factories import PASSWORD
from tests.people.doors import codes

# The browser's driver keeps an event loop in this thread, where the tests use the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
TABLET = {
    "viewport": {"width": 1180, "height": 820},
    "locale": "fr-CA",
    "reduced_motion": "reduce",
}
# For what must come true on any machine, however busy.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def chromium_driver():
    with sync_playwright() as driver:
        yield driver.chromium


@pytest.fixture(scope="session")
def running_chromium(chromium_driver):
    browser = chromium_driver.launch(executable_path=executable(), args=launch_args())
    yield browser
    browser.close()


@pytest.fixture
def chromium(running_chromium, transactional_db):
    """What a test opens is closed after it: a page left open goes on asking, and each of its connections
    to the server holds one to the database, until there are none left.
    """
    yield running_chromium
    for context in running_chromium.contexts:
        context.close()


@pytest.fixture
def open_page(chromium, live_server, committed_site):
    """Open a page on a tablet as someone of the site: open_page(path, code=None, **context options)."""

    def open_as(path="/", code="s01-01", **options):
        context = chromium.new_context(base_url=live_server.url, **TABLET | options)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.faults = []
        page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        if code:
            sign_in(page, code)
        page.goto(path)
        return page

    return open_as


def sign_in(page, code: str) -> None:
    assert Staff.objects.filter(code=code).exists(), code
    page.goto("/accounts/login/")
    page.get_by_label("Votre code").fill(code)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.locator("button[type=submit].main").click()
    if Staff.objects.get(code=code).needs_two_factors:
        give_code(page)
    page.locator(".bar .who").wait_for()


def give_code(page) -> None:
    for code in codes():
        page.get_by_label("Code de l’application").fill(code)
        page.locator("button[type=submit].main").click()
        page.locator(".bar .who, .error-box").first.wait_for()
        if page.locator(".bar .who").count():
            return
