"""Needle exchange on a tablet: a usual basket in three taps, returns, numbers, a round with its own day."""

from datetime import timedelta

import pytest
from django.db import transaction

from harmreduction.pg.scope import acting
from sites.places.queries import today
from sites.supplies.models import Basket, SupplyAct, SupplyLine
from tests.tablet_app.hands import check, stored

pytestmark = pytest.mark.browser
TEN = [{"item": "needle_27g", "quantity": 10}, {"item": "water", "quantity": 10}]
COUNT_TAPS = """() => {
  window.taps = 0;
  addEventListener("click", (event) => { if (event.isTrusted) window.taps += 1; }, true);
}"""


@pytest.fixture
def counter(open_tablet, committed_site):
    with transaction.atomic():
        Basket.objects.create(
            site=committed_site, name_fr="Injection × 10", name_en="Injection × 10", lines=TEN
        )
    return open_tablet()


def acts(site) -> list[tuple]:
    with transaction.atomic(), acting(sites=[site.pk]):
        return stored(SupplyAct.objects.order_by("id").values_list("direction", "for_whom", "location_kind"))


def lines(site) -> list[tuple]:
    with transaction.atomic(), acting(sites=[site.pk]):
        return stored(SupplyLine.objects.order_by("id").values_list("item", "quantity", "syringes"))


def test_the_counter(counter, committed_site):
    page = counter.page

    # A usual basket, from the board.
    page.evaluate(COUNT_TAPS)
    page.locator(".dock").get_by_role("button", name="Échange").click()
    page.locator(".basket").get_by_text("Injection × 10").click()
    page.locator(".dock").get_by_role("button", name="Remettre 20 articles").click()
    page.locator(".board").wait_for()
    assert page.evaluate("window.taps") == 3
    counter.until(lambda: lines(committed_site) == [("needle_27g", 10, 10), ("water", 10, 0)])
    assert acts(committed_site) == [("out", "self", "counter")]

    # Taken back for a minute.
    page.locator(".note").get_by_role("button", name="Annuler").click()
    counter.until(lambda: not acts(committed_site))

    # One by one, a large number by the pad, what comes back by weight, for others too.
    page.locator(".dock").get_by_role("button", name="Échange").click()
    page.locator(".item").filter(has_text="29G").click()
    page.get_by_role("button", name="1, écrire un nombre").click()
    for digit in "120":
        page.locator(".pinkeys").get_by_role("button", name=digit, exact=True).click()
    check(page)
    page.get_by_role("button", name="C’est bon").click()
    page.get_by_role("button", name="Au poids").click()
    page.get_by_role("button", name="100 de plus").click()
    page.get_by_role("button", name="Et pour d’autres").click()
    page.get_by_text("environ 20 seringues").wait_for()
    check(page)
    page.locator(".dock").get_by_role("button", name="Remettre 120 articles").click()
    counter.until(lambda: len(lines(committed_site)) == 2)
    assert lines(committed_site) == [("needle_29g", 120, 120), ("needle_any", 100, 20)]
    assert acts(committed_site) == [("out", "self_and_others", "counter"), ("back", "", "counter")]

    # A round of yesterday: where is asked for, and it counts on its own day.
    page.locator(".dock").get_by_role("button", name="Échange").click()
    page.get_by_role("button", name="Tournée ou").click()
    page.get_by_role("button", name="Hier", exact=True).click()
    page.locator(".item").filter(has_text="27G").click()
    for digit in "400":
        page.locator(".pinkeys").get_by_role("button", name=digit, exact=True).click()
    page.get_by_role("button", name="C’est bon").click()
    page.locator(".dock").get_by_role("button", name="Noter 400 articles").click()
    page.locator(".error-box").wait_for()
    page.get_by_role("button", name="Tournée en véhicule").click()
    check(page)
    page.locator(".dock").get_by_role("button", name="Noter 400 articles").click()
    counter.until(lambda: len(acts(committed_site)) == 3)
    with transaction.atomic(), acting(sites=[committed_site.pk]):
        told = SupplyAct.objects.get(location_kind="van")
        assert told.service_date == today(committed_site) - timedelta(days=1)
    assert counter.faults == []


def test_the_counter_at_a_desk(open_page, committed_site):
    with transaction.atomic():
        Basket.objects.create(site=committed_site, name_fr="Injection × 10", lines=TEN)
    page = open_page("/counter/")
    page.locator(".basket").click()
    page.locator(".item").filter(has_text="29G").click()
    check(page)
    page.get_by_role("button", name="Remettre 21 articles").click()
    page.locator(".note").get_by_text("Noté.").wait_for()
    assert lines(committed_site) == [("needle_27g", 10, 10), ("needle_29g", 1, 1), ("water", 10, 0)]
    for path in ("/counter/bulk/round/", "/counter/day/"):
        page.goto(path)
        check(page)
    assert page.faults == []
