"""One's own password, access given back by someone else, and the first account of all."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from sites.people.models import Posting, Staff
from sites.trail.models import TrailEntry
from tests.factories import PASSWORD, make_staff, sure
from tests.people.doors import sign_in

NEW = "tavok relum sipan dokel"


def typed(password=NEW, again=None) -> dict:
    return {"password": password, "again": password if again is None else again}


@pytest.fixture
def nurse(client, site):
    sign_in(client, "s01-01")
    return sure(client)


def test_a_new_password_opens_and_the_old_one_no_longer_does(nurse):
    assert nurse.post("/me/password", typed()).status_code == 302
    staff = Staff.objects.get(code="s01-01")
    assert (staff.check_password(NEW), staff.check_password(PASSWORD)) == (True, False)
    entry = TrailEntry.objects.get(action="password set")
    assert (entry.actor, entry.about_id) == ("s01-01", "s01-01")


def test_this_session_goes_on_and_every_other_ends(nurse):
    elsewhere = Client()
    sign_in(elsewhere, "s01-01")
    assert elsewhere.get("/me/access/").status_code == 200
    nurse.post("/me/password", typed())
    assert nurse.get("/me/access/").status_code == 200
    assert elsewhere.get("/me/access/").status_code == 302


def test_the_old_password_is_asked_first(client, site):
    client.force_login(Staff.objects.get(code="s01-01"))
    assert "reauthenticate" in client.get("/me/password")["Location"]
    assert "reauthenticate" in client.post("/me/password", typed())["Location"]
    assert Staff.objects.get(code="s01-01").check_password(PASSWORD)


@pytest.mark.parametrize(
    "wrong",
    [
        typed("kourt"),
        typed("password1234"),
        typed("s01-01s01-01"),
        typed(NEW, "autre chose"),
        typed(PASSWORD),
    ],
)
def test_a_weak_or_mistyped_one_is_refused_and_never_shown(nurse, wrong):
    answer = nurse.post("/me/password", wrong)
    assert answer.status_code == 422
    assert wrong["password"] not in answer.text
    assert Staff.objects.get(code="s01-01").check_password(PASSWORD)


# --- Given back by someone else ------------------------------------------------------------
@pytest.fixture
def lost(site):
    return make_staff("s01-06", site, "manager")


@pytest.fixture
def manager(client, site):
    client.force_login(make_staff("s01-05", site, "manager"))
    return sure(client)


def test_a_second_factor_is_forgotten_by_another_manager_who_says_why(manager, lost):
    address = f"/setup/staff/{lost.pk}/factor"
    manager.post(address, {"why": " "})
    assert lost.authenticator_set.exists()
    manager.post(address, {"why": "Téléphone perdu; reconnue à la porte."})
    assert not lost.authenticator_set.exists()
    entry = TrailEntry.objects.get(action="second factor forgotten")
    assert (entry.actor, entry.about_id, entry.why) == (
        "s01-05",
        "s01-06",
        "Téléphone perdu; reconnue à la porte.",
    )


def test_nobody_forgets_their_own(manager, site):
    me = Staff.objects.get(code="s01-05")
    assert manager.post(f"/setup/staff/{me.pk}/factor", {"why": "x"}).status_code == 403
    assert me.authenticator_set.exists()


def test_on_the_server_access_is_given_back_with_a_reason(lost, capsys):
    call_command("recover_access", "s01-06", why="Seule gestionnaire; demandé par le conseil.")
    password = re.search(r"[a-z]{5}(-[a-z]{5}){3}", capsys.readouterr().out)[0]
    lost.refresh_from_db()
    assert lost.check_password(password)
    assert not lost.authenticator_set.exists()
    assert TrailEntry.objects.filter(why__startswith="Seule gestionnaire").exists()
    with pytest.raises(CommandError):
        call_command("recover_access", "personne", why="x")


# --- The first account -----------------------------------------------------------------------
def test_the_first_account_signs_in_and_makes_the_others(site, client, capsys):
    call_command("first_account", "s01-00", site="S01")
    password = re.search(r"[a-z]{5}(-[a-z]{5}){3}", capsys.readouterr().out)[0]
    first = Staff.objects.get(code="s01-00")
    assert (first.role, first.check_password(password)) == ("sysadmin", True)
    assert Posting.objects.at(site).filter(staff=first, until=None).exists()
    client.post("/accounts/login/", {"login": "s01-00", "password": password})
    assert client.get("/setup/staff/")["Location"].startswith("/me/access/")


def test_there_is_one_first_account(site):
    call_command("first_account", "s01-00", site="S01")
    with pytest.raises(CommandError, match="s01-00"):
        call_command("first_account", "s01-99", site="S01")


@pytest.mark.parametrize("wrong", [{"code": "É à"}, {"code": "s01-01"}, {"site": "S99"}])
def test_a_first_account_that_cannot_be_is_refused(site, wrong):
    said = {"code": "s01-00", "site": "S01"} | wrong
    with pytest.raises(CommandError):
        call_command("first_account", said.pop("code"), **said)
    assert not Staff.objects.filter(role="sysadmin").exists()


def test_a_manager_makes_nobody_who_gives_every_role(manager, site):
    made = {
        "code": "s01-77",
        "display_name": "Système",
        "role": "sysadmin",
        "language": "fr-ca",
        "posted": [site.pk],
    }
    assert manager.post("/setup/staff/new", made).status_code == 422
    assert not Staff.objects.filter(code="s01-77").exists()
    system = make_staff("systeme", site, "sysadmin")
    assert manager.post(f"/setup/staff/{system.pk}/password").status_code == 403
