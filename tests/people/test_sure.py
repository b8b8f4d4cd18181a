"""What leaves and who may do what: asked for again, when the password was not given in the last minutes."""

import pytest
from django.test import Client

from harmreduction.pg.scope import acting
from sites.holds.models import LegalHold
from sites.people.models import Staff
from sites.retention.services import place_hold
from tests.factories import PASSWORD, make_staff, sure
from tests.security.places import make_place
from tests.security.probing import filled

# Every address that asks, with the verb and the role; but for files of reports (reports/test_period_views.py)
# and a screen that was lent (kiosk/test_kiosk.py).
ASK = [
    *(("post", role, "/me/password") for role in ("nurse", "manager")),
    ("get", "nurse", "/me/pin"),
    ("post", "nurse", "/me/pin"),
    *(("post", "manager", f"/setup/staff/{path}") for path in (
        "new", "<int:pk>/", "<int:pk>/password", "<int:pk>/pin", "<int:pk>/factor",
    )),
    ("post", "manager", "/setup/tablets/"),
    ("post", "manager", "/setup/tablets/<uuid:device>/again"),
    ("get", "manager", "/imports/<uuid:imported>/problems.csv"),
    ("get", "manager", "/registers/incidents/pdf"),
    ("get", "manager", "/registers/incidents/1/pdf"),
    ("post", "manager", "/returns/2026-09/make"),
    ("post", "manager", "/returns/2026-09/give"),
    ("post", "manager", "/releases/handover/x/"),
    ("post", "manager", "/signals/<int:pk>/send"),
    ("get", "privacy_officer", "/oversight/trail/csv"),
    ("get", "privacy_officer", "/releases/disclosures/csv"),
    ("post", "privacy_officer", "/releases/recipients/1/token"),
    ("post", "privacy_officer", "/releases/recipients/1/push"),
    ("post", "privacy_officer", "/releases/register/sign"),
    ("post", "privacy_officer", "/retention/sign"),
    ("post", "privacy_officer", "/retention/run"),
    ("post", "privacy_officer", "/retention/holds/<uuid:ref>/lift"),
]  # fmt: skip


def asks(answer) -> bool:
    return answer.status_code == 302 and "/reauthenticate/" in answer.url


@pytest.fixture
def people(site) -> dict[str, Client]:
    clients = {role: Client() for role in ("manager", "privacy_officer")}
    for role, client in clients.items():
        client.force_login(make_staff(f"x-{role}", site, role))
    return clients


def test_every_address_that_asks(db):
    place = make_place("S01")
    hold = LegalHold(site=place.site, reason="ordonnance")
    with acting(sites=[place.site.pk]):
        place_hold(hold, by="s01-05")
    place.things["retention/holds"] = str(hold.ref)
    clients = {role: Client() for role in ("nurse", "manager", "privacy_officer")}
    for role, client in clients.items():
        client.force_login(make_staff(f"x-{role}", place.site, role))
    tablet = {"label": "Salle", "place": "room"}
    answers = {way: getattr(clients[way[1]], way[0])(filled(way[2], place), tablet) for way in ASK}
    assert [way for way, answer in answers.items() if not asks(answer)] == []


def test_the_code_of_a_tablet_comes_after_the_password(people):
    manager, tablet = people["manager"], {"label": "Salle", "place": "room"}
    asked = manager.post("/setup/tablets/", tablet)
    page = manager.post(asked.url, {"password": PASSWORD, "next": "/setup/tablets/"})
    assert page.context["label"] == "Salle"
    assert page.context["address"].startswith("http://testserver/tablet/#")


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
