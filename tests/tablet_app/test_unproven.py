"""Who wrote it, when nobody could check: without network, without a name."""

import pytest

from sites.records.models import Authorship, Record
from tests.tablet_app.hands import (
    ACT,
    LEFT,
    PINS,
    STATE,
    TYPE,
    check,
    lock,
    press,
    problem,
    stored,
    tile,
    unlock,
)
from tests.tablet_app.tablets import DEAF_MS, away

pytestmark = pytest.mark.browser


def test_two_colleagues_share_a_tablet_without_network(tablet):
    page = tablet.page
    unlock(page, "s01-01")
    away(page)
    for _n in range(5):
        page.evaluate(ACT, {"reason": "full", "count": 1})
    page.evaluate(TYPE, {"name": "turnAway", "typed": "JONQUILLE"})
    lock(page)
    tile(page, "s01-02").click()
    press(page, PINS["s01-02"])
    page.get_by_role("button", name="Continuer, à confirmer").click()
    page.locator(".bar .who", has_text="à confirmer").wait_for()
    assert "JONQUILLE" not in page.content()
    page.evaluate(ACT, {"reason": "closed", "count": 1})
    assert page.evaluate(LEFT) == 6
    page.unroute("**/api/**")
    page.evaluate("dispatchEvent(new Event('online'))")
    tablet.until(lambda: page.evaluate(LEFT) == 0)
    signed = stored(Record.objects.order_by("seq", "id").values_list("by", "flags"))
    assert [by for by, _flags in signed] == ["s01-01"] * 5 + ["s01-02"]
    assert not any("to_confirm" in flags for _by, flags in signed)


def test_a_pin_that_was_wrong_without_network_leaves_its_records_to_confirm(tablet):
    page = tablet.page
    away(page)
    tile(page, "s01-02").click()
    press(page, "111222")
    page.get_by_role("button", name="Continuer, à confirmer").click()
    page.locator(".bar .who", has_text="à confirmer").wait_for()
    page.evaluate(ACT, {"reason": "full", "count": 1})
    page.unroute("**/api/**")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator("main.lock").wait_for()
    assert problem(page) == "Ce code ne va pas. Encore 4 essais."
    tablet.until(lambda: page.evaluate(LEFT) == 0)
    (record,) = stored(Record.objects.all())
    assert (record.by, record.status) == ("s01-02", "created")
    assert "to_confirm" in record.flags


def test_without_network_only_who_was_proven_here_gets_a_form_back(tablet):
    page = tablet.page
    unlock(page, "s01-01")
    away(page)
    page.evaluate(TYPE, {"name": "turnAway", "typed": "JONQUILLE"})
    lock(page)
    tile(page, "s01-01").click()
    press(page, "999111")
    assert problem(page) == "Ce code ne va pas. Encore 4 essais."
    assert page.get_by_role("button", name="Continuer, à confirmer").count() == 0
    unlock(page, "s01-01")
    assert page.evaluate(STATE, "view")["typed"] == "JONQUILLE"
    page.reload()
    tile(page, "s01-01").wait_for()
    assert "formulaire attend" not in page.content()


def test_what_was_noted_on_the_locked_tablet_is_confirmed_on_it(tablet):
    page = tablet.page
    page.get_by_role("button", name="SURDOSE").click()
    page.locator(".recorder .clockface").wait_for()
    tablet.until(lambda: page.evaluate(LEFT) == 0)
    page.wait_for_timeout(DEAF_MS)
    page.get_by_role("button", name="Réduire").click()
    unlock(page, "s01-01")
    page.get_by_role("button", name="1 saisie à confirmer").click()
    page.get_by_text("Surdose présumée : début").first.wait_for()
    check(page)
    page.get_by_role("button", name="C’est moi").click()
    page.get_by_text("Rien à confirmer. Merci.").wait_for()
    assert [said.author for said in stored(Authorship.objects.all())] == ["s01-01"]
