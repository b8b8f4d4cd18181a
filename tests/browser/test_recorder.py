"""The recorder as a tablet sees it: one tap each, nothing twice, nothing lost, nothing too small."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from sites.naloxone.queries import on_hand
from sites.overdoses.models import NaloxoneDose, OverdoseEvent, ResponseStep
from sites.overdoses.terms import Severity
from tests.browser.test_board import clean
from tests.factories import make_staff, record, send
from tests.overdoses.story import Shelf

pytestmark = pytest.mark.browser
DEAF_MS = 650


@pytest.fixture
def shelf(committed_site) -> Shelf:
    shelf = Shelf(expiry="2099-01")
    with transaction.atomic():
        old = timezone.now() - timedelta(hours=2)
        send(committed_site, record("naloxone.received", {**shelf.data, "quantity": 9}, when=old))
        make_staff("s01-09", committed_site, role="manager")
    return shelf


def now_reads(model, **wanted) -> int:
    with transaction.atomic():
        return model.objects.filter(**wanted).count()


def started(page):
    """Tap SURDOSE on the board and wait until touches count."""
    page.get_by_role("button", name="SURDOSE").last.click()
    page.locator(".rec-head .clockface").wait_for()
    page.wait_for_timeout(DEAF_MS)
    return page


def step(page, key: str):
    return page.locator(f"[data-key='{key}']")


def test_one_tap_starts_the_clock_and_the_rest_stays_in_the_page(open_page, committed_site, shelf):
    page = started(open_page("/"))
    here = page.url
    assert page.locator(".clockface").text_content() in ("0:00", "0:01", "0:02")
    page.locator(".where-first").get_by_role("button", name="Place 4").click()
    page.get_by_text("Place 4").first.wait_for()
    for key in ("stimulation-", "airway-", "oxygen"):
        step(page, key).click()
        page.locator(f".done[data-key='{key}'], .on[data-key='{key}']").wait_for()
    step(page, "dose-nal-in-4").click()
    page.get_by_text("1 dose · 4 mg").wait_for()
    step(page, "measure-spo2").click()
    page.get_by_role("button", name="88", exact=True).click()
    page.locator(".log .fresh", has_text="SpO₂ 88").wait_for()
    page.get_by_role("button", name="Annuler").click()
    page.locator(".log .fresh", has_text="Dose 1").wait_for()
    assert page.url == here
    page.get_by_role("link", name="Terminer").click()
    page.get_by_text("Opioïde : respire mal").click()
    for number in page.locator("[data-stepper]").all():
        number.get_by_text("Non évalué").click()
    page.locator("[role=radiogroup]").get_by_text("Oui").click()
    page.get_by_text("Rétablie sur place").click()
    page.get_by_role("button", name="Fermer l’intervention").click()
    page.get_by_role("heading", name="Surdose présumée").wait_for()
    with transaction.atomic():
        event = OverdoseEvent.objects.get()
        assert (event.booth, event.severity, event.doses, event.reversal) == ("4", Severity.ONE_DOSE, 1, True)
        assert on_hand(committed_site)[shelf.key] == 8
    assert page.faults == []


def test_a_doubled_tap_has_one_effect(open_page, shelf):
    page = open_page("/")
    page.get_by_role("button", name="SURDOSE").dblclick(no_wait_after=True)
    page.locator(".rec-head .clockface").wait_for()
    page.wait_for_timeout(DEAF_MS)
    step(page, "dose-nal-in-4").dblclick()
    page.get_by_text("1 dose · 4 mg").wait_for()
    step(page, "stimulation-").dblclick()
    page.locator(".done[data-key='stimulation-']").wait_for()
    page.wait_for_timeout(DEAF_MS)
    assert now_reads(OverdoseEvent) == now_reads(NaloxoneDose) == now_reads(ResponseStep) == 1
    step(page, "stimulation-").click()
    page.locator(".log .at").nth(3).wait_for()
    assert now_reads(ResponseStep, step="stimulation") == 2


def test_touches_right_after_the_start_do_nothing(open_page, shelf):
    page = open_page("/")
    page.add_init_script(
        """addEventListener("DOMContentLoaded",
          () => document.querySelector("[data-key='cpr_aed-']")?.click())"""
    )
    page.get_by_role("button", name="SURDOSE").last.click()
    page.locator("[data-key='cpr_aed-']").wait_for()
    page.wait_for_timeout(DEAF_MS)
    assert now_reads(ResponseStep) == 0
    step(page, "cpr_aed-").click()
    page.locator(".done[data-key='cpr_aed-']").wait_for()


def test_another_tablet_sees_the_step_without_a_touch(open_page, shelf):
    first = started(open_page("/"))
    second = open_page(first.url, "s01-09")
    step(second, "other").click()
    step(first, "airway-").click()
    second.locator(".log", has_text="Voies dégagées").wait_for()
    assert second.get_by_role("heading", name="Autre étape").is_visible()


def test_steps_tapped_without_a_network_are_sent_when_it_is_back(open_page, shelf):
    page = started(open_page("/"))
    page.context.set_offline(True)
    step(page, "stimulation-").click()
    page.wait_for_timeout(DEAF_MS)
    step(page, "stimulation-").click()
    page.get_by_text("2 à envoyer").wait_for()
    assert now_reads(ResponseStep) == 0
    page.context.set_offline(False)
    page.locator(".done[data-key='stimulation-']").wait_for()
    assert now_reads(ResponseStep, step="stimulation") == 2
    with transaction.atomic():
        first, second = ResponseStep.objects.order_by("at")
        assert timedelta(milliseconds=500) < second.at - first.at < timedelta(seconds=5)
    assert page.get_by_text("à envoyer").is_hidden()


def test_it_all_works_without_scripts(open_page, shelf):
    page = open_page("/", java_script_enabled=False)
    page.get_by_role("button", name="SURDOSE").last.click()
    step(page, "stimulation-").click()
    step(page, "dose-nal-in-4").click()
    step(page, "measure-rr").click()
    page.get_by_role("button", name="6", exact=True).click()
    assert page.locator(".log .fresh", has_text="Respiration 6").is_visible()
    page.get_by_role("link", name="Terminer").click()
    page.get_by_role("button", name="Fermer l’intervention").click()
    assert page.get_by_text("Il manque des réponses.").is_visible()
    assert now_reads(ResponseStep) == 2


@pytest.mark.parametrize("size", [(1180, 820), (820, 1180)])
def test_the_pages_are_clean_by_day_and_by_night(open_page, committed_site, shelf, size):
    page = started(open_page("/", "s01-09", viewport={"width": size[0], "height": size[1]}))
    recorder = page.url
    step(page, "dose-nal-in-4").click()
    page.get_by_text("1 dose · 4 mg").wait_for()
    with transaction.atomic():
        dose = NaloxoneDose.objects.get().record_id
    lot = f"/stock/{shelf.ref}/"
    for theme in ("light", "dark"):
        page.context.add_cookies([{"name": "theme", "value": theme, "url": page.url}])
        for path in ("", "close/", "false-alarm/", f"records/{dose}/"):
            page.goto(recorder + path)
            clean(page)
        for path in ("/stock/", "/stock/receive/", lot, f"{lot}count/", "/overdoses/"):
            page.goto(path)
            clean(page)
        page.goto(recorder)
        for key in ("measure-spo2", "awake", "other"):
            step(page, key).click()
            clean(page)
            page.keyboard.press("Escape")
        page.get_by_text("Changer le lieu").click()
        clean(page)


def test_an_empty_closing_names_what_is_missing(open_page, shelf):
    page = started(open_page("/"))
    page.goto(page.url + "close/")
    page.get_by_role("button", name="Fermer l’intervention").click()
    summary = page.locator("[data-error-summary]")
    summary.wait_for()
    assert page.evaluate("document.activeElement.matches('[data-error-summary]')")
    summary.get_by_role("link", name="S’éveille-t-elle?").click()
    assert page.evaluate("document.activeElement.id") == "q-endpoint_awake"
    page.faults.clear()
    clean(page)
