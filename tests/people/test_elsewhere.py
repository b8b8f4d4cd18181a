"""An account opens every site where its owner works: who manages one of them does not change it alone."""

from html import unescape

import pytest
from django.test import Client

from harmreduction.pg.scope import acting
from sites.people.models import Pin, Posting, Staff, StaffSession
from sites.people.services import post
from sites.places.queries import today
from tests.factories import PASSWORD, make_staff, sure

ACTS = ["password", "factor", "sessions", "pin"]
WORDS = "travaille à un autre site"


@pytest.fixture
def manager(site, client) -> Client:
    client.force_login(make_staff("s01-05", site, "manager"))
    return sure(client)


@pytest.fixture
def nurse(site) -> Staff:
    return Staff.objects.get(code="s01-01")


@pytest.fixture(params=["both", "there"])
def elsewhere(request, nurse, site, other_site) -> Staff:
    """Works at both sites, or at the other alone after this one."""
    with acting(sites=[other_site.pk]):
        post(nurse, other_site, by="s02-05")
    if request.param == "there":
        Posting.objects.at(site).filter(staff=nurse).update(until=today(site))
    Client().force_login(nurse)
    return nurse


def typed(*sites, **changes) -> dict:
    account = {"display_name": "Soins", "role": "nurse", "language": "fr-ca", "is_active": "on"}
    return account | {"posted": [site.pk for site in sites]} | changes


def works_here(staff: Staff, site) -> bool:
    return Posting.objects.at(site).filter(staff=staff, until=None).exists()


@pytest.mark.parametrize("act", ACTS)
def test_nothing_by_which_someone_comes_in_elsewhere_is_changed(manager, elsewhere, act):
    answer = manager.post(f"/setup/staff/{elsewhere.pk}/{act}", {"why": "Téléphone perdu"})
    assert answer.status_code == 403
    assert WORDS in unescape(answer.text)
    elsewhere.refresh_from_db()
    assert elsewhere.check_password(PASSWORD)
    assert StaffSession.objects.filter(staff=elsewhere).exists()
    assert not Pin.objects.filter(staff=elsewhere).exists()


@pytest.mark.parametrize("act", ACTS)
def test_the_page_says_why_and_offers_none_of_it(manager, elsewhere, act):
    page = unescape(manager.get(f"/setup/staff/{elsewhere.pk}/").text)
    assert WORDS in page
    assert f"/setup/staff/{elsewhere.pk}/{act}" not in page


def test_of_such_an_account_only_the_work_here_is_said(manager, elsewhere, site, other_site):
    raised = typed(site, role="shift_lead", display_name="Chef")
    for wrong in (raised, raised | {"is_active": ""}):
        assert manager.post(f"/setup/staff/{elsewhere.pk}/", wrong).status_code == 302
        elsewhere.refresh_from_db()
        kept = (elsewhere.role, elsewhere.display_name, elsewhere.is_active)
        assert kept == ("nurse", "Personne s01-01", True)
        assert works_here(elsewhere, site)
    assert manager.post(f"/setup/staff/{elsewhere.pk}/", typed()).status_code == 302
    assert not works_here(elsewhere, site)
    with acting(sites=[other_site.pk]):
        assert works_here(elsewhere, other_site)


def test_a_fellow_managers_factor_is_not_the_way_into_their_other_site(manager, site, other_site):
    fellow = make_staff("s01-06", site, "manager")
    with acting(sites=[other_site.pk]):
        post(fellow, other_site, by="systeme")
    assert manager.post(f"/setup/staff/{fellow.pk}/factor", {"why": "Perdu"}).status_code == 403
    assert fellow.authenticator_set.exists()


@pytest.mark.parametrize("who", ["manager of both", "sysadmin"])
def test_who_manages_every_site_of_theirs_or_the_system_changes_it(client, elsewhere, site, other_site, who):
    if who == "sysadmin":
        boss = make_staff("systeme", site, "sysadmin")
    else:
        boss = make_staff("s01-06", site, "manager")
        with acting(sites=[other_site.pk]):
            post(boss, other_site, by="systeme")
    client.force_login(boss)
    page = sure(client).post(f"/setup/staff/{elsewhere.pk}/password")
    elsewhere.refresh_from_db()
    assert elsewhere.check_password(page.context["password"])
    assert WORDS not in unescape(client.get(f"/setup/staff/{elsewhere.pk}/").text)


def test_who_works_nowhere_any_more_is_taken_back_or_closed(manager, nurse, site):
    Posting.objects.at(site).filter(staff=nurse).update(until=today(site))
    address = f"/setup/staff/{nurse.pk}/"
    assert manager.post(address, typed(site, role="worker")).status_code == 302
    nurse.refresh_from_db()
    assert (nurse.role, works_here(nurse, site)) == ("worker", True)
    assert manager.post(f"{address}password").status_code == 200
    assert manager.post(address, typed(role="worker", is_active="")).status_code == 302
    nurse.refresh_from_db()
    assert (nurse.is_active, works_here(nurse, site)) == (False, False)
