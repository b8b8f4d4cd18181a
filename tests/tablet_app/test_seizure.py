"""A tablet that is killed, seized, read byte by byte: nothing typed is in it, and nothing is lost by it."""

import random
import string

import pytest
from django.db import transaction

from harmreduction.engines.chromium import executable, launch_args
from harmreduction.pg.scope import acting
from sites.records.models import Record
from tests.browser.fixtures import TABLET
from tests.tablet_app.profile import found, unsnapped
from tests.tablet_app.tablets import KEEP, Tablet, killed, told_device

PLANTED = 500
ENTER = """async (words) => {
  const {act} = await import("/static/sites/tablet/acts.js");
  const {change, state} = await import("/static/sites/tablet/store.js");
  const {uuid7} = await import("/static/sites/tablet/uuid7.js");
  const LOT = {product: "nal-in-4", expiry: "2099-01", quantity: 1};
  const kinds = [
    (word) => ["visit.arrived", {visit: uuid7(), handle: word}],
    (word) => ["client.agreed", {handle: word, version: "3", language: "fr"}],
    (word) => ["naloxone.received", {...LOT, lot: uuid7(), lot_code: word}],
    (word) => ["record.voided", {target: uuid7(), reason: word}],
    (word) => ["record.corrected", {target: uuid7(), data: {gender: word}, reason: word}],
  ];
  change({person: {code: "s01-01", name: "", may: [], unlock: null, pin: words[0], proven: false}});
  await Promise.all(words.slice(1).map((word, n) => act(...kinds[n % kinds.length](word))));
  change({view: {name: "lock", handle: words[0]}});
  state.drafts.set("s01-01", {name: "visit", handle: words[0]});
}"""
CONTROL = """async (word) => (await import("/static/sites/tablet/db.js")).put("control", {word})"""
UNSENT = """async () => (await (await import("/static/sites/tablet/db.js")).db).count("outbox")"""
# The database says what it deletes; then nothing goes on.
HANG_AT_DELETE = "() => { IDBObjectStore.prototype.delete = () => { for (;;); }; }"

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(chromium, live_server, tmp_path):
    """Open the app in one profile, which stays when the browser is killed."""

    def open_again() -> Tablet:
        context = chromium.browser_type.launch_persistent_context(
            tmp_path, executable_path=executable(), args=launch_args(), base_url=live_server.url, **TABLET
        )
        context.pages[0].goto("/tablet/")
        return Tablet(context.pages[0], [])

    yield open_again
    killed(tmp_path)


def enrolled_here(tablet: Tablet, site) -> None:
    tablet.page.evaluate(KEEP, told_device(site))
    tablet.reload()


def records(site) -> list[Record]:
    with transaction.atomic(), acting(sites=[site.pk]):
        return list(Record.objects.at(site))


def test_the_unpacker_unpacks():
    assert unsnapped(b"\x0b" + b"\x08abc" + b"\x11\x03") == b"abcabcabcab"


def test_nothing_typed_offline_can_be_read_and_all_of_it_arrives(opened, committed_site, tmp_path):
    dice = random.Random(11)
    words = ["TYPED" + "".join(dice.choices(string.ascii_uppercase, k=12)) for _ in range(PLANTED + 1)]
    tablet = opened()
    enrolled_here(tablet, committed_site)
    tablet.page.evaluate(CONTROL, "INTHECLEAR")
    tablet.context.set_offline(True)
    tablet.page.evaluate(ENTER, words)
    assert tablet.page.evaluate(UNSENT) == PLANTED
    killed(tmp_path)
    assert found(tmp_path, [*words, "INTHECLEAR"]) == {"INTHECLEAR"}
    tablet = opened()
    tablet.until(lambda: tablet.page.evaluate(UNSENT) == 0)
    assert len(records(committed_site)) == PLANTED
    killed(tmp_path)
    assert found(tmp_path, [*words, "INTHECLEAR"]) == {"INTHECLEAR"}


def test_a_browser_killed_between_the_answer_and_the_delete_doubles_nothing(opened, committed_site, tmp_path):
    tablet = opened()
    enrolled_here(tablet, committed_site)
    tablet.context.set_offline(True)
    tablet.page.evaluate(ENTER, ["PIN", *(f"WORD{n}" for n in range(20))])
    tablet.page.evaluate(HANG_AT_DELETE)
    tablet.context.set_offline(False)
    tablet.until(lambda: records(committed_site))
    killed(tmp_path)
    tablet = opened()
    tablet.until(lambda: tablet.page.evaluate(UNSENT) == 0)
    assert len(records(committed_site)) == 20
    assert {row.status for row in records(committed_site)} <= {"created", "held"}
