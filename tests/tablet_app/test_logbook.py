"""The logbook on a tablet: its sheets read well, write one record each, and a second person signs."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from sites.logbook.models import Breach, DrugCheck, LeftBehind, ServiceGiven
from sites.places.queries import today
from sites.records.models import Record
from tests.factories import record, ref, send
from tests.tablet_app.conftest import hold
from tests.tablet_app.hands import PINS, check, press, stored

pytestmark = pytest.mark.browser
GO = """async (view) => (await import("/static/sites/tablet/store.js")).go(view.name, view)"""


def pick(page, words):
    page.get_by_role("button", name=words, exact=True).click()


def note(page):
    pick(page, "Noter")
    page.locator(".board").wait_for(timeout=30_000)


def arrived(tablet, model, many=1) -> list:
    tablet.until(lambda: len(stored(model.objects.all())) == many)
    return stored(model.objects.all())


def test_sheets_write_what_was_tapped(tablet, team):
    page = tablet.page
    with transaction.atomic():
        send(team, record("visit.arrived", {"visit": ref()}))
    hold(tablet, team, view={"name": "more"})
    check(page)
    page.get_by_role("button", name="Service ou référence").click()
    pick(page, "Dépistage ITSS")
    pick(page, "Donné ici, dans le service")
    pick(page, "Test VIH")
    check(page)
    note(page)
    (service,) = arrived(tablet, ServiceGiven)
    assert (service.kind, service.placement, service.details) == ("stbbi_test", "in_scs", ["test_hiv"])

    page.evaluate(GO, {"name": "logbook", "sheet": "check"})
    pick(page, "Noter")
    expect(page.get_by_text("Il manque une réponse.")).to_be_visible()
    pick(page, "Bandelette xylazine")
    page.locator("#f-expected").get_by_role("button", name="Fentanyl", exact=True).click()
    pick(page, "Oui")
    expect(page.get_by_text("elle ne dit ni la composition")).to_be_visible()
    check(page)
    note(page)
    (drug,) = arrived(tablet, DrugCheck)
    assert (drug.method, drug.expected, drug.detected) == ("strip_xylazine", ["fentanyl"], ["xylazine"])
    assert drug.unexpected

    page.evaluate(GO, {"name": "logbook", "sheet": "breach"})
    pick(page, "Menaces")
    pick(page, "Suspension")
    pick(page, "7 jours")
    check(page)
    note(page)
    (breach,) = arrived(tablet, Breach)
    assert (breach.until - today(team)).days == 7
    page.get_by_role("button", name="Annuler").first.click()
    arrived(tablet, Breach, 0)
    assert tablet.faults == []


def test_a_second_person_signs_without_network(tablet, team):
    page = tablet.page
    hold(tablet, team)
    page.context.set_offline(True)  # a line that only breaks would have them sent one by one
    page.evaluate(GO, {"name": "logbook", "sheet": "left"})
    page.get_by_label("Trouvée où?").fill("Place 3")
    page.get_by_label("Numéro du scellé").fill("S-12")
    pick(page, "Noter")
    page.get_by_role("heading", name="Seconde signature").wait_for(timeout=30_000)
    expect(page.get_by_role("button", name="Personne s01-01", exact=True)).to_have_count(0)
    pick(page, "Personne s01-02")
    check(page)
    press(page, PINS["s01-02"])
    page.locator(".board").wait_for(timeout=30_000)
    page.context.set_offline(False)
    # Records may come in several sendings: the second step’s signature is the last.
    tablet.until(lambda: len(stored(Record.objects.filter(kind="leftbehind.signed", status="created"))) == 2)
    (row,) = stored(LeftBehind.objects.all())
    assert (row.step, row.place, row.seal_no, row.signed) == ("sealed", "Place 3", "S-12", True)
    signed = stored(Record.objects.filter(kind="leftbehind.signed"))
    assert [(one.by, one.flags) for one in signed] == [("s01-02", [])] * 2
