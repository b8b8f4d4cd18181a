"""Every page tells the browser to refuse what it does not need, by `routes --json`."""

import os
import re
import secrets
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from sites.people.routes import routes
from tests.factories import make_site, make_staff, ref

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
FILLED = {"uuid": ref(), "int": "1", "slug": "csv", "date": "2026-11-20", "str": "2026-11-20"}
SHOWN = [r for r in routes() if "GET" in r["methods"]]
EVERYONE = {"public", "device", "recipient"}


def address(path: str) -> str:
    return re.sub(r"<(\w+):\w+>", lambda found: FILLED.get(found[1], "2026-11-20"), path)


def policy(answer) -> dict[str, list[str]]:
    parts = (part.split() for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


@pytest.fixture(scope="module")
def answers(django_db_setup, django_db_blocker):
    """Every address that answers GET: as who may open it, and as nobody. (route, answer)"""
    with django_db_blocker.unblock(), transaction.atomic():
        yield asked(make_site("H01"))
        transaction.set_rollback(True)


def asked(site) -> list[tuple]:
    people = {}
    for role in ("nurse", "manager", "privacy_officer", "sysadmin", "ph_reader"):
        people[role] = Client(raise_request_exception=False)
        people[role].force_login(make_staff(f"h-{role}", site, role))
    nobody = Client(raise_request_exception=False)
    told = []
    for route in SHOWN:
        path = address(route["path"])
        told += [(route, nobody.get(path))]
        told += [(route, people[role].get(path)) for role in route["roles"] if role in people][:1]
    return told


@pytest.mark.django_db
def test_every_answer_has_every_header(answers):
    assert len(answers) > len(SHOWN)
    for route, answer in answers:
        where = (route["path"], answer.status_code)
        assert answer.status_code < 500 or route["path"] == "/readyz", where
        for name, value in ALWAYS.items():
            assert answer.headers.get(name) == value, (where, name)
        assert "camera=()" in answer.headers["Permissions-Policy"], where
        public = route["path"].startswith(("/bulletin/", "/en/bulletin/", "/api/v1/public/"))
        resource = answer.headers["Cross-Origin-Resource-Policy"]
        assert resource == "same-origin" or public, where
        assert "Server" not in answer.headers, where


@pytest.mark.django_db
def test_every_policy_begins_with_nothing_and_runs_no_text(answers):
    for route, answer in answers:
        rules = policy(answer)
        assert rules["default-src"] == ["'none'"], route["path"]
        assert rules["frame-ancestors"] == rules["base-uri"] == ["'none'"], route["path"]
        assert rules["script-src"] == rules["form-action"] == ["'self'"], route["path"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"], route["path"]
        if route["permission"] in EVERYONE:
            assert rules["require-trusted-types-for"] == ["'script'"], route["path"]


@pytest.mark.django_db
def test_nothing_of_a_person_is_kept_by_a_browser_or_on_the_way(answers):
    for route, answer in answers:
        kept = answer.headers["Cache-Control"]
        if route["permission"] not in EVERYONE:
            assert "no-store" in kept or kept == "no-cache, private", (route["path"], kept)
        elif "public" in kept:
            assert route["path"].startswith(("/bulletin/", "/en/bulletin/", "/api/v1/public/"))


@pytest.mark.django_db
def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(answers):
    cookies = [cookie for _route, answer in answers for cookie in answer.cookies.values()]
    assert cookies
    for cookie in cookies:
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key


@pytest.mark.parametrize("path", ["/nowhere/", "/static/sites/css/ui.css", "/static/nothing.css"])
def test_what_is_no_page_has_them_too(client, site, path):
    answer = client.get(path)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_body_beyond_every_limit_is_not_read(client, site):
    class Endless:
        def read(self, *_size):
            raise AssertionError("read")

    answer = client.generic("POST", "/accounts/login/", b"", CONTENT_LENGTH=str(10**10), wsgi_input=Endless())
    assert answer.status_code == 413


@pytest.mark.parametrize("stated", ["%00", "-1", "1e3", "٣", "9" * 5000, " "])
def test_a_length_that_is_none_is_refused(client, site, stated):
    answer = client.generic("POST", "/accounts/login/", b"login=x", CONTENT_LENGTH=stated)
    assert (answer.status_code, answer["Connection"]) == (400, "close")


# --- Behind TLS --------------------------------------------------------------------------
BEHIND_TLS = {
    "HTTPS": "1", "DEBUG": "0", "ALLOWED_HOSTS": "scs.example", "SECRET_KEY": secrets.token_urlsafe(48),
}  # fmt: skip


def run(*command: str) -> subprocess.CompletedProcess:
    # Set for the browser's tests, and refused by the check.
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    env |= BEHIND_TLS | {"DJANGO_SETTINGS_MODULE": "harmreduction.settings"}
    return subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True)


def test_the_check_of_a_deployment_finds_nothing_and_nothing_is_silenced():
    told = run(sys.executable, "-W", "ignore", "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert (told.returncode, told.stdout.strip()) == (
        0, "System check identified no issues (0 silenced)."
    ), told.stderr  # fmt: skip
