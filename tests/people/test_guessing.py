"""Passwords guessed: counted by account and desk, told apart by nothing."""

import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client

from sites.people.models import Staff
from sites.people.tasks import forget_sessions
from sites.trail.models import TrailEntry
from tests.factories import make_staff
from tests.people.doors import sign_in

WAIT = "Attendre cinq minutes"


@pytest.fixture
def elsewhere():
    return Client()


@pytest.fixture
def hashed(monkeypatch):
    """Every password that was worked on."""
    seen, encode = [], MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *given: seen.append(1) or encode(self, *given)
    )
    return seen


def strip(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def guess(client, code: str, times: int = 5):
    for _attempt in range(times):
        answer = sign_in(client, code, "not this one")
    return answer


def test_guesses_elsewhere_never_slow_a_person_at_their_own_desk(site, client, elsewhere):
    sign_in(client, "s01-01")
    client.post("/accounts/logout/")
    guess(elsewhere, "s01-01")
    assert WAIT in sign_in(elsewhere, "s01-01").text
    assert sign_in(client, "s01-01").url == "/"


def test_guesses_at_one_account_slow_no_other(site, client):
    make_staff("s01-02", site, "worker")
    guess(client, "s01-01", 8)
    assert sign_in(client, "s01-02").url == "/"


def test_a_desk_says_nothing_of_who_is_known_there(site, client):
    sign_in(client, "s01-01")
    assert "s01-01" not in client.cookies["desk"].value
    client.cookies["desk"] = "forged"
    client.post("/accounts/logout/")
    assert sign_in(client, "s01-01").url == "/"


def test_nothing_tells_an_account_that_exists_from_one_that_does_not(site, client, hashed):
    Staff.objects.filter(code="s01-01").update(is_active=False)
    make_staff("s01-02", site)
    answers = {}
    for code in ("s01-01", "s01-02", "nobody-9"):
        hashed.clear()
        pages = [sign_in(client, code, "not this one").text.replace(code, "") for _n in range(6)]
        answers[code] = [strip(page) for page in pages], len(hashed)
    assert answers["s01-01"] == answers["s01-02"] == answers["nobody-9"]
    assert answers["s01-01"][1] == 5


def test_a_refused_password_is_noted_and_what_was_typed_is_not(site, client):
    sign_in(client, "s01-01", "not this one")
    sign_in(client, "Someone's name", "not this one")
    noted = TrailEntry.objects.filter(action="sign-in refused")
    assert [one.about_id for one in noted] == ["s01-01"]
    assert "name" not in str(list(TrailEntry.objects.values())).replace("display_name", "")


def test_guesses_at_many_others_push_no_count_out(site, client, elsewhere):
    guess(client, "s01-01")
    for number in range(400):
        sign_in(elsewhere, f"nobody-{number}", "not this one")
    assert WAIT in sign_in(client, "s01-01").text


def test_counts_that_are_over_are_deleted_and_the_others_still_hold(site, client):
    guess(client, "nobody-1")
    assert counted() == 1
    with connection.cursor() as cursor:
        cursor.execute("update scs_cache set expires = now() - interval '1 second'")
    guess(client, "s01-01")
    forget_sessions()
    assert counted() == 1
    assert WAIT in sign_in(client, "s01-01").text


def counted() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from scs_cache")
        return cursor.fetchone()[0]
