"""What is tapped arrives once, in order, whatever the network and the server do meanwhile."""

import pytest
from django.db import transaction
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.people.models import Device
from sites.records.models import Record
from sites.visits.models import Visit
from tests.tablet_app.tablets import Tablet, enrolled

ARRIVE = """async (count) => {
  const {act} = await import("/static/sites/tablet/acts.js");
  const {uuid7} = await import("/static/sites/tablet/uuid7.js");
  return Promise.all(Array.from({length: count}, () => act("visit.arrived", {visit: uuid7()})));
}"""
STATE = """async () => {
  const {state} = await import("/static/sites/tablet/store.js");
  const {unsent, refused, unknown, gists, lasting} = state;
  return {unsent, refused, unknown, lasting, waiting: gists.filter((gist) => !gist.sent).length};
}"""
KEPT = """async () => {
  const {db} = await import("/static/sites/tablet/db.js");
  const base = await db;
  return {outbox: await base.getAll("outbox"), refused: await base.getAll("refused")};
}"""
FLUSH = """async () => (await import("/static/sites/tablet/sender.js")).flush()"""

pytestmark = pytest.mark.browser


@pytest.fixture
def tablet(chromium, live_server, committed_site):
    return enrolled(chromium, live_server, committed_site)


def stored(site) -> list[Record]:
    with transaction.atomic(), acting(sites=[site.pk]):
        return list(Record.objects.at(site).order_by("id"))


def unsent(page) -> int:
    return page.evaluate(STATE)["unsent"]["count"]


def all_sent(tablet: Tablet) -> None:
    tablet.until(lambda: unsent(tablet.page) == 0)


def test_what_is_tapped_offline_arrives_once_in_order(tablet, committed_site):
    page = tablet.page
    page.context.set_offline(True)
    ids = page.evaluate(ARRIVE, 60)
    assert page.evaluate(STATE)["waiting"] == 60
    kept = page.evaluate(KEPT)["outbox"]
    assert [row["id"] for row in kept] == ids
    assert set(kept[0]) == {
        "seq", "id", "at", "gist", "tapped", "mono", "life", "offset", "key_id", "sealed",
    }  # fmt: skip
    page.context.set_offline(False)
    all_sent(tablet)
    rows = stored(committed_site)
    assert [str(row.record_id) for row in rows] == ids
    assert {row.status for row in rows} == {"created"}
    assert [row.seq for row in rows] == sorted(row.seq for row in rows)
    assert page.evaluate(KEPT) == {"outbox": [], "refused": []}


def test_when_only_the_server_was_away_the_timer_brings_it_all(tablet, committed_site):
    page = tablet.page
    page.route("**/api/v1/records", lambda route: route.fulfill(status=503, headers={"Retry-After": "1"}))
    page.evaluate(ARRIVE, 3)
    page.wait_for_timeout(300)
    assert unsent(page) == 3
    page.unroute("**/api/v1/records")
    all_sent(tablet)
    assert len(stored(committed_site)) == 3


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 200, "content_type": "text/html", "body": "<p>Bienvenue au Wi-Fi</p>"},
        {"status": 200, "json": {"ok": True}},
        {"status": 200, "json": {"receipts": [{"id": "x", "status": "created", "errors": {}}, None]}},
        {"status": 302, "headers": {"Location": "/"}},
        {"status": 401, "json": {"error": {"code": "token", "message": "?"}}},
        {"status": 500, "body": ""},
    ],
    ids=["captive portal", "other json", "receipts of others", "moved", "unknown tablet", "broken"],
)
def test_only_a_receipt_takes_a_record_away(tablet, committed_site, answer):
    page = tablet.page
    page.route("**/api/v1/records", lambda route: route.fulfill(**answer))
    page.evaluate(ARRIVE, 2)
    page.evaluate(FLUSH)
    tablet.until(lambda: page.evaluate(STATE)["unknown"] == (answer["status"] == 401))
    assert unsent(page) == 2
    page.unroute("**/api/v1/records")
    page.evaluate(FLUSH)
    all_sent(tablet)
    assert page.evaluate(STATE)["unknown"] is False
    assert len(stored(committed_site)) == 2


