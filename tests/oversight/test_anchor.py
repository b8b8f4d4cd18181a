"""The trail is shortened from its beginning by destruction alone; what anybody else does to it is named."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.utils import timezone

from harmreduction.pg.scope import APP, OWNER, PURGE
from sites.holds.models import LegalHold
from sites.oversight.anchors import FILE, Anchor
from sites.oversight.chain import chain_trail
from sites.oversight.heads import sign_head
from sites.oversight.verifying import trail_faults
from sites.retention.purging import Purge
from sites.retention.rules import RULES
from sites.retention.selecting import cutoffs
from sites.retention.services import begin, dry_run, place_hold
from sites.trail.models import TrailAnchor, TrailEntry, TrailHead, TrailLink
from sites.trail.services import note
from tests.oversight.test_chain import by_force
from tests.releases.published import signed_in
from tests.retention.test_guard import may
from tests.retention.told import sign

FIRST = datetime(2019, 3, 4, 15, tzinfo=UTC)
OLD_DAYS, A_DAY = 3, 4
OLD = OLD_DAYS * A_DAY


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    return settings.KEYS_DIR


def told_on(site, when: datetime) -> None:
    """Some rows of that day, chained and signed that day."""
    with time_machine.travel(when, tick=True):
        for number in range(A_DAY):
            note("looked", actor="s01-01", site_id=site.pk if number % 2 else None, about_id=number)
        chain_trail()
        sign_head()


@pytest.fixture
def trail(site):
    """Three days of long ago, and today."""
    for day in range(OLD_DAYS):
        told_on(site, FIRST + timedelta(days=day))
    told_on(site, timezone.now())
    return site


def shorten() -> dict:
    """What a run of destruction takes out of the trail."""
    run = begin(None, by="t")
    if run is None:
        return {}
    assert Purge(run).go()
    return run.counts


def faults() -> list[tuple]:
    return [(fault.what, fault.position) for fault in trail_faults()]


@pytest.fixture
def shortened(trail):
    sign(trail)
    shorten()
    chain_trail()
    assert faults() == []
    return trail


def test_nothing_goes_before_the_schedule_says_so(trail):
    assert shorten() == {}
    with transaction.atomic():
        sign(trail)
        assert dry_run(None)[0].rows == {"scs_trailentry": OLD, "scs_traillink": OLD}
    assert TrailEntry.objects.filter(at__year=2019).count() == OLD


def test_whole_days_go_oldest_first_and_what_is_left_still_verifies(trail):
    sign(trail)
    assert shorten() == {"trail": {"scs_trailentry": OLD, "scs_traillink": OLD}}
    assert not TrailEntry.objects.filter(at__year=2019).exists()
    anchors = list(TrailAnchor.objects.order_by("pk").values_list("day", "position", "rows"))
    assert anchors == [(FIRST.date() + timedelta(days=n), (n + 1) * A_DAY, A_DAY) for n in range(OLD_DAYS)]
    assert TrailLink.objects.order_by("position").first().position == OLD + 1
    assert chain_trail() > 0  # what was noted since goes on from where it was
    assert faults() == []
    assert shorten() == {"trail": {"scs_trailentry": OLD, "scs_traillink": OLD}}  # the same run: nothing more
    assert TrailAnchor.objects.count() == OLD_DAYS


def test_who_answers_for_privacy_reads_since_when_it_is_there(shortened):
    page = signed_in(shortened, "privacy_officer").get("/oversight/").content.decode()
    assert f"La piste commence après le {FIRST.date() + timedelta(days=2)}" in page


def test_the_last_row_stays_for_the_next_to_be_chained_to_it(site):
    told_on(site, FIRST)
    sign(site)
    chain_trail()
    by_force("delete from scs_trailentry where at > '2020-01-01'")
    by_force("delete from scs_traillink where position > %s", A_DAY)
    assert shorten() == {}


ATTACKS = {
    "changed": (("update scs_trailentry set actor = 'x' where id = (select max(entry_id) from scs_traillink"
                " where position = 14)"), ("changed", 14)),
    "first of all": (("update scs_trailentry set actor = 'x' where id = (select entry_id from scs_traillink"
                     " where position = 13)"), ("changed", 13)),
    "row": ("delete from scs_trailentry where id = (select entry_id from scs_traillink where position = 13)",
            ("deleted", 13)),
    "row and link": (("with l as (delete from scs_traillink where position = 13 returning entry_id)"
                     " delete from scs_trailentry where id in (select entry_id from l)"), ("unlinked", 13)),
    "link elsewhere": (("update scs_traillink set entry_id = case position when 13 then -1 else entry_id end"
                " where position = 13"), ("deleted", 13)),
    "cut": ("delete from scs_traillink where position > 13", ("cut", 16)),
    "all": ("delete from scs_traillink", ("cut", 16)),
    "anchor gone": ("delete from scs_trailanchor where position = 12", ("unlinked", 9)),
    "anchors gone": ("delete from scs_trailanchor", ("unlinked", 1)),
    "an old anchor gone": ("delete from scs_trailanchor where position = 4", ("anchor", 8)),
    "other day": ("update scs_trailanchor set day = day + 1 where position = 12", ("anchor", 12)),
    "other number": ("update scs_trailanchor set rows = 3 where position = 12", ("anchor", 12)),
    "other code": ("update scs_trailanchor set code = sha256('x') where position = 12", ("anchor", 12)),
    "moved on": ("update scs_trailanchor set position = 13 where position = 12", ("anchor", 13)),
    "an old row": (("insert into scs_trailentry (at, actor, device, action, about, about_id, why)"
                   " values ('2019-03-04', 'x', '', 'x', '', '', '')"), ("unchained", 0)),
    "an old link": ("insert into scs_traillink values (5, -5, sha256('x'))", ("returned", 12)),
}  # fmt: skip


@pytest.mark.parametrize(("sql", "told"), ATTACKS.values(), ids=ATTACKS)
def test_what_is_done_to_a_shortened_trail_is_named(shortened, sql, told):
    by_force(sql)
    assert told in faults()


def forged(code: bytes, signature: bytes, at: datetime) -> None:
    """Take out the first rows that are left, and begin after them."""
    by_force(
        "delete from scs_trailentry where id in (select entry_id from scs_traillink where position < 17)"
    )
    by_force("delete from scs_traillink where position < 17")
    by_force(
        "insert into scs_trailanchor (at, day, position, rows, code, signature)"
        " values (%s, %s, 16, 4, %s, %s)",
        at, date(2026, 1, 1), code, signature,
    )  # fmt: skip


def test_an_anchor_of_someone_without_the_key_is_named(shortened):
    code, at = bytes(TrailLink.objects.get(pk=16).code), timezone.now()
    key = Ed25519PrivateKey.generate()
    forged(code, key.sign(Anchor(at, date(2026, 1, 1), 16, 4, code).text), at)
    assert {("anchor", 16), ("unlinked", 13)} <= set(faults())


def test_a_signed_head_is_no_anchor(shortened):
    head = TrailHead.objects.get(position=16)
    forged(bytes(head.code), bytes(head.signature), head.at)
    assert {("anchor", 16), ("unlinked", 13)} <= set(faults())


def test_a_backup_of_before_shows_until_it_is_destroyed_again(trail, folder):
    sign(trail)
    with transaction.atomic():
        shorten()
        transaction.set_rollback(True)  # the disk is not taken back
    (folder / FILE).write_text(json.dumps({"position": OLD}))
    chain_trail()
    assert faults() == [("anchor", OLD)]
    assert shorten() != {}
    chain_trail()
    assert faults() == []


@pytest.mark.parametrize("position", [2, 7])
def test_what_was_tampered_with_is_not_destroyed(trail, position):
    sign(trail)
    by_force(
        "update scs_trailentry set actor = 'x' where id ="
        " (select entry_id from scs_traillink where position = %s)",
        position,
    )
    shorten()
    chain_trail()
    assert faults() == [("changed", position)]
    assert TrailAnchor.objects.count() == position // A_DAY


@pytest.mark.parametrize(
    ("scope", "days"),
    [
        ({}, 0),
        ({"category": "trail"}, 0),
        ({"category": "visits"}, OLD_DAYS),
        ({"first": FIRST.date() + timedelta(days=1)}, 1),
        ({"last": FIRST.date() - timedelta(days=1)}, OLD_DAYS),
        ({"until": timezone.now().date() - timedelta(days=1)}, OLD_DAYS),
    ],
)
def test_a_hold_of_any_site_keeps_its_days_and_those_after(trail, scope, days):
    place_hold(LegalHold(**({"site": trail, "reason": "ordonnance"} | scope)), by="s01-05")
    sign(trail)
    (due,) = [due for due in dry_run(None) if due.rule == "trail"]
    assert (due.count, due.held) == (days * A_DAY, OLD - days * A_DAY)
    shorten()
    assert TrailEntry.objects.filter(at__year=2019).count() == OLD - days * A_DAY


def test_it_stays_as_long_as_what_is_kept_longest(trail):
    sign(trail, trail=60, breaches=120)
    assert cutoffs(None)["trail"] == cutoffs(None)["breaches"]
    sign(trail, **{rule.code: 0 for rule in RULES})
    assert (timezone.now().date() - cutoffs(None)["trail"]).days >= 60 * 30


TAKEN = {
    "rows": "delete from scs_trailentry where id = (select entry_id from scs_traillink where position = %s)",
    "links": "delete from scs_traillink where position = %s",
}


@pytest.mark.parametrize("sql", TAKEN.values(), ids=TAKEN)
@pytest.mark.parametrize("role", [APP, OWNER, PURGE])
def test_the_database_takes_no_row_that_no_anchor_covers(trail, sql, role):
    sign(trail)
    assert not may(sql, 1, role=role)
    assert not may(sql, OLD + 1, role=role)


def test_nor_one_that_is_not_due_whatever_an_anchor_says(trail):
    TrailAnchor.objects.create(
        at=timezone.now(), day=timezone.now().date(), position=OLD + 1, rows=OLD + 1, code=b"", signature=b""
    )
    assert not may(TAKEN["rows"], 1)  # nobody signed
    sign(trail)
    assert may(TAKEN["rows"], 1)
    assert not may(TAKEN["links"], 1)  # its row first
    assert not may(TAKEN["rows"], OLD + 1)
    place_hold(LegalHold(reason="ordonnance"), by="s01-05")
    assert not may(TAKEN["rows"], 1)


@pytest.mark.parametrize("role", [APP, OWNER, PURGE])
def test_an_anchor_is_not_taken_back(shortened, role):
    for sql in (
        "update scs_trailanchor set rows = 1",
        "delete from scs_trailanchor",
        "truncate scs_trailanchor",
    ):
        assert not may(sql, role=role)
