import pytest

from sites.people.models import Staff
from tests.factories import PASSWORD, make_site, make_staff


def sign_in(client, code, password=PASSWORD):
    return client.post("/accounts/login/", {"login": code, "password": password})


def test_a_person_signs_in_with_a_code_and_a_password(site, client):
    assert sign_in(client, "s01-01").url == "/"
    page = client.get("/")
    assert page.status_code == 200
    assert "Personne s01-01" in page.text


def test_a_wrong_password_is_said_in_plain_words(site, client):
    page = sign_in(client, "s01-01", "not this one")
    assert "Ce code et ce mot de passe ne vont pas ensemble." in page.text


def test_the_sixth_wrong_password_waits(site, client):
    for _attempt in range(5):
        sign_in(client, "s01-01", "not this one")
    assert "Attendre cinq minutes" in sign_in(client, "s01-01").text


def test_an_inactive_account_stays_outside(site, client):
    Staff.objects.filter(code="s01-01").update(is_active=False)
    sign_in(client, "s01-01")
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("path", ["signup", "email", "password/reset", "password/change", "reauthenticate"])
def test_what_needs_e_mail_is_not_there(site, client, path):
    assert client.get(f"/accounts/{path}/").status_code in (302, 404)
    assert client.get(f"/accounts/{path}/", follow=True).redirect_chain in (
        [],
        [(f"/accounts/login/?next=/accounts/{path}/", 302)],
    )


def test_the_language_follows_the_person(nurse):
    assert nurse.post("/language", {"language": "en", "next": "/review/"}).url == "/review/"
    page = nurse.get("/accounts/logout/")
    assert '<html lang="en"' in page.text
    assert Staff.objects.get(code="s01-01").language == "en"


def test_the_language_before_sign_in_is_a_cookie(site, client):
    client.post("/language", {"language": "en", "next": "https://elsewhere.example/"})
    assert '<html lang="en"' in client.get("/accounts/login/").text


def test_going_back_never_leaves_the_product(site, client):
    answer = client.post("/language", {"language": "en", "next": "https://elsewhere.example/"})
    assert answer.url == "/"


def test_a_language_we_do_not_speak_is_refused(site, client):
    assert client.post("/language", {"language": "xx"}).status_code == 400


def test_a_page_that_is_not_there_says_so(nurse):
    page = nurse.get("/nowhere/")
    assert page.status_code == 404
    assert "Cette page n’existe pas ici." in page.text


def test_pages_hold_no_inline_script_or_style(nurse):
    text = nurse.get("/").text
    assert "<script>" not in text
    assert "style=" not in text
    assert "onclick" not in text


def test_the_bar_names_the_service_day_and_closing_time(nurse):
    assert "jusqu’à 2 h" in nurse.get("/").text


def test_who_may_not_record_an_overdose_has_no_alarm(db, client):
    make_site("S01")
    client.force_login(make_staff("reader-1", role="ph_reader"))
    assert 'id="surdose"' not in client.get("/accounts/logout/").text
