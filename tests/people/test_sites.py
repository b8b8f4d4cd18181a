"""Moving between the sites where one is posted."""

from datetime import date

import pytest
from django.test import Client

from harmreduction.pg.scope import acting
from sites.people.models import Posting, Staff
from tests.factories import make_site


@pytest.fixture
def posted_twice(site):
    other, third = make_site("S02"), make_site("S03")
    staff = Staff.objects.get(code="s01-01")
    with acting(sites=[other.pk]):
        Posting.objects.create(site=other, staff=staff, since=date(2020, 1, 1))
    client = Client()
    client.force_login(staff)
    return client, other, third


def test_one_moves_to_another_of_ones_sites_and_to_no_other(posted_twice):
    client, other, third = posted_twice
    page = client.get("/").content.decode()
    assert "Site S01" in page
    assert 'value="S02"' in page
    assert third.code not in page
    assert client.post("/site", {"site": other.code}).status_code == 302
    assert client.get("/api/v1/board").status_code == 401
    assert '<span class="here"><strong>Site S02</strong>' in client.get("/").content.decode()
    for code in (third.code, "", "\x00", "S99"):
        assert client.post("/site", {"site": code}).status_code in {400, 404}
