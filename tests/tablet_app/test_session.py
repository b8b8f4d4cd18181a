"""Who holds a tablet: from the code that lets it in to the lock over a half-typed form."""

import pytest
from django.db import transaction
from django.utils import timezone

from sites.people.enrolment import make_code
from sites.people.models import Device
from sites.people.pins import tell_once
from sites.records.models import Record
from tests.browser.fixtures import TABLET
from tests.factories import make_staff
from tests.tablet_app.hands import (
    ACT,
    LEFT,
    NIGHT,
    PINS,
    STATE,
    TYPE,
    WORDS,
    check,
    lock,
    press,
    problem,
    stored,
    tile,
    unlock,
)
from tests.tablet_app.tablets import DEAF_MS, away, step
from tests.visits.test_board import arrive

pytestmark = pytest.mark.browser


def test_a_tablet_joins_by_the_code_in_its_address(chromium, live_server, team):
    with transaction.atomic():
        code = make_code(team, by="s01-05", label="Salle", place="room")
    context = chromium.new_context(base_url=live_server.url, **TABLET)
    page = context.new_page()
    page.goto(f"/tablet/#{code}")
    assert page.get_by_label("Code d’inscription").input_value() == code
    page.route("**/api/v1/tablet/enrol", lambda route: (route.fetch(), route.abort()))
    page.get_by_role("button", name="Inscrire cette tablette").click()
    page.get_by_text("Il faut le réseau pour cela.").wait_for()
    page.unroute("**/api/v1/tablet/enrol")
    page.reload()
    page.get_by_role("button", name="Inscrire cette tablette").click()
    tile(page, "s01-01").wait_for()
    assert "#" not in page.url
    assert stored(Device.objects.values_list("label", flat=True)) == ["Salle"]
    unlock(page, "s01-01")
    page.goto("/tablet/#AAAA-AAAA")
    page.reload()
    page.get_by_role("button", name="Inscrire cette tablette").click()
    page.get_by_text("Ce code ne va pas, ou plus.").wait_for()
    page.get_by_role("button", name="Rester au site").click()
    tile(page, "s01-01").wait_for()


def test_a_half_typed_form_waits_for_its_author_alone(tablet):
    page = tablet.page
    unlock(page, "s01-01")
    page.get_by_role("button", name="Accueillir").click()
    for key in "RIVE7":
        page.get_by_role("button", name=key, exact=True).click()
    page.get_by_role("button", name="Crack", exact=True).click()
    lock(page)
    assert "Un formulaire attend Personne s01-01." in page.locator(".dock").inner_text()
    assert "RIVE" not in str(page.evaluate(STATE, "drafts"))
    unlock(page, "s01-02")
    assert page.evaluate(STATE, "view") == {"name": "board"}
    lock(page)
    unlock(page, "s01-01")
    assert page.get_by_role("button", name="Crack", exact=True).get_attribute("aria-pressed") == "true"
    assert page.evaluate(STATE, "view")["handle"] == ""
    assert tablet.faults == []
    assert stored(Record.objects.all()) == []


def test_five_wrong_pins_pause_one_person_and_a_shift_lead_helps(tablet):
    page = tablet.page
    tile(page, "s01-01").click()
    for left in (4, 3, 2, 1):
        press(page, "000000")
        page.get_by_text(f"Encore {left} essai").wait_for()
    press(page, "000000")
    assert "Une personne responsable peut débloquer." in problem(page)
    unlock(page, "s01-02")
    lock(page)
    tile(page, "s01-01").click()
    press(page, PINS["s01-01"])
    page.get_by_role("button", name="Faire débloquer").click()
    page.get_by_role("button", name="Personne s01-04").last.click()
    press(page, PINS["s01-04"])
    page.get_by_role("button", name="Choisir un autre code").click()
    for _twice in range(2):
        press(page, "864209")
    page.locator(".bar .who").wait_for()
    assert page.evaluate(STATE, "person")["code"] == "s01-01"


def test_a_first_pin_is_chosen_with_the_code_that_was_told(tablet, team):
    with transaction.atomic():
        once = tell_once(make_staff("s01-07", team, "peer"), by="s01-05", site=team)
    page = tablet.page
    tablet.reload()
    tile(page, "s01-07").click()
    page.get_by_text("Premier code de Personne s01-07").wait_for()
    for digits in (once, "123456", "123456", "864209", "864209"):
        page.keyboard.type(digits)
        page.wait_for_function("() => !document.querySelector('.dots i.in')")
    page.locator(".bar .who").wait_for()


