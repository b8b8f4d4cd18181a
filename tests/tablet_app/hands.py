"""Hands on a tablet: the team's PINs, the taps that unlock and lock it, and what it then knows and keeps."""

from axe_playwright_python.sync_playwright import Axe
from django.db import transaction

from tests.browser.test_board import SMALL

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
# Night from and until so many hours after this one, on the site's clock.
NIGHT = """async (hours) => {
  const {hourNow, set} = await import("/static/sites/tablet/settings.js");
  const [from, until] = hours.map((hour) => (hourNow() + hour) % 24);
  set({theme: "auto", from, until});
  return document.documentElement.dataset.bsTheme;
}"""
WORDS = """async () => {
  const {change, state} = await import("/static/sites/tablet/store.js");
  change({base: {at: 1, booths: [], events: [], stock: [],
    visits: [{visit: "x", state: "waiting", since: 1, word: "JONQUILLE", substances: ["fentanyl"]}]}});
}"""


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


def check(page):
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found] == []
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
