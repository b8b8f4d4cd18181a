"""What leaves and who may do what: asked for again, when the password was not given in the last minutes."""

import pytest
from django.test import Client

from sites.people.models import Staff
from tests.factories import make_staff, sure


def asks(answer) -> bool:
    return answer.status_code == 302 and "/reauthenticate/" in answer.url


@pytest.fixture
def people(site) -> dict[str, Client]:
    clients = {role: Client() for role in ("manager", "privacy_officer")}
    for role, client in clients.items():
        client.force_login(make_staff(f"x-{role}", site, role))
    return clients


def test_a_change_of_role_waits_for_the_password(people, site):
    nurse = Staff.objects.get(code="s01-01")
    typed = {"display_name": "Soins", "role": "shift_lead", "language": "fr-ca", "is_active": "on"}
    typed |= {"posted": [site.pk]}
    path = f"/setup/staff/{nurse.pk}/"
    assert asks(people["manager"].post(path, typed))
    nurse.refresh_from_db()
    assert nurse.role == "nurse"
    assert sure(people["manager"]).post(path, typed).url == "/setup/staff/"
    nurse.refresh_from_db()
    assert nurse.role == "shift_lead"


@pytest.mark.parametrize("path", ["/oversight/trail/csv", "/releases/disclosures/csv"])
def test_a_file_waits_for_the_password(people, path):
    officer = people["privacy_officer"]
    assert asks(officer.get(path))
    assert sure(officer).get(path).headers["Content-Disposition"].startswith("attachment")


def test_after_five_minutes_it_is_asked_again(people):
    officer = sure(people["privacy_officer"])
    session = officer.session
    session["account_authentication_methods"] = [
        one | {"at": one["at"] - 301} for one in session["account_authentication_methods"]
    ]
    session.save()
    assert asks(officer.get("/oversight/trail/csv"))
