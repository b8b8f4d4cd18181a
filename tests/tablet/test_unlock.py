import json
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.people.devices import enrol
from sites.people.enrolment import make_code
from sites.people.models import Posting, Staff, Unlock, WrongPin
from sites.people.pins import set_pin, tell_once
from sites.people.services import post, revoke_tablet
from sites.people.tasks import forget_wrong_codes
from sites.records.models import Authorship
from sites.trail.models import TrailEntry
from tests.factories import make_staff, record, ref, send, sure

PIN, OTHER = "418273", "730264"


class Tablet:
    """An enrolled tablet as the server sees it: its token, and who holds it."""

    def __init__(self, token: str):
        self.client, self.token, self.held = Client(), token, ""

    def headers(self):
        return {"Authorization": f"Device {self.token}"} | ({"X-Unlock": self.held} if self.held else {})

    def post(self, path, **body):
        return self.client.post(
            f"/api/v1/tablet/{path}", body, content_type="application/json", headers=self.headers()
        )

    def get(self, path, **headers):
        return self.client.get(f"/api/v1/tablet/{path}", headers=self.headers() | headers)

    def unlock(self, staff="s01-01", pin=PIN):
        answer = self.post("unlock", staff=staff, pin=pin)
        if answer.status_code == 200:
            self.held = answer.json()["unlock"]
        return answer

    def sees_words(self) -> bool:
        visits = self.get("room").json()["visits"]
        assert visits
        return "word" in visits[0]


@pytest.fixture
def nurse(site):
    staff = Staff.objects.get(code="s01-01")
    set_pin(staff, PIN, by=staff.code)
    return staff


@pytest.fixture
def lead(site):
    staff = make_staff("s01-04", site, "shift_lead")
    set_pin(staff, OTHER, by=staff.code)
    return staff


@pytest.fixture
def device(site):
    return enrol(site, "Accueil")


@pytest.fixture
def tablet(site, nurse, device):
    send(site, record("visit.arrived", {"visit": ref()}))
    return Tablet(device[1])


def error(answer) -> dict:
    return answer.json()["error"]


def wrong(tablet, times, staff="s01-01"):
    for _n in range(times):
        answer = tablet.unlock(staff, "000000")
    return answer


# --- Joining a site ----------------------------------------------------------------------
def test_a_tablet_joins_by_a_code(site):
    code, client = make_code(site, by="s01-05", place="room"), Client()
    with acting(sites=()):
        answer = client.post("/api/v1/tablet/enrol", {"code": code}, content_type="application/json")
        assert answer.status_code == 200
        given = answer.json()["device"]
        assert (given["place"], given["idle_minutes"], given["site"]["code"]) == ("room", 10, "S01")
        shown = Tablet(given["token"]).get("setup").json()
        again = client.post("/api/v1/tablet/enrol", {"code": code}, content_type="application/json")
    assert shown["device"]["uuid"] == given["uuid"]
    assert (again.status_code, error(again)["code"]) == (403, "code")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"code": 1}', b'{"code": "a\\u0000"}', b"\xff" * 20_000]
)
def test_a_body_that_is_not_one_is_422(site, body):
    answer = Client().post("/api/v1/tablet/enrol", body, content_type="application/json")
    assert (answer.status_code, error(answer)["code"]) == (422, "body")


