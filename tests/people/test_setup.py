from datetime import time, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.people.devices import enrol
from sites.people.factors import give_totp
from sites.people.models import Pin, Posting, Staff, StaffSession, Unlock
from sites.people.pins import set_pin
from sites.people.proofs import unlock
from sites.places.models import Booth, OpeningException, Room, Site
from sites.places.queries import open_minutes, opening_calendar, today
from sites.trail.models import TrailEntry
from tests import factories

PAGES = [
    "site",
    "rooms",
    "rooms/new",
    "booths/new",
    "hours",
    "exceptions/new",
    "staff",
    "staff/new",
    "tablets",
]


@pytest.fixture
def manager(site, client):
    client.force_login(factories.make_staff("s01-05", site, "manager"))
    return factories.sure(client)


def typed(**changes):
    return {
        "name_fr": "Halte du Canal", "name_en": "", "zone": "America/Toronto", "cutover": "06:00",
        "observe_minutes": "60", "agreement_version": "1", **changes,
    }  # fmt: skip


def week(**changes):
    hours = {
        f"{name}_{day}": clock
        for day in range(7)
        for name, clock in (("opens", "20:00"), ("closes", "02:00"))
    }
    return hours | {"valid_from": (timezone.now().date() + timedelta(days=3)).isoformat(), **changes}


@pytest.mark.parametrize("name", PAGES)
def test_each_page_shows(manager, name):
    answer = manager.get(f"/setup/{name}" + ("" if name.endswith("new") else "/"))
    assert answer.status_code == 200
    assert 'aria-current="page"' in answer.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_a_nurse_sets_nothing(client, site, name):
    client.force_login(Staff.objects.get(code="s01-01"))
    assert client.get(f"/setup/{name}" + ("" if name.endswith("new") else "/")).status_code == 403


def test_a_site_changes_and_the_trail_says_so(manager, site):
    assert manager.post("/setup/site/", typed(cutover="5 h")).status_code == 302
    site.refresh_from_db()
    assert (site.name_fr, site.cutover) == ("Halte du Canal", time(5))
    entry = TrailEntry.objects.get(action="site changed")
    assert (entry.actor, entry.why) == ("s01-05", "name_fr, cutover")


