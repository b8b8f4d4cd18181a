"""From any screen to a running clock: two taps at most, and no reload, kill or double tap undoes it."""

import pytest
from django.db import transaction

from harmreduction.engines.chromium import executable, launch_args
from sites.overdoses.models import OverdoseEvent
from tests.browser.fixtures import TABLET
from tests.tablet_app.tablets import DEAF_MS, KEEP, Tablet, away, enrolled, killed, step, told_device

pytestmark = pytest.mark.browser
MOST_TAPS = 2


def events(**wanted) -> int:
    with transaction.atomic():
        return OverdoseEvent.objects.filter(**wanted).count()


def taps_to_a_clock(page) -> int:
    page.get_by_role("button", name="SURDOSE").last.click()
    page.locator(".recorder .clockface").wait_for()
    return 1


def test_a_clock_runs_after_two_taps_at_most_from_any_screen(chromium, live_server, committed_site):
    tablet = enrolled(chromium, live_server, committed_site)
    page = tablet.page
    assert taps_to_a_clock(page) <= MOST_TAPS, "locked"
    page.wait_for_timeout(DEAF_MS)
    page.get_by_role("button", name="Terminer").click()
    assert taps_to_a_clock(page) <= MOST_TAPS, "closing another"
    page.wait_for_timeout(DEAF_MS)
    page.get_by_role("button", name="Réduire").click()
    page.get_by_role("button", name="Rejoindre").first.click()
    assert page.locator(".clockface").is_visible()
    assert tablet.faults == []


def test_a_tablet_of_no_site_starts_a_clock_too(chromium, live_server, committed_site):
    context = chromium.new_context(base_url=live_server.url, **TABLET)
    page = context.new_page()
    page.goto("/tablet/")
    assert taps_to_a_clock(page) <= MOST_TAPS
    page.wait_for_timeout(DEAF_MS)
    step(page, "stimulation-").click()
    page.locator(".done[data-key='stimulation-']").wait_for()
    page.reload()
    page.locator(".done[data-key='stimulation-']").wait_for()
    page.evaluate(KEEP, told_device(committed_site))
    page.reload()
    tablet = Tablet(page, [])
    tablet.until(lambda: events() == 1)
    with transaction.atomic():
        assert OverdoseEvent.objects.get().steps.count() == 1


def test_a_double_tap_starts_one_event_and_touches_nothing(chromium, live_server, committed_site):
    page = enrolled(chromium, live_server, committed_site).page
    page.get_by_role("button", name="SURDOSE").dblclick(no_wait_after=True)
    page.evaluate("document.querySelector(\"[data-key='cpr_aed-']\").click()")
    page.wait_for_timeout(DEAF_MS)
    assert page.locator(".log li").count() == 1
    step(page, "cpr_aed-").dblclick()
    page.wait_for_timeout(DEAF_MS)
    assert page.locator(".log li").count() == 2
    page.get_by_role("button", name="Réduire").click()
    assert page.locator(".running").count() == 1


def clock_of(page) -> int:
    minutes, seconds = page.locator(".clockface").text_content().split(":")
    return int(minutes) * 60 + int(seconds)


def test_a_dead_battery_keeps_the_clock_and_the_steps(chromium, live_server, committed_site, tmp_path):
    def opened():
        context = chromium.browser_type.launch_persistent_context(
            tmp_path, executable_path=executable(), args=launch_args(), base_url=live_server.url, **TABLET
        )
        page = context.pages[0]
        away(page)
        page.goto("/tablet/")
        return page

    page = opened()
    page.unroute("**/api/**")
    page.evaluate(KEEP, told_device(committed_site))
    away(page)
    page.reload()
    page.get_by_role("button", name="SURDOSE").click()
    page.wait_for_timeout(DEAF_MS)
    for key in ("stimulation-", "oxygen", "dose-nal-in-4"):
        step(page, key).click()
    page.locator(".given-list li").wait_for()
    page.wait_for_timeout(1500)
    before = clock_of(page)
    killed(tmp_path)
    page = opened()
    page.locator(".recorder .clockface").wait_for()
    assert clock_of(page) >= before
    assert page.locator(".log li").count() == 4
    step(page, "airway-").click()
    page.unroute("**/api/**")
    Tablet(page, []).until(lambda: events(steps__step="airway") == 1)
    page.context.close()
    with transaction.atomic():
        event = OverdoseEvent.objects.get()
        assert (event.steps.count(), event.doses, event.ended_at) == (3, 1, None)