# --- Unlocking ---------------------------------------------------------------------------
def test_six_digits_unlock_and_show_the_words_of_the_room(tablet):
    assert not tablet.sees_words()
    answer = tablet.unlock()
    assert answer.status_code == 200
    assert answer.json()["person"]["code"] == "s01-01"
    assert "record_visits" in answer.json()["person"]["may"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert tablet.sees_words()
    assert tablet.held not in str(list(Unlock.objects.values()))


def test_a_room_seen_locked_is_drawn_again_once_unlocked(tablet):
    tag = tablet.get("room").headers["ETag"]
    assert tablet.get("room", **{"If-None-Match": tag}).status_code == 304
    tablet.unlock()
    assert tablet.get("room", **{"If-None-Match": tag}).status_code == 200


def test_a_pin_counts_on_an_enrolled_tablet_of_the_site_only(tablet, other_site):
    assert Tablet("none").unlock().status_code == 401
    with acting(sites=[other_site.pk]):
        _device, elsewhere = enrol(other_site)
    assert error(Tablet(elsewhere).unlock())["code"] == "wrong"


def test_an_unlock_ends_with_the_lock(tablet):
    tablet.unlock()
    assert tablet.post("lock").status_code == 200
    assert not tablet.sees_words()


def test_only_who_holds_a_tablet_locks_it(tablet):
    tablet.unlock()
    Tablet(tablet.token).post("lock")
    assert tablet.sees_words()


def test_an_unlock_ends_when_a_colleague_takes_the_tablet(tablet, lead):
    tablet.unlock()
    first = tablet.held
    tablet.unlock("s01-04", OTHER)
    tablet.held, second = first, tablet.held
    assert not tablet.sees_words()
    tablet.held = second
    assert tablet.sees_words()


def test_an_unlock_is_worth_nothing_on_another_tablet(tablet, site):
    tablet.unlock()
    _device, token = enrol(site)
    other = Tablet(token)
    other.held = tablet.held
    assert not other.sees_words()


def test_an_unlock_ends_after_twelve_hours(tablet):
    tablet.unlock()
    with time_machine.travel(timezone.now() + timedelta(hours=12, minutes=1)):
        assert not tablet.sees_words()


def test_an_unlock_ends_with_the_posting(tablet, nurse, site):
    tablet.unlock()
    Posting.objects.filter(staff=nurse).update(until=timezone.now().date())
    assert not tablet.sees_words()
    assert error(tablet.unlock())["code"] == "wrong"


def test_a_tablet_whose_unlock_is_over_is_told_so(tablet, nurse):
    assert "X-Unlock" not in tablet.get("room").headers
    tablet.unlock()
    assert "X-Unlock" not in tablet.get("room").headers
    Staff.objects.filter(pk=nurse.pk).update(is_active=False)
    assert tablet.get("room").headers["X-Unlock"] == "ended"


def test_a_setup_that_is_the_same_is_not_sent_again(tablet, site):
    tag = tablet.get("setup").headers["ETag"]
    assert tablet.get("setup", **{"If-None-Match": tag}).status_code == 304
    make_staff("s01-02", site, "worker")
    assert tablet.get("setup", **{"If-None-Match": tag}).status_code == 200


def test_an_unlock_ends_with_the_account(tablet, nurse):
    tablet.unlock()
    Staff.objects.filter(pk=nurse.pk).update(is_active=False)
    assert not tablet.sees_words()


def test_an_unlock_ends_with_another_pin(tablet, nurse):
    tablet.unlock()
    set_pin(nurse, OTHER, by=nurse.code)
    assert not tablet.sees_words()
    assert tablet.unlock().status_code == 403
    assert tablet.unlock(pin=OTHER).status_code == 200


def test_a_revoked_tablet_shows_and_unlocks_nothing(tablet, device):
    tablet.unlock()
    revoke_tablet(device[0], by="s01-05")
    for answer in (tablet.get("room"), tablet.get("setup"), tablet.unlock()):
        assert (answer.status_code, error(answer)["code"]) == (401, "revoked")


def test_who_opens_no_visit_holds_no_tablet(tablet, site):
    officer = make_staff("vie-privee", site, "privacy_officer")
    set_pin(officer, OTHER, by=officer.code)
    assert error(tablet.unlock("vie-privee", OTHER))["code"] == "wrong"
    assert [row["code"] for row in tablet.get("setup").json()["staff"]] == ["s01-01"]


# --- Wrong PINs --------------------------------------------------------------------------
def test_the_tries_left_are_told(tablet):
    answer = wrong(tablet, 2)
    assert (answer.status_code, error(answer)["left"]) == (403, 3)
    assert error(answer)["message"] == "Ce code ne va pas. Encore 3 essais."


def test_five_wrong_pins_pause_that_person_on_that_tablet_alone(tablet, lead, site):
    assert error(wrong(tablet, 5))["code"] == "paused"
    assert error(tablet.unlock())["code"] == "paused"  # the right one, too late
    assert tablet.unlock("s01-04", OTHER).status_code == 200
    _device, elsewhere = enrol(site)
    assert Tablet(elsewhere).unlock().status_code == 200
    assert TrailEntry.objects.filter(action="pin paused", about_id="s01-01").count() == 1


def test_a_right_pin_clears_the_count(tablet):
    wrong(tablet, 4)
    tablet.unlock()
    assert error(wrong(tablet, 1))["left"] == 4


def test_a_code_that_nobody_has_answers_like_one_that_is_wrong(tablet):
    for times in (1, 4):
        known, unknown = wrong(tablet, times), wrong(tablet, times, "s09-99")
        assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())


