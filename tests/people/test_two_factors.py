"""Who runs a site signs in with two factors; staff with one; an emergency asks for none of it."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator

from sites.people.factors import code_of, forget_factors, give_totp
from sites.people.models import Staff, StaffSession
from sites.trail.models import TrailEntry
from tests.factories import PASSWORD, TOTP, make_staff, ref
from tests.people.doors import give_code, sign_in

UNDER = ["/setup/site/", "/setup/staff/", "/reports/", "/", "/review/", "/releases/"]


@pytest.fixture
def manager(site):
    return make_staff("s01-05", site, "manager")


@pytest.fixture
def bare(manager):
    """A manager who has no second factor yet."""
    forget_factors(manager)
    return manager


def test_a_manager_gives_a_code_after_the_password(client, manager):
    assert sign_in(client, "s01-05").url == "/accounts/code/"
    assert client.get("/setup/site/").status_code == 302
    assert give_code(client).url == "/"
    assert client.get("/setup/site/").status_code == 200
    assert TrailEntry.objects.filter(action="signed in", actor="s01-05").exists()


def test_staff_sign_in_with_one_step(client, site):
    assert sign_in(client, "s01-01").url == "/"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("code", ["000000", "", "\x00", "é" * 300, "12 34 56"])
def test_a_wrong_code_opens_nothing(client, manager, code):
    sign_in(client, "s01-05")
    assert give_code(client, code).status_code == 200
    assert client.get("/setup/site/").status_code == 302


def test_a_code_opens_once_however_it_is_written(client, manager):
    sign_in(client, "s01-05")
    code = code_of(TOTP, time.time())
    give_code(client, code)
    client.post("/accounts/logout/")
    sign_in(client, "s01-05")
    for again in (code, f"{code[:3]} {code[3:]}"):
        assert "a déjà servi" in give_code(client, again).text
    assert client.get("/setup/site/").status_code == 302


def test_the_sixth_wrong_code_waits(client, manager):
    sign_in(client, "s01-05")
    for _attempt in range(5):
        give_code(client, "000000")
    assert "Attendre cinq minutes" in give_code(client).text


@pytest.mark.parametrize("role", ["manager", "privacy_officer", "sysadmin"])
def test_who_must_have_one_is_led_to_it_before_anything_else(client, site, role):
    person = make_staff("boss", site, role)
    forget_factors(person)
    assert sign_in(client, "boss").url == "/"
    for path in UNDER:
        assert client.get(path).url.startswith("/me/access/?next="), path
        assert client.post(path).status_code in {302, 405}, path
    page = client.get("/me/access/").text
    assert "Avant tout : un second facteur" in page
    assert "Réglages" not in page


def test_setting_one_up_opens_the_rest_and_gives_recovery_codes(client, bare):
    sign_in(client, "s01-05")
    page = client.get("/me/access/code").text
    secret = re.search(r'class="once" lang="zxx">(\w+)<', page)[1]
    answer = client.post("/me/access/code", {"code": code_of(secret, time.time())})
    assert answer.url == "/me/access/recovery"
    shown = re.findall(r'<li class="num">(\d{8})</li>', client.get("/me/access/recovery").text)
    assert len(shown) == 10
    assert shown[0] not in client.get("/me/access/recovery").text
    assert client.get("/setup/site/").status_code == 200
    client.post("/accounts/logout/")
    sign_in(client, "s01-05")
    assert give_code(client, shown[0]).url == "/"
    client.post("/accounts/logout/")
    sign_in(client, "s01-05")
    assert give_code(client, shown[0]).status_code == 200


def test_another_browser_of_the_same_person_shows_it_too(client, bare):
    sign_in(client, "s01-05")
    give_totp(bare, TOTP)
    assert client.get("/setup/site/").url.startswith("/accounts/reauthenticate/code/")
    assert client.get("/me/access/passkey").url.startswith("/accounts/reauthenticate/code/")
    client.post("/accounts/reauthenticate/code/", {"code": code_of(TOTP, time.time())})
    assert client.get("/setup/site/").status_code == 200


def test_an_overdose_is_started_without_the_second_factor(client, bare):
    sign_in(client, "s01-05")
    assert 'id="surdose"' in client.get("/me/access/").text
    event = ref()
    started = client.post("/overdoses/start", {"event": event, "record_id": ref(), "at": ""})
    assert started.url.startswith(f"/overdoses/{event}/")
    assert client.get(f"/overdoses/{event}/").status_code == 200


def test_after_half_an_hour_away_a_manager_confirms(client, manager):
    client.force_login(manager)
    assert client.get("/setup/site/").status_code == 200
    session = client.session
    session["seen"] -= 31 * 60
    session["account_authentication_methods"] = [
        one | {"at": one["at"] - 31 * 60} for one in session["account_authentication_methods"]
    ]
    session.save()
    assert client.get("/setup/site/").url == "/accounts/reauthenticate/?next=%2Fsetup%2Fsite%2F"
    assert client.get("/overdoses/").status_code == 200
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/setup/site/").status_code == 200


def test_the_last_factor_stays_where_the_role_demands_one(client, manager):
    client.force_login(manager)
    factor = Authenticator.objects.get(user=manager)
    client.post(f"/me/access/factors/{factor.pk}/remove")
    assert Authenticator.objects.filter(pk=factor.pk).exists()
    nurse = Staff.objects.get(code="s01-01")
    theirs = Authenticator.objects.create(user=nurse, type="totp", data={"secret": ""})
    assert client.post(f"/me/access/factors/{theirs.pk}/remove").status_code == 404


def test_a_lost_factor_is_forgotten_by_someone_else(client, site, manager):
    make_staff("systeme", site, "sysadmin")
    client.force_login(Staff.objects.get(code="systeme"))
    other = f"/setup/staff/{manager.pk}/factor"
    why = {"why": "Téléphone perdu"}
    assert client.post(other, why).url.startswith("/accounts/reauthenticate/")
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": other}).status_code == 302
    assert not Authenticator.objects.filter(user=manager).exists()
    assert TrailEntry.objects.filter(action="second factor forgotten", about_id="s01-05").exists()


def test_what_opens_the_doors_is_not_readable_in_the_database(client, manager):
    sign_in(client, "s01-05")
    give_code(client)
    assert TOTP not in str(list(Authenticator.objects.values()))
    assert client.cookies["sessionid"].value not in str(list(StaffSession.objects.values()))
