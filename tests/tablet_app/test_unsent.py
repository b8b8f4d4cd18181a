"""What waits is always in sight, by kind and time, and can be carried away in a file."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction

from harmreduction.pg.scope import acting
from sites.records.models import Record
from sites.tablet.unsent_file import take_in
from tests.tablet_app.tablets import enrolled

ACTS = """async () => {
  const {act} = await import("/static/sites/tablet/acts.js");
  const {uuid7} = await import("/static/sites/tablet/uuid7.js");
  const visit = uuid7();
  await act("visit.arrived", {visit, handle: "FRAMBOISE"});
  await act("visit.seated", {visit, booth: "99"});
}"""
LATER = """async (ms) => {
  const {change, state} = await import("/static/sites/tablet/store.js");
  change({unsent: {...state.unsent, oldest: Date.now() - ms}, tick: Date.now()});
}"""
FULL = """() => {
  IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); };
}"""
pytestmark = pytest.mark.browser


@pytest.fixture
def tablet(chromium, live_server, committed_site):
    return enrolled(chromium, live_server, committed_site)


def badge(tablet):
    return tablet.page.locator(".bar .sync").last


def test_what_waits_is_counted_listed_saved_and_taken_back_in(tablet, committed_site):
    page = tablet.page
    assert badge(tablet).inner_text() == "Tout est envoyé"
    tablet.context.set_offline(True)
    page.evaluate(ACTS)
    assert badge(tablet).inner_text().split() == ["2", "à", "envoyer"]
    page.evaluate(LATER, 12 * 60_000)
    assert "12 min" in badge(tablet).inner_text()
    page.evaluate(LATER, 2.5 * 3_600_000)
    alarm = page.get_by_text("Des saisies attendent depuis 2 h. Rapprocher la tablette du Wi-Fi.")
    assert alarm.is_visible()
    badge(tablet).click()
    assert page.locator(".todo b").all_inner_texts() == ["Arrivée", "Mise en place"]
    assert Axe().run(page).response["violations"] == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Enregistrer dans un fichier").click()
    raw = download.value.path().read_bytes()
    assert set(json.loads(raw)) == {"format", "device", "saved_at", "records"}
    assert not [word for word in (b"FRAMBOISE", b"visit.") if word in raw]
    with transaction.atomic(), acting(sites=[committed_site.pk]):
        assert take_in(committed_site, raw, by="s01-01") == {"created": 1, "invalid": 1}
    tablet.context.set_offline(False)
    tablet.until(lambda: page.locator(".bar .sync").count() == 2)
    assert page.locator(".bar .sync").first.inner_text().split() == ["1", "à", "revoir"]
    with transaction.atomic(), acting(sites=[committed_site.pk]):
        assert Record.objects.count() == 2
    assert "Déjà reçue, et à revoir." in page.locator(".todo p small").inner_text()
    page.get_by_role("button", name="Compris").click()
    page.get_by_role("heading", name="À revoir").wait_for(state="detached")
    page.get_by_role("button", name="Revenir").click()
    page.locator(".lock").wait_for()


def test_a_clock_that_is_off_is_said(tablet):
    tablet.page.clock.set_system_time(datetime.now(UTC) + timedelta(minutes=14))
    tablet.page.reload()
    said = "L’horloge de cette tablette avance de 14 minutes. Les heures notées sont corrigées; la régler."
    tablet.page.get_by_role("alert").get_by_text(said).wait_for()


def test_what_the_disk_does_not_take_is_still_sent(tablet, committed_site):
    page = tablet.page
    tablet.context.set_offline(True)
    page.evaluate(FULL)
    page.evaluate(ACTS)
    assert page.get_by_role("alert").get_by_text("2 saisies n’ont pas pu être gardées").is_visible()
    assert badge(tablet).inner_text().split() == ["2", "à", "envoyer"]
    tablet.context.set_offline(False)
    tablet.until(lambda: badge(tablet).inner_text() == "Tout est envoyé")
    with transaction.atomic(), acting(sites=[committed_site.pk]):
        assert Record.objects.count() == 2