def test_a_body_that_is_refused_is_cut_until_the_bad_one_stands_alone(tablet, committed_site):
    page = tablet.page
    page.context.set_offline(True)
    bad = page.evaluate(ARRIVE, 20)[7]

    def judge(route):
        records = route.request.post_data_json["records"]
        if any(record["id"] == bad for record in records):
            route.fulfill(status=422, json={"error": {"code": "json", "message": "?"}})
        else:
            route.continue_()

    page.route("**/api/v1/records", judge)
    page.context.set_offline(False)
    tablet.until(
        lambda: page.evaluate(STATE)["unsent"] | {"oldest": 0} == {"count": 1, "aside": 1, "oldest": 0}
    )
    assert len(stored(committed_site)) == 19
    page.unroute("**/api/v1/records")
    tablet.reload()
    tablet.until(lambda: len(stored(committed_site)) == 20)
    all_sent(tablet)


REFUSED = """async () => {
  const {act} = await import("/static/sites/tablet/acts.js");
  const {uuid7} = await import("/static/sites/tablet/uuid7.js");
  const visit = uuid7();
  await act("visit.checked", {visit: uuid7()});
  await act("visit.arrived", {visit});
  await act("visit.seated", {visit, booth: "99"});
}"""


def test_what_is_refused_waits_for_a_person_without_its_content(tablet, committed_site):
    page = tablet.page
    page.evaluate(REFUSED)
    all_sent(tablet)
    tablet.until(lambda: page.evaluate(STATE)["refused"])
    (refused,) = page.evaluate(STATE)["refused"]
    assert (refused["kind"], refused["status"]) == ("visit.seated", "invalid")
    assert set(refused) == {"id", "kind", "at", "status", "errors", "subject", "booth"}
    tablet.reload()
    tablet.until(lambda: page.evaluate(STATE)["refused"] == [refused])
    page.evaluate(
        "async (id) => (await import('/static/sites/tablet/outbox.js')).acknowledge(id)", refused["id"]
    )
    assert page.evaluate(KEPT)["refused"] == []


def test_an_answer_that_was_lost_still_tells_what_was_refused(tablet, committed_site):
    page = tablet.page
    page.context.set_offline(True)
    page.evaluate(REFUSED)
    page.route("**/api/v1/records", lambda route: (route.fetch(), route.abort()))
    page.context.set_offline(False)
    tablet.until(lambda: len(stored(committed_site)) == 3)
    assert unsent(page) == 3
    page.unroute("**/api/v1/records")
    page.evaluate(FLUSH)
    all_sent(tablet)
    assert [row["status"] for row in page.evaluate(STATE)["refused"]] == ["duplicate"]
    assert len(stored(committed_site)) == 3


def test_two_tabs_send_each_record_once_and_count_alike(tablet, committed_site):
    one, other = tablet.page, tablet.context.new_page()
    other.goto("/tablet/")
    tablet.context.set_offline(True)
    one.evaluate(ARRIVE, 30)
    other.evaluate(ARRIVE, 30)
    tablet.until(lambda: unsent(one) == unsent(other) == 60)
    posts = []
    # Answered: one may be tried just before the line is there.
    tablet.context.on("requestfinished", lambda sent: posts.append(sent) if sent.method == "POST" else None)
    tablet.context.set_offline(False)
    tablet.until(lambda: unsent(one) == unsent(other) == 0)
    sent = [record["id"] for post in posts for record in post.post_data_json["records"]]
    assert len(sent) == len(set(sent)) == len(stored(committed_site)) == 60


def test_a_revoked_tablet_empties_into_quarantine(tablet, committed_site):
    page = tablet.page
    page.context.set_offline(True)
    page.evaluate(ARRIVE, 2)
    with transaction.atomic(), acting(sites=[committed_site.pk]):
        Device.objects.at(committed_site).update(revoked_at=timezone.now())
    page.context.set_offline(False)
    all_sent(tablet)
    assert {row.status for row in stored(committed_site)} == {"quarantined"}
    assert [row["status"] for row in page.evaluate(STATE)["refused"]] == ["quarantined"] * 2
    with transaction.atomic(), acting(sites=[committed_site.pk]):
        assert not Visit.objects.exists()