def test_what_was_counted_is_forgotten_unless_it_still_holds_somebody(tablet, lead):
    """A pause of a person lasts; one of a code that nobody has, a day; a count of nothing goes at once."""
    wrong(tablet, 5)
    wrong(tablet, 5, "s09-99")
    wrong(tablet, 1, "s01-04")
    assert tablet.unlock("s01-04", OTHER).status_code == 200
    forget_wrong_codes()
    assert WrongPin.objects.count() == 2
    assert error(tablet.unlock("s09-99"))["code"] == "paused"
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        forget_wrong_codes()
        assert list(WrongPin.objects.values_list("code", "count")) == [("s01-01", 5)]
        Staff.objects.filter(code="s01-01").update(is_active=False)
        forget_wrong_codes()
        assert not WrongPin.objects.exists()


def test_a_count_that_is_forgotten_meanwhile_begins_anew(tablet):
    assert tablet.unlock().status_code == 200
    gone = []

    def forgotten(execute, sql, params, many, context):
        if "FOR UPDATE" in sql and "wrongpin" in sql and not gone:
            gone.append(WrongPin.objects.all().delete())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(forgotten):
        assert error(wrong(tablet, 1))["left"] == 4
    assert gone


def test_a_shift_lead_ends_a_colleagues_pause(tablet, lead, nurse):
    wrong(tablet, 5)
    assert error(tablet.post("help", staff="s01-01", lead="s01-01", pin=PIN))["code"] == "paused"
    once = tablet.post("help", staff="s01-01", lead="s01-04", pin=OTHER).json()["once"]
    assert tablet.unlock().status_code == 200
    chosen = tablet.post("pin", staff="s01-01", once=once, pin="907143")
    assert chosen.json()["person"]["code"] == "s01-01"
    assert tablet.unlock(pin="907143").status_code == 200


def test_who_is_no_lead_helps_nobody(tablet, lead, site):
    worker = make_staff("s01-02", site, "worker")
    set_pin(worker, OTHER, by=worker.code)
    assert error(tablet.post("help", staff="s01-01", lead="s01-02", pin=OTHER))["code"] == "not_yours"


def test_a_lead_gives_no_code_to_who_holds_more(tablet, lead, site):
    make_staff("s01-05", site, "manager")
    assert error(tablet.post("help", staff="s01-05", lead="s01-04", pin=OTHER))["code"] == "not_yours"


# --- Choosing a PIN ----------------------------------------------------------------------
def test_the_first_pin_is_chosen_with_a_code_told_once(tablet, site):
    worker = make_staff("s01-02", site, "worker")
    once = tell_once(worker, by="s01-05", site=site)
    rows = {row["code"]: row["pin"] for row in tablet.get("setup").json()["staff"]}
    assert rows == {"s01-01": True, "s01-02": False}
    assert error(tablet.unlock("s01-02", once))["code"] == "wrong"
    assert tablet.post("pin", staff="s01-02", once=once, pin=OTHER).status_code == 200
    assert error(tablet.post("pin", staff="s01-02", once=once, pin=PIN))["code"] == "wrong"