def test_the_clock_is_fixed_once_something_is_dated_by_it(manager, site):
    factories.send(site, factories.record("turnaway.recorded", {"reason": "full", "count": 1}))
    answer = manager.post("/setup/site/", typed(cutover="05:00", zone="America/Halifax"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count("déjà rangées par jour de service") >= 2
    assert "Halte du Canal" in page
    assert Site.objects.get(pk=site.pk).cutover == time(6)
    assert manager.post("/setup/site/", typed()).status_code == 302


@pytest.mark.parametrize(
    "wrong", [{"name_fr": ""}, {"cutover": "25:00"}, {"observe_minutes": "4"}, {"zone": "Mars"}]
)
def test_a_site_keeps_what_was_typed(manager, wrong):
    answer = manager.post("/setup/site/", typed(name_en="Canal stop", **wrong))
    assert answer.status_code == 422
    assert "Canal stop" in answer.content.decode()


def test_a_room_and_a_booth_are_added(manager, site):
    room = {"name_fr": "Fumoir", "kind": "inhalation", "routes": ["inh_smoke"], "check_minutes": "10"}
    assert manager.post("/setup/rooms/new", room).status_code == 302
    made = Room.objects.at(site).get(name_fr="Fumoir")
    assert manager.post("/setup/booths/new", {"label": "9", "room": made.pk}).status_code == 302
    assert Booth.objects.at(site).get(label="9").room == made
    again = manager.post("/setup/booths/new", {"label": "9", "room": made.pk})
    assert again.status_code == 422
    assert "porte déjà ce numéro" in again.content.decode()


def test_a_booth_goes_out_of_service_with_a_reason(manager, site):
    booth = Booth.objects.at(site).get(label="2")
    data = {"label": "2", "room": booth.room_id, "out": "on"}
    assert manager.post(f"/setup/booths/{booth.pk}/", data).status_code == 422
    assert manager.post(f"/setup/booths/{booth.pk}/", data | {"out_reason": "Vitre"}).status_code == 302
    booth.refresh_from_db()
    assert booth.out_since is not None
    assert (
        manager.post(f"/setup/booths/{booth.pk}/", {"label": "2", "room": booth.room_id}).status_code == 302
    )
    booth.refresh_from_db()
    assert (booth.out_since, booth.out_reason) == (None, "")


def test_a_booth_in_use_is_not_retired(manager, site):
    visit = factories.ref()
    factories.send(
        site,
        factories.record("visit.arrived", {"visit": visit}),
        factories.record("visit.seated", {"visit": visit, "booth": "2"}),
    )
    booth = Booth.objects.at(site).get(label="2")
    data = {"label": "2", "room": booth.room_id, "retired": "on"}
    assert manager.post(f"/setup/booths/{booth.pk}/", data).status_code == 422


def test_a_new_week_leaves_the_days_before_as_they_were(manager, site):
    begins = today(site) + timedelta(days=3)
    closed = {f"opens_{begins.weekday()}": "", f"closes_{begins.weekday()}": ""}
    assert manager.post("/setup/hours/", week(valid_from=begins.isoformat(), **closed)).status_code == 302
    assert open_minutes(site, begins - timedelta(days=1)) == 12 * 60
    assert open_minutes(site, begins) == 0
    assert open_minutes(site, begins + timedelta(days=1)) == 6 * 60


@pytest.mark.parametrize(
    "wrong",
    [
        {"closes_2": ""},
        {"opens_2": "08:00", "closes_2": "07:00"},
        {"valid_from": "2020-01-01"},
        {"opens_2": "x"},
    ],
)
def test_hours_that_cannot_be_are_refused(manager, wrong):
    assert manager.post("/setup/hours/", week(**wrong)).status_code == 422


def test_a_day_has_its_own_hours_until_they_are_withdrawn(manager, site):
    day = today(site) + timedelta(days=5)
    assert (
        manager.post("/setup/exceptions/new", {"day": day.isoformat(), "reason": "Fête"}).status_code == 302
    )
    assert open_minutes(site, day) == 0
    exception = OpeningException.objects.at(site).get(day=day)
    assert manager.post("/setup/exceptions/new", {"day": day.isoformat(), "reason": "Bis"}).status_code == 422
    assert manager.post(f"/setup/exceptions/{exception.pk}/remove").status_code == 302
    assert open_minutes(site, day) == 12 * 60


def test_a_closure_of_several_days_is_one_form_and_empties_the_planned_hours(site, manager):
    first = today(site) + timedelta(days=10)
    typed = {"day": first.isoformat(), "until": (first + timedelta(days=2)).isoformat(), "reason": "Travaux"}
    assert manager.post("/setup/exceptions/new", typed).status_code == 302
    calendar = opening_calendar(site, first - timedelta(days=1), first + timedelta(days=3))
    assert [bool(openings) for openings in calendar.values()] == [True, False, False, False, True]
    over_it = typed | {"day": (first - timedelta(days=1)).isoformat()}
    assert manager.post("/setup/exceptions/new", over_it).status_code == 422
    backwards = {"day": first.isoformat(), "until": (first - timedelta(days=1)).isoformat(), "reason": "x"}
    assert manager.post("/setup/exceptions/new", backwards).status_code == 422


@pytest.mark.parametrize("kind", ["rooms", "booths", "staff", "exceptions"])
def test_another_sites_things_are_not_there(manager, other_site, kind):
    with acting(sites=[other_site.pk]):
        row = {
            "rooms": lambda: Room.objects.at(other_site).first(),
            "booths": lambda: Booth.objects.at(other_site).first(),
            "staff": lambda: Staff.objects.get(code="s02-01"),
            "exceptions": lambda: OpeningException.objects.create(
                site=other_site, day=timezone.now().date() + timedelta(days=9), reason="Fête"
            ),
        }[kind]()
    address = f"/setup/{kind}/{row.pk}/" + ("remove" if kind == "exceptions" else "")
    assert manager.post(address, {}).status_code == 404


def account(site, **changes):
    return {
        "code": "s01-20", "display_name": "Soins 3", "role": "nurse", "language": "fr-ca",
        "posted": [site.pk], **changes,
    }  # fmt: skip


def test_a_new_account_gets_a_password_shown_once(manager, site, client):
    answer = manager.post("/setup/staff/new", account(site))
    password = answer.context["password"]
    assert answer.status_code == 200
    assert password in answer.content.decode()
    made = Staff.objects.get(code="s01-20")
    assert made.check_password(password)
    assert Posting.objects.at(site).filter(staff=made, until=None).exists()
    assert "s01-20" in manager.get("/setup/staff/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "s01-01"},
        {"code": "É à"},
        {"role": "privacy_officer"},
        {"role": "x"},
        {"posted": []},
        {"code": "a\x00b"},
    ],
)
def test_an_account_that_cannot_be_is_refused(manager, site, wrong):
    answer = manager.post("/setup/staff/new", account(site, **{"display_name": "Soins 3", **wrong}))
    assert answer.status_code == 422
    assert "Soins 3" in answer.content.decode()


def test_a_closed_account_is_out_at_its_next_page(manager, site):
    colleague = Staff.objects.get(code="s01-01")
    theirs = Client()
    theirs.force_login(colleague)
    assert theirs.get("/setup/site/").status_code == 403
    data = {"display_name": "Soins", "role": "nurse", "language": "en", "posted": [site.pk]}
    assert manager.post(f"/setup/staff/{colleague.pk}/", data).status_code == 302
    assert theirs.get("/setup/site/").status_code == 302
    colleague.refresh_from_db()
    assert (colleague.is_active, colleague.language, colleague.code) == (False, "en", "s01-01")


def test_nothing_that_opened_a_closed_account_stays_and_who_comes_back_gets_a_new_password(manager, site):
    lead = factories.make_staff("s01-07", site, "shift_lead")
    give_totp(lead)
    set_pin(lead, "864209", by="s01-07")
    unlock(enrol(site, "Salle")[0], lead)
    theirs = Client()
    theirs.force_login(lead)
    lead.refresh_from_db()
    assert lead.last_login
    data = {"display_name": "Chef", "role": "shift_lead", "language": "fr-ca", "posted": [site.pk]}
    manager.post(f"/setup/staff/{lead.pk}/", data)
    lead.refresh_from_db()
    assert (lead.left_on, lead.last_login) == (timezone.now().date(), None)
    assert not lead.has_usable_password()
    assert not Authenticator.objects.filter(user=lead).exists()
    assert not StaffSession.objects.filter(staff=lead).exists()
    assert not Unlock.objects.filter(staff=lead, ended_at=None).exists()
    assert list(Pin.objects.filter(staff=lead).values_list("pin", "once", "once_until")) == [("", "", None)]
    manager.post(f"/setup/staff/{lead.pk}/", data | {"is_active": "on"})
    lead.refresh_from_db()
    assert (lead.is_active, lead.left_on) == (True, None)
    assert not lead.has_usable_password()


def test_nobody_closes_their_own_account(manager, site):
    me = Staff.objects.get(code="s01-05")
    data = {"display_name": "Gestion", "role": "manager", "language": "fr-ca", "posted": [site.pk]}
    assert manager.post(f"/setup/staff/{me.pk}/", data).status_code == 422


def test_a_manager_does_not_touch_who_holds_more(manager, site):
    officer = factories.make_staff("vie-privee", site, "privacy_officer")
    assert manager.get(f"/setup/staff/{officer.pk}/").status_code == 403
    assert manager.post(f"/setup/staff/{officer.pk}/password").status_code == 403
