from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.people.devices import device_of
from sites.people.enrolment import LETTERS, MAX_TRIES, enrol_with, make_code, typed
from sites.people.models import Device, EnrolmentCode
from sites.people.terms import TabletPlace
from sites.trail.models import TrailEntry
from tests import factories

OWN, OTHERS = "A-_" + "b" * 40, "C" * 43


@pytest.fixture
def manager(site, client):
    client.force_login(factories.make_staff("s01-05", site, "manager"))
    return factories.sure(client)


def test_a_code_lets_one_tablet_in_once(site):
    code = make_code(site, by="s01-05", label="Salle", place=TabletPlace.ROOM)
    with acting(sites=()):
        device, token = enrol_with(code.lower().replace("-", " "))
        assert enrol_with(code) is None
        assert device_of(token).site == site
    assert (device.label, device.place) == ("Salle", "room")
    assert TrailEntry.objects.get(action="tablet enrolled").actor == "s01-05"


def test_no_part_of_the_secret_half_is_kept(site):
    secret = make_code(site, by="s01-05").split("-")[1]
    assert secret not in str(EnrolmentCode.objects.values().get())


def test_a_code_is_worth_ten_minutes(site):
    code = make_code(site, by="s01-05")
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert enrol_with(code) is None
        make_code(site, by="s01-05")
    assert EnrolmentCode.objects.count() == 1  # the one that is over is gone


def test_five_wrong_tries_end_a_code(site):
    code = make_code(site, by="s01-05")
    name, secret = code.split("-")
    for sign in [s for s in LETTERS if s != secret[0]][:MAX_TRIES]:
        assert enrol_with(name + sign + secret[1:]) is None
    assert enrol_with(code) is None
    assert Device.objects.count() == 0


@pytest.mark.parametrize("text", ["", "AAAA", "AAAA-AAAA", "é" * 50, "\x00"])
def test_a_code_that_nobody_made_opens_nothing(site, text):
    assert enrol_with(text) is None


def test_a_code_is_read_however_it_is_typed():
    assert typed(" k7qm–3f9z ") == "K7QM3F9Z"


def enrol_over_http(client, code: str, token: object) -> tuple[int, dict]:
    body = {"code": code, "token": token}
    answer = client.post("/api/v1/tablet/enrol", body, content_type="application/json")
    return answer.status_code, answer.json()


def test_a_tablet_that_lost_the_answer_is_told_it_again(site, client):
    code = make_code(site, by="s01-05", label="Salle")
    told = [enrol_over_http(client, code, OWN) for _twice in range(2)]
    assert told[0] == told[1]
    assert told[0][0] == 200
    assert told[0][1]["device"]["token"] == OWN
    assert device_of(OWN) == Device.objects.get()
    assert enrol_over_http(client, code, OTHERS)[0] == 403


def test_a_token_of_before_takes_no_other_code(site, client):
    enrol_over_http(client, make_code(site, by="s01-05"), OWN)
    second = make_code(site, by="s01-05", label="Salle")
    Device.objects.update(revoked_at=timezone.now())
    assert enrol_over_http(client, second, OWN)[0] == 403
    assert enrol_over_http(client, second, OTHERS)[1]["device"]["label"] == "Salle"


@pytest.mark.parametrize("token", ["short", "é" * 43, "A" * 44, " " * 43, 7, None, ["A" * 43]])
def test_a_token_that_nobody_drew_is_refused(site, client, token):
    code = make_code(site, by="s01-05")
    assert enrol_over_http(client, code, token)[0] == 422
    assert enrol_with(code)


# --- The manager's pages -----------------------------------------------------------------
def test_the_manager_is_told_a_code_once_as_text_and_image(manager, site):
    page = manager.post("/setup/tablets/", {"label": "Accueil", "place": "counter"})
    code = page.context["code"]
    assert code in page.content.decode()
    assert page.context["address"].endswith(f"/tablet/#{code}")
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert code not in manager.get("/setup/tablets/").content.decode()
    assert enrol_with(code)[0].label == "Accueil"


def test_a_tablet_is_named_placed_and_revoked(manager, site):
    device, _token = enrol_with(make_code(site, by="s01-05", label="Accueil"))
    address = f"/setup/tablets/{device.uuid}/"
    assert manager.post(address, {"label": "Salle", "place": "elsewhere"}).status_code == 422
    assert manager.post(address, {"label": "Salle", "place": "room"}).status_code == 302
    assert manager.post(f"{address}revoke").status_code == 302
    device.refresh_from_db()
    assert (device.label, device.place) == ("Salle", "room")
    assert device.revoked_at is not None


def test_enrolling_again_revokes_the_tablet_that_was_there(manager, site):
    old, _token = enrol_with(make_code(site, by="s01-05", label="Accueil", place="room"))
    code = manager.post(f"/setup/tablets/{old.uuid}/again").context["code"]
    assert Device.objects.get(pk=old.pk).revoked_at is None
    new, _token = enrol_with(code)
    assert (new.label, new.place) == ("Accueil", "room")
    assert Device.objects.get(pk=old.pk).revoked_at is not None


def test_when_a_tablet_was_last_seen_is_kept_by_the_minute(manager, site):
    device, token = enrol_with(make_code(site, by="s01-05", label="Accueil"))
    assert "pas encore vue" in manager.get("/setup/tablets/").content.decode()
    for _n in range(2):
        device_of(token)
    device.refresh_from_db()
    seen = device.last_seen_at
    assert timezone.now() - seen < timedelta(minutes=1)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert device_of(token).pk == device.pk
        device.refresh_from_db()
        assert device.last_seen_at > seen
    assert "vue le" in manager.get("/setup/tablets/").content.decode()


def test_another_sites_tablet_is_not_there(manager, other_site):
    with acting(sites=[other_site.pk]):
        theirs, _token = enrol_with(make_code(other_site, by="s02-05"))
    for act in ("", "again", "revoke"):
        assert manager.post(f"/setup/tablets/{theirs.uuid}/{act}", {}).status_code == 404