def test_a_tablet_left_alone_locks_and_forgets_the_words(tablet):
    page = tablet.page
    unlock(page, "s01-01")
    page.evaluate(WORDS)
    page.clock.install()
    page.clock.fast_forward(121_000)
    page.locator("main.lock").wait_for()
    assert "JONQUILLE" not in page.evaluate(
        "JSON.stringify([...document.querySelectorAll('*')].map(e => e.textContent))"
    )
    assert page.evaluate(STATE, "base")["visits"] == [{"visit": "x", "state": "waiting", "since": 1}]


def test_the_locked_screen_shows_places_and_clocks_and_no_word(tablet, team):
    with transaction.atomic():
        arrive(team, 20.5, booth="1")
    page = tablet.page
    page.locator(".strip .due", has_text="À vérifier").wait_for()
    assert page.locator(".strip").inner_text().split("\n")[:3] == ["1", "À vérifier", "20 min"]
    unlock(page, "s01-01")
    page.wait_for_function("() => document.querySelector(\"[data-booth='1']\").ariaLabel.includes('IV')")
    name = page.locator("[data-booth='1'] .name").inner_text().split()[0]
    lock(page)
    assert name not in page.content()
    assert "entanyl" not in page.evaluate(
        "async () => JSON.stringify((await import('/static/sites/tablet/store.js')).state.base)"
    )


def test_an_overdose_stays_on_the_screen_that_locks_and_hides_the_form_under_it(tablet):
    page = tablet.page
    unlock(page, "s01-01")
    page.evaluate(TYPE, {"name": "turnAway", "typed": "JONQUILLE"})
    page.get_by_role("button", name="SURDOSE").click()
    page.locator(".recorder .clockface").wait_for()
    page.evaluate("async () => (await import('/static/sites/tablet/session.js')).lock()")
    page.wait_for_timeout(DEAF_MS)
    step(page, "stimulation-").click()
    tablet.until(lambda: page.evaluate(LEFT) == 0)
    assert page.evaluate(STATE, "person") is None
    assert "JONQUILLE" not in str(page.evaluate(STATE, "view"))
    page.get_by_role("button", name="Réduire").click()
    assert "Un formulaire attend Personne s01-01." in page.locator(".dock").inner_text()
    signed = dict(stored(Record.objects.values_list("kind", "by")))
    assert signed == {"overdose.opened": "s01-01", "overdose.step": ""}


def test_a_revoked_tablet_forgets_its_site_and_sends_what_waits(tablet, team):
    page = tablet.page
    unlock(page, "s01-01")
    away(page)
    page.evaluate(ACT, {"reason": "full", "count": 1})
    with transaction.atomic():
        Device.objects.update(revoked_at=timezone.now())
    page.unroute("**/api/**")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.get_by_text("Cette tablette a été retirée.").wait_for()
    assert "Personne s01-01" not in page.content()
    kept = page.evaluate(
        "async () => (await (await import('/static/sites/tablet/db.js')).get('setup')) ?? null"
    )
    assert kept is None
    tablet.until(lambda: page.evaluate(LEFT) == 0)
    assert [one.status for one in stored(Record.objects.all())] == ["quarantined"]


def test_the_language_changes_under_a_half_typed_form(tablet):
    page = tablet.page
    unlock(page, "s01-01")
    page.evaluate(TYPE, {"name": "more", "typed": "JONQUILLE"})
    page.locator(".langs").get_by_role("button", name="EN").click()
    assert page.evaluate(STATE, "view")["typed"] == "JONQUILLE"
    assert page.evaluate("document.documentElement.lang") == "en"
    lock(page)
    unlock(page, "s01-02")
    assert page.evaluate(STATE, "language") == "fr"  # each their own


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_lock_screen_and_settings(tablet, theme):
    page = tablet.page
    if theme == "dark":
        page.get_by_role("button", name="Thème de nuit").click()
    tile(page, "s01-01").click()
    press(page, "12")
    assert page.get_by_role("img", name="2 chiffres sur 6").count() == 1
    check(page)
    page.keyboard.type("0000")
    problem(page)
    unlock(page, "s01-01")
    page.get_by_role("button", name="Plus").click()
    check(page)
    page.get_by_role("button", name="Réglages").click()
    page.get_by_role("button", name="Selon l’heure").click()
    check(page)
    assert page.evaluate(NIGHT, [0, 1]) == "dark"
    assert page.evaluate(NIGHT, [1, 0]) == "light"
    assert [fault for fault in tablet.faults if "403" not in fault] == []
