"""« Comme la dernière fois »: for who agreed, at this site, trailed, and not without end."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.codes.models import CodeValue
from sites.codes.queries import forget
from sites.people.devices import enrol
from sites.people.models import Staff
from sites.people.proofs import unlock
from sites.places.queries import today
from sites.tablet.board import board_of
from sites.tablet.room import room_of
from sites.trail.models import TrailEntry
from sites.visits.look_ups import MOST_AN_HOUR, Door
from tests.factories import make_staff, record, ref, send
from tests.tablet.test_unlock import Tablet
from tests.visits.test_board import ago

NOTHING = {"already": None, "declared": None}


def held_tablet(site, code="s01-01") -> Tablet:
    device, token = enrol(site)
    tablet = Tablet(token)
    _held, tablet.held = unlock(device, Staff.objects.get(code=code))
    return tablet


@pytest.fixture
def tablet(site):
    return held_tablet(site)


def came(site, handle="RIVE7", *, agreed=True, hours=30, by="s01-01", closed=True, **declared) -> str:
    """A visit some hours ago, of someone who agreed before."""
    visit, at = ref(), timezone.now() - timedelta(hours=hours)
    told = {"substances": ["fentanyl", "cocaine"], "route": "inj_iv"} | declared
    rows = [
        record("visit.arrived", {"visit": visit, "handle": handle}, when=at, by=by),
        record("visit.assessed", {"visit": visit, **told}, when=at + timedelta(seconds=1), by=by),
    ]
    if agreed:
        told_of = {"handle": handle, "version": "1", "language": "fr"}
        rows.insert(0, record("client.agreed", told_of, when=at, by=by))
    if closed:
        end = {"visit": visit, "discharge_to": "street"}
        rows.append(record("visit.closed", end, when=at + timedelta(minutes=5), by=by))
    with acting(sites=[site.pk]):
        assert {receipt.status for receipt in send(site, *rows)} == {"created"}
    return visit


def ask(tablet, handle="rive-7"):
    return tablet.post("last-time", handle=handle)


def test_who_agreed_is_given_back_what_they_declared(site, tablet):
    came(site, hours=50, route="in")
    came(site, hours=30)
    assert ask(tablet).json() == {
        "already": None,
        "declared": {"substances": ["fentanyl", "cocaine"], "route": "inj_iv"},
    }


def test_nothing_tells_a_stranger_from_who_never_agreed(site, tablet):
    came(site, agreed=False)
    assert ask(tablet).json() == ask(tablet, "NOBODY").json() == NOTHING


def test_another_site_is_told_nothing(site, other_site, tablet):
    came(other_site, by="s02-01")
    assert ask(tablet).json() == NOTHING


def test_what_may_no_longer_be_chosen_is_left_out(site, tablet):
    came(site)
    gone = CodeValue.objects.get(list="substances", code="cocaine")
    gone.valid_to = timezone.now().date() - timedelta(days=2)
    gone.save()
    try:
        assert ask(tablet).json()["declared"]["substances"] == ["fentanyl"]
    finally:
        forget()  # the next test finds the lists as they were


def test_who_is_here_already_is_said_to_be(site, tablet):
    visit = came(site, hours=1, agreed=False, closed=False)
    assert ask(tablet).json()["already"]["visit"] == visit
    send(site, record("visit.seated", {"visit": visit, "booth": "3"}, when=ago(9)))
    assert ask(tablet).json()["already"]["booth"] == "3"


def test_each_look_is_in_the_trail_without_the_handle(site, tablet):
    ask(tablet)
    entry = TrailEntry.objects.get(action=Door.TABLET)
    assert (entry.actor, entry.about) == ("s01-01", "person")
    assert "RIVE" not in str(entry.__dict__).upper()


def test_twenty_an_hour_a_person_then_it_says_so(site, tablet):
    make_staff("s01-02", site)
    for _ in range(MOST_AN_HOUR):
        assert ask(tablet).status_code == 200
    refused = ask(tablet)
    assert refused.status_code == 429
    assert "Vingt recherches" in refused.json()["error"]["message"]
    assert TrailEntry.objects.filter(action=Door.TABLET).count() == MOST_AN_HOUR
    assert ask(held_tablet(site, "s01-02")).status_code == 200
    later = timezone.now() + timedelta(minutes=61)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.utils.timezone.now", lambda: later)
        assert ask(held_tablet(site)).status_code == 200


@pytest.mark.parametrize(
    ("held", "body", "status"),
    [("", {"handle": "A"}, 401), ("x", {"handle": "A"}, 401), (None, {"handle": "…"}, 422), (None, {}, 422)],
)
def test_it_asks_for_who_holds_the_tablet_and_a_handle(site, tablet, held, body, status):
    tablet.held = tablet.held if held is None else held
    assert tablet.post("last-time", **body).status_code == status


def test_a_role_that_records_no_visit_may_not_ask(site):
    make_staff("guard", site, role="security")
    assert ask(held_tablet(site, "guard")).status_code == 403


def test_a_look_that_fails_leaves_no_trace(site, tablet):
    with transaction.atomic():
        ask(tablet)
        transaction.set_rollback(True)
    assert not TrailEntry.objects.filter(action=Door.TABLET).exists()


def test_a_measure_in_force_is_said_with_it_and_on_the_board(site, tablet):
    visit = came(site, hours=3)
    until = (today(site) + timedelta(days=4)).isoformat()
    send(
        site,
        record("breach.recorded", {"code": "threats", "action": "suspended", "until": until, "visit": visit}),
    )
    (said,) = ask(tablet).json()["known"]
    assert "Suspension jusqu’au" in said
    again = ref()
    send(site, record("visit.arrived", {"visit": again, "handle": "Rive 7"}))
    with acting(sites=[site.pk]):
        board = board_of(site)
    rows = {row["visit"]: row for row in room_of(board, unlocked=True)["visits"]}
    assert rows[again]["away_until"] == until
    assert "away_until" not in room_of(board, unlocked=False)["visits"][0]
