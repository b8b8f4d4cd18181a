"""A password that someone else told: it opens for some days, and only the way to choose another."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from sites.people.models import Staff
from tests.factories import make_staff, sure
from tests.people.doors import sign_in

OWN = "tavok relum sipan dokel"
WORDS = re.compile(r"[a-z]{5}(?:-[a-z]{5}){3}")


@pytest.fixture
def told(site) -> str:
    manager = Client()
    manager.force_login(make_staff("s01-05", site, "manager"))
    nurse = Staff.objects.get(code="s01-01")
    page = sure(manager).post(f"/setup/staff/{nurse.pk}/password").text
    return WORDS.search(page)[0]


def test_it_opens_the_way_to_choose_ones_own_and_then_the_page_that_was_asked_for(client, told):
    sign_in(client, "s01-01", told)
    answer = client.get("/counter/")
    assert answer["Location"] == "/me/password?next=%2Fcounter%2F"
    assert "Le vôtre vous a été dit" in client.get(answer["Location"]).text
    chosen = client.post(answer["Location"], {"password": OWN, "again": OWN})
    assert chosen["Location"] == "/counter/"
    assert client.get("/counter/").status_code == 200
    again = Client()
    sign_in(again, "s01-01", OWN)
    assert again.get("/counter/").status_code == 200


def test_an_emergency_does_not_wait_for_it(client, told):
    sign_in(client, "s01-01", told)
    assert client.post("/overdoses/start", {}).status_code == 302
    assert client.get("/overdoses/").status_code == 200


def test_after_a_week_it_is_over_and_only_who_knows_it_hears_so(client, told):
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert "ne vaut plus" in sign_in(client, "s01-01", told).text
        assert "ne vaut plus" not in sign_in(client, "s01-01", "autre").text
        assert client.get("/counter/")["Location"].startswith("/accounts/login/")


def test_one_that_is_ones_own_does_not_end(client, site):
    with time_machine.travel(timezone.now() + timedelta(days=400), tick=False):
        sign_in(client, "s01-01")
        assert client.get("/counter/").status_code == 200


def test_no_other_place_is_led_to_afterwards(client, told):
    sign_in(client, "s01-01", told)
    chosen = client.post("/me/password?next=//x.example/", {"password": OWN, "again": OWN})
    assert chosen["Location"] == "/me/access/"
