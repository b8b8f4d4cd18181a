"""Sessions: a new one at each sign-in, seen by their owner, ended from the next request on."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends import db
from django.test import Client
from django.utils import timezone

from sites.people.models import Staff, StaffSession
from sites.people.sessions import forget_ended, kind_of
from tests.factories import make_staff, sure
from tests.people.doors import sign_in

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
IPAD = "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1"


@pytest.fixture
def two(site):
    """One person signed in twice."""
    clients = Client(headers={"user-agent": FIREFOX}), Client(headers={"user-agent": IPAD})
    for client in clients:
        sign_in(client, "s01-01")
        client.get("/")
    return clients


def test_signing_in_gives_another_session(client, site):
    session = client.session
    session["left"] = "by someone else"
    session.save()
    before = client.cookies["sessionid"].value
    sign_in(client, "s01-01")
    after = client.cookies["sessionid"].value
    assert before != after
    stale = Client()
    stale.cookies["sessionid"] = before
    assert stale.get("/").status_code == 302


def test_proving_again_gives_another_session_too(client, site):
    sign_in(client, "s01-01")
    before = client.cookies["sessionid"].value
    sure(client)
    assert client.cookies["sessionid"].value != before
    assert client.get("/").status_code == 200
    stale = Client()
    stale.cookies["sessionid"] = before
    assert stale.get("/").status_code == 302


def test_a_made_up_session_opens_nothing(client, site):
    client.cookies["sessionid"] = "a" * 32
    assert client.get("/").status_code == 302


def test_one_sees_ones_sessions_and_closes_the_others(two):
    here, there = two
    page = here.get("/me/access/").text
    assert "Firefox · Windows" in page
    assert "Safari · iPad" in page
    assert there.get("/").status_code == 200
    assert here.post("/me/access/sessions/end").url == "/me/access/"
    assert there.get("/").status_code == 302
    assert here.get("/").status_code == 200


def test_one_closes_one_session_and_nobody_elses(two, site):
    here, there = two
    stranger = Client()
    stranger.force_login(make_staff("s01-08", site))
    theirs = StaffSession.objects.get(staff__code="s01-08").pk
    here.post("/me/access/sessions/end", {"session": theirs})
    assert stranger.get("/").status_code == 200
    other = StaffSession.objects.get(staff__code="s01-01", browser="Safari · iPad").pk
    here.post("/me/access/sessions/end", {"session": other})
    assert there.get("/").status_code == 302


@pytest.mark.parametrize("how", ["sessions", "password"])
def test_a_manager_closes_a_colleagues_sessions(two, site, client, how):
    client.force_login(make_staff("s01-05", site, "manager"))
    colleague = Staff.objects.get(code="s01-01")
    sure(client).post(f"/setup/staff/{colleague.pk}/{how}")
    assert [one.get("/").status_code for one in two] == [302, 302]


def test_a_session_ends_twelve_hours_after_it_began_however_much_it_is_used(two):
    here, _there = two
    session = here.session
    session["began"] -= 11 * 3600
    session.save()
    row = StaffSession.objects.get(browser="Firefox · Windows")
    assert row.expire_date < timezone.now() + timedelta(hours=1, seconds=5)
    StaffSession.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert here.get("/").status_code == 302
    forget_ended()
    assert not StaffSession.objects.filter(staff__code="s01-01").exists()


def test_what_a_session_holds_is_read_by_who_has_the_key_alone(client, site, settings):
    sign_in(client, "s01-01")
    client.post("/me/password", {"password": "tavok relum", "again": "tavok relum"})
    assert "tavok" in str(dict(client.session.items()))
    kept = StaffSession.objects.get(staff__code="s01-01").session_data
    assert "tavok" not in kept + str(db.SessionStore().decode(kept))
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 10
    assert client.get("/").status_code == 200
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [], "a third" * 10
    assert client.get("/")["Location"].startswith("/accounts/login/")


def test_no_address_and_no_exact_browser_is_kept(two):
    kept = str(list(StaffSession.objects.values()))
    assert "127.0.0.1" not in kept
    assert "Gecko" not in kept
    assert kind_of("curl/8") == kind_of("") == ""