def test_a_code_told_yesterday_is_over(tablet, nurse, site):
    once = tell_once(nurse, by="s01-05", site=site)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert error(tablet.post("pin", staff="s01-01", once=once, pin=OTHER))["code"] == "wrong"


def test_guesses_at_the_code_told_once_pause_too(tablet, nurse, site):
    tell_once(nurse, by="s01-05", site=site)
    for _n in range(5):
        answer = tablet.post("pin", staff="s01-01", once="000001", pin=OTHER)
    assert error(answer)["code"] == "paused"


@pytest.mark.parametrize(
    "weak",
    ["", "12345", "1234567", "abcdef", "000000", "123456", "654321", "890123", "121212", "123123", "٣٣٤٥٦١"],
)
def test_a_pin_that_anyone_would_try_is_refused(tablet, nurse, site, weak):
    once = tell_once(nurse, by="s01-05", site=site)
    answer = tablet.post("pin", staff="s01-01", once=once, pin=weak)
    assert (answer.status_code, error(answer)["code"]) == (422, "weak")


def test_a_pin_is_neither_the_code_told_nor_ones_own(tablet, nurse, site):
    once = tell_once(nurse, by="s01-05", site=site)
    for weak in (once, "000101"):
        assert tablet.post("pin", staff="s01-01", once=once, pin=weak).status_code == 422


def test_a_pin_is_chosen_on_the_signed_in_page(tablet, nurse, client):
    wrong(tablet, 5)
    client.force_login(nurse)
    sure(client)
    assert client.post("/me/pin", {"pin": "111111", "again": "111111"}).status_code == 422
    assert client.post("/me/pin", {"pin": OTHER, "again": PIN}).status_code == 422
    page = client.post("/me/pin", {"pin": "", "again": OTHER})
    assert OTHER not in page.content.decode()
    assert client.post("/me/pin", {"pin": OTHER, "again": OTHER}).status_code == 302
    assert tablet.unlock(pin=OTHER).status_code == 200


def test_the_manager_tells_a_code_for_a_colleague(tablet, site, client):
    client.force_login(make_staff("s01-05", site, "manager"))
    worker = make_staff("s01-02", site, "worker")
    once = sure(client).post(f"/setup/staff/{worker.pk}/pin").context["once"]
    assert tablet.post("pin", staff="s01-02", once=once, pin=OTHER).status_code == 200


def test_who_held_a_tablet_lately_comes_first(tablet):
    assert [row["lately"] for row in tablet.get("setup").json()["staff"]] == [False]
    tablet.unlock()
    assert [row["lately"] for row in tablet.get("setup").json()["staff"]] == [True]


def test_someone_posted_at_two_sites_is_paused_at_neither_other(tablet, nurse, other_site):
    with acting(sites=[other_site.pk]):
        post(nurse, other_site, by="s02-05")
        _device, elsewhere = enrol(other_site)
    wrong(tablet, 5)
    assert Tablet(elsewhere).unlock().status_code == 200
    assert json.loads(tablet.unlock().content)["error"]["code"] == "paused"


def test_who_holds_the_tablet_confirms_what_is_theirs(tablet, lead, site):
    send(site, record("turnaway.recorded", {"reason": "full", "count": 1}, by=None))
    assert error(tablet.get("confirm"))["code"] == "locked"
    assert tablet.unlock().json()["to_confirm"] == 1
    (row,) = tablet.get("confirm").json()["records"]
    assert (row["kind"], row["by"]) == ("turnaway.recorded", None)
    for wrong_body in ({}, {"records": "x"}, {"records": [row["id"]] * 201}):
        assert tablet.post("confirm", **wrong_body).status_code == 422
    assert len(tablet.post("confirm", records=["x", None]).json()["records"]) == 1
    assert tablet.post("confirm", records=[row["id"]]).json() == {"records": []}
    assert Authorship.objects.get().author == "s01-01"
