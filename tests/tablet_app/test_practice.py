"""Practice: an imaginary room that reaches nothing, and gives way to what is real."""

import pytest
from django.db import transaction

from sites.records.models import Record
from tests.factories import record, ref, send
from tests.tablet_app.hands import (
    ACT,
    LEFT,
    STATE,
    lock,
    stored,
    unlock,
)

pytestmark = pytest.mark.browser


def test_practice_reaches_nothing_and_leaves_nothing(tablet):
    page = tablet.page
    unlock(page, "s01-01")
    page.get_by_role("button", name="Plus").click()
    page.get_by_role("button", name="Entraînement").click()
    page.locator(".practice-band").wait_for()
    page.evaluate(ACT, {"reason": "full", "count": 1})
    assert page.evaluate(LEFT) == 0
    lock(page)
    assert page.locator(".practice-band").count() == 0
    assert page.evaluate(STATE, "gists") == []
    assert stored(Record.objects.all()) == []


def test_an_overdose_is_practised_without_a_record(tablet):
    page = tablet.page
    unlock(page, "s01-01")
    page.get_by_role("button", name="Plus").click()
    page.get_by_role("button", name="Entraînement").click()
    page.get_by_role("button", name="Surdose d’entraînement").click()
    page.locator(".recorder .clockface").wait_for()
    assert page.locator(".practice-band").is_visible()
    page.get_by_role("button", name="Quitter l’entraînement").click()
    page.locator(".board").wait_for()
    assert page.locator(".running").count() == 0
    assert page.evaluate(STATE, "events") == []
    assert stored(Record.objects.all()) == []


def test_a_real_overdose_elsewhere_ends_practice(tablet, team):
    page = tablet.page
    unlock(page, "s01-01")
    page.get_by_role("button", name="Plus").click()
    page.get_by_role("button", name="Entraînement").click()
    page.locator(".practice-band").wait_for()
    with transaction.atomic():
        send(team, record("overdose.opened", {"event": ref(), "location": "entrance"}))
    page.locator(".running").wait_for()
    assert page.locator(".practice-band").count() == 0


def test_in_practice_a_real_overdose_is_one_tap_away(tablet):
    page = tablet.page
    unlock(page, "s01-01")
    page.get_by_role("button", name="Plus").click()
    page.get_by_role("button", name="Entraînement").click()
    page.get_by_role("button", name="Vraie surdose").click()
    page.locator(".recorder .clockface").wait_for()
    assert page.locator(".practice-band").count() == 0
    tablet.until(lambda: stored(Record.objects.filter(kind="overdose.opened")))
