"""Who holds a tablet: from the code that lets it in to the lock over a half-typed form."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import transaction

from sites.people.enrolment import make_code
from sites.people.models import Device, Staff
from sites.people.pins import set_pin, tell_once
from sites.records.models import Authorship, Record
from tests.browser.fixtures import TABLET
from tests.factories import make_staff, record, ref, send
from tests.tablet_app.tablets import DEAF_MS, away, enrolled
from tests.visits.test_board import arrive

pytestmark = pytest.mark.browser
PINS = {"s01-01": "418273", "s01-02": "730264", "s01-04": "592816"}
TYPE = """async (view) => {
  const {change} = await import("/static/sites/tablet/store.js");
  change({view: {name: "more", ...view}});
}"""
STATE = """async (name) => {
  const {state} = await import("/static/sites/tablet/store.js");
  return JSON.parse(JSON.stringify(state[name], (key, value) => (value instanceof Map ? [...value] : value)));
}"""
LEFT = """async () => {
  const {db} = await import("/static/sites/tablet/db.js");
  return (await (await db).getAll("outbox")).length;
}"""

ACT = """async (data) => {
  const {act} = await import("/static/sites/tablet/acts.js");
  await act("turnaway.recorded", data);
}"""
WORDS = """async () => {
  const {change, state} = await import("/static/sites/tablet/store.js");
  change({base: {at: 1, booths: [], events: [], stock: [],
    visits: [{visit: "x", state: "waiting", since: 1, word: "JONQUILLE", substances: ["fentanyl"]}]}});
}"""


@pytest.fixture
def team(committed_site):
    with transaction.atomic():
        for code, role in (("s01-02", "worker"), ("s01-04", "shift_lead")):
            make_staff(code, committed_site, role)
        for code, pin in PINS.items():
            set_pin(Staff.objects.get(code=code), pin, by=code)
    return committed_site


@pytest.fixture
def tablet(chromium, live_server, team):
    made = enrolled(chromium, live_server, team)
    yield made
    made.context.close()


def stored(rows) -> list:
    with transaction.atomic():
        return list(rows)


def tile(page, code):
    return page.locator(".tiles").get_by_role("button", name=f"Personne {code}")


def press(page, digits):
    for digit in digits:
        page.locator(".pinkeys").get_by_role("button", name=digit, exact=True).click()


def unlock(page, code, pin=None):
    tile(page, code).click()
    press(page, pin or PINS[code])
    page.locator(".bar .who").wait_for()


def lock(page):
    page.locator(".bar .who").click()
    page.locator("main.lock").wait_for()


def problem(page) -> str:
    said = page.locator(".pad .problem:not(:empty)")
    said.wait_for()
    return said.inner_text()


def test_a_tablet_joins_by_the_code_in_its_address(chromium, live_server, team):
    with transaction.atomic():
        code = make_code(team, by="s01-05", label="Salle", place="room")
    context = chromium.new_context(base_url=live_server.url, **TABLET)
    page = context.new_page()
    page.goto(f"/tablet/#{code}")
    assert page.get_by_label("Code d’inscription").input_value() == code
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
    context.close()


def test_a_half_typed_form_waits_for_its_author_alone(tablet):
    page = tablet.page
    unlock(page, "s01-01")
    page.evaluate(TYPE, {"name": "turnAway", "typed": "JONQUILLE", "handle": "RIVE7"})
    lock(page)
    assert "Un formulaire attend Personne s01-01." in page.locator(".dock").inner_text()
    unlock(page, "s01-02")
    assert "JONQUILLE" not in page.content()
    assert page.evaluate(STATE, "view")["name"] == "board"
    lock(page)
    unlock(page, "s01-01")
    view = page.evaluate(STATE, "view")
    assert (view["typed"], view["handle"]) == ("JONQUILLE", "")
    assert tablet.faults == []


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


def test_the_locked_screen_shows_places_and_clocks_and_no_word(tablet, team):
    with transaction.atomic():
        arrive(team, 20, booth="1")
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


def test_in_practice_a_real_overdose_is_one_tap_away(tablet):
    page = tablet.page
    unlock(page, "s01-01")
    page.get_by_role("button", name="Plus").click()
    page.get_by_role("button", name="Entraînement").click()
    page.get_by_role("button", name="Vraie surdose").click()
    page.locator(".recorder .clockface").wait_for()
    assert page.locator(".practice-band").count() == 0
    tablet.until(lambda: stored(Record.objects.filter(kind="overdose.opened")))


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
    assert [fault for fault in tablet.faults if "403" not in fault] == []


def check(page):
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found] == []
