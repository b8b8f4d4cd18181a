"""Steps of an overdose on a tablet: one tap each, put right afterwards, all of it offline, all of it once."""

from datetime import timedelta

import pytest
from django.db import transaction

from sites.overdoses.models import NaloxoneDose, OverdoseEvent, ResponseStep
from sites.records.models import Record
from tests.factories import send
from tests.overdoses.story import Shelf
from tests.tablet_app.tablets import DEAF_MS, away, enrolled, step

pytestmark = pytest.mark.browser


@pytest.fixture
def shelf(committed_site) -> Shelf:
    shelf = Shelf(expiry="2099-01")
    with transaction.atomic():
        send(committed_site, shelf.received(-5, 9))
    return shelf


def started(chromium, live_server, site, **options):
    tablet = enrolled(chromium, live_server, site, **options)
    tablet.page.get_by_role("button", name="SURDOSE").click()
    tablet.page.wait_for_timeout(DEAF_MS)
    return tablet


def lines(page) -> list[str]:
    """The timeline, oldest first, without its times and authors."""
    return page.locator(".log .words").all_text_contents()[::-1]


def rows(model, **wanted) -> list:
    with transaction.atomic():
        return list(model.objects.filter(**wanted))


def test_a_whole_overdose_offline_arrives_once_with_its_times(chromium, live_server, committed_site, shelf):
    tablet = started(chromium, live_server, committed_site)
    page = tablet.page
    away(page)
    page.locator(".where-first").get_by_role("button", name="Place 4").click()
    for key in ("stimulation-", "airway-", "oxygen", "bvm", "call_911", "dose-nal-in-4"):
        step(page, key).click()
    page.wait_for_timeout(1000)
    step(page, "oxygen").click()
    page.reload()
    page.locator(".recorder").wait_for()
    step(page, "measure-spo2").click()
    page.get_by_role("button", name="88", exact=True).click()
    assert lines(page)[1:] == [
        "Stimulation", "Voies dégagées", "Oxygène", "Ballon-masque", "911 appelé", "Dose 1 · nasale",
        "Oxygène arrêté", "SpO₂ 88 %",
    ]  # fmt: skip
    taps = [
        page.locator("[data-key='measure-spo2'] .v").text_content().split(),
        page.get_by_text("reste 8").is_visible(),
    ]
    assert taps == [["88", "%"], True]
    page.get_by_role("button", name="Terminer").click()
    assert close(page, "Rétablie sur place") <= 7
    assert rows(ResponseStep) == []
    page.unroute("**/api/**")
    tablet.until(lambda: len(rows(OverdoseEvent, closed_at__isnull=False)) == 1)
    (event,) = rows(OverdoseEvent)
    assert (event.booth, event.doses, event.severity, event.ems_called) == ("4", 1, 4, "yes")
    steps = {row.step: row.at for row in rows(ResponseStep)}
    assert len(steps) == len(rows(ResponseStep)) == 7
    assert timedelta(seconds=1) <= steps["oxygen_stop"] - steps["oxygen_start"] < timedelta(seconds=20)
    assert rows(NaloxoneDose)[0].lot_ref == shelf.key
    assert {record.status for record in rows(Record)} == {"created"}
    tablet.until(lambda: page.evaluate(LEFT) == 0)


LEFT = """async () => {
  const {db} = await import("/static/sites/tablet/db.js");
  return (await (await db).getAll("events")).length;
}"""


def close(page, outcome: str) -> int:
    """Answer as quickly as the page allows; the number of taps."""
    taps = 0
    for name in ("Opioïde : respire mal", "Non évalué Respiration", "Non évalué SpO₂", "Oui", outcome):
        page.get_by_role("button", name=name, exact=True).click()
        taps += 1
    page.get_by_role("button", name="Fermer l’intervention").click()
    return taps + 1


def test_a_line_is_undone_put_right_and_taken_out(chromium, live_server, committed_site, shelf):
    tablet = started(chromium, live_server, committed_site)
    page = tablet.page
    for key in ("stimulation-", "cpr_aed-", "dose-nal-in-4", "airway-"):
        step(page, key).click()
    page.wait_for_timeout(DEAF_MS)
    page.get_by_role("button", name="Annuler").click()
    assert lines(page)[1:] == ["Stimulation", "RCR · DEA", "Dose 1 · nasale"]
    page.get_by_role("button", name="Corriger : RCR").click()
    page.get_by_role("button", name="Retirer cette ligne").click()
    page.get_by_role("button", name="Corriger : Dose 1").click()
    page.locator(".ask").get_by_role("button", name="Naloxone IM 0,4 mg").click()
    page.get_by_role("button", name="il y a 2 min").click()
    page.get_by_role("button", name="C’est bien").click()
    assert lines(page) == ["Dose 1 · IM", "Début · lieu à préciser", "Stimulation"]
    assert page.locator(".log li", has_text="Dose 1").get_by_text("environ").is_visible()
    step(page, "measure-rr").click()
    page.get_by_text("Autre valeur").click()
    for digit in "65":
        page.locator(".digits .key", has_text=digit).click()
    page.get_by_role("button", name="Noter").click()
    assert page.locator(".log .fresh").get_by_text("à confirmer", exact=True).first.is_visible()
    tablet.until(lambda: len(rows(ResponseStep, measure="rr")) == 1)
    (dose,), (event,) = rows(NaloxoneDose), rows(OverdoseEvent)
    assert (dose.product, dose.route, dose.lot_ref) == ("nal-im-0.4", "im", None)
    assert timedelta(minutes=1, seconds=50) < event.opened_at - dose.at < timedelta(minutes=2, seconds=1)
    assert {row.step for row in rows(ResponseStep)} == {"stimulation", "vitals"}
    assert tablet.faults == []


def test_two_events_are_told_apart_and_a_step_moves_to_the_other(chromium, live_server, committed_site):
    tablet = started(chromium, live_server, committed_site)
    page = tablet.page
    page.locator(".where-first").get_by_role("button", name="Place 2").click()
    page.get_by_role("button", name="Réduire").click()
    page.get_by_role("button", name="SURDOSE").click()
    page.wait_for_timeout(DEAF_MS)
    page.locator(".where-first").get_by_role("button", name="Place 4").click()
    step(page, "oxygen").click()
    switcher = page.get_by_role("navigation", name="Surdoses en cours")
    assert switcher.locator("b").all_text_contents() == ["Place 2", "Place 4"]
    assert switcher.locator(".event-mark").all_text_contents() == ["A", "B"]
    page.get_by_role("button", name="Corriger : Oxygène").click()
    page.get_by_role("button", name="Déplacer vers place 2").click()
    assert lines(page) == ["Début · place 4"]
    switcher.get_by_role("button").first.click()
    assert lines(page) == ["Début · place 2", "Oxygène"]
    tablet.until(lambda: len(rows(ResponseStep, event__booth="2", step="oxygen_start")) == 1)
    tablet.until(lambda: rows(ResponseStep, event__booth="4") == [])
    assert len(rows(OverdoseEvent)) == 2
    assert tablet.faults == []


def test_a_death_is_asked_once_and_told(chromium, live_server, committed_site):
    tablet = started(chromium, live_server, committed_site)
    page = tablet.page
    page.get_by_role("button", name="Terminer").click()
    page.get_by_role("button", name="Fermer l’intervention").click()
    page.get_by_text("Il manque des réponses.").wait_for()
    page.get_by_role("button", name="Autre…").last.click()
    page.wait_for_timeout(DEAF_MS)
    close(page, "Décès sur place")
    page.get_by_role("heading", name="Noter un décès?").wait_for()
    assert rows(OverdoseEvent, outcome="death_site") == []
    page.get_by_role("button", name="Oui, noter le décès").click()
    tablet.until(lambda: len(rows(OverdoseEvent, outcome="death_site")) == 1)
    assert page.locator(".running").count() == 0
    assert tablet.faults == []


def test_a_false_alarm_takes_all_of_it_back(chromium, live_server, committed_site):
    tablet = started(chromium, live_server, committed_site)
    page = tablet.page
    step(page, "stimulation-").click()
    page.get_by_role("button", name="Fausse alerte").click()
    page.get_by_role("button", name="Oui, fausse alerte").click()
    assert page.locator(".running").count() == 0
    tablet.until(lambda: len(rows(Record, kind="record.voided", status="created")) == 2)
    assert rows(OverdoseEvent) == rows(ResponseStep) == []
