"""The site's protocol: entered by its manager, dated, never changed; nothing is timed without it."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from sites.overdoses.models import Protocol
from sites.overdoses.protocol import protocol_of
from sites.people.devices import enrol
from sites.places.queries import today
from sites.tablet.setup import setup_of
from sites.trail.models import TrailEntry
from tests.overdoses.story import make_protocol

PAGE = "/setup/protocol/"


@pytest.fixture
def manager(signed_in):
    return signed_in("manager")


def typed(page: str, **changes) -> dict:
    names = [part.split('"')[0] for part in page.split('name="')[1:]]
    blank = {name: "" for name in names if name.startswith("after-")}
    nasal = next(name for name in blank if name.endswith("-in"))
    return blank | {
        "version": "2", "valid_from": "2026-03-03", "director": "médecin responsable",
        "goal_fr": "Le but : respirer, pas s’éveiller.", "goal_en": "", "text_fr": "Ventiler d’abord.",
        "text_en": "", "breath_s": "5", nasal: "2:30", **changes,
    }  # fmt: skip


def test_a_manager_enters_a_version_that_tablets_then_show(site, manager):
    device, _token = enrol(site, "")
    assert setup_of(device)["protocol"] is None
    page = manager.get(PAGE).content.decode()
    assert manager.post(PAGE, typed(page)).status_code == 302
    told = setup_of(device)["protocol"]
    assert told["intervals"] == {"nal-in-4": {"in": 150}}
    assert (told["version"], told["valid_from"], told["breath_s"]) == ("2", "2026-03-03", 5)
    assert "Protocole v2, 3 mars 2026, médecin responsable" in manager.get(PAGE).content.decode()
    assert TrailEntry.objects.get(action="protocol entered").actor == "s01-manager"


def test_a_version_is_never_entered_twice_nor_changed(site, manager):
    make_protocol(site)
    page = manager.get(PAGE).content.decode()
    refused = manager.post(PAGE, typed(page, director="autre"))
    assert refused.status_code == 422
    assert "Cette version est déjà entrée" in refused.content.decode()
    with pytest.raises(DatabaseError), transaction.atomic():
        Protocol.objects.update(director="autre")


@pytest.mark.parametrize(
    ("name", "text"),
    [("breath_s", "1"), ("breath_s", "99"), ("valid_from", "1850-01-01"), ("text_fr", ""), ("version", "é/")],
)
def test_what_cannot_be_is_shown_again_with_what_was_typed(site, manager, name, text):
    page = manager.get(PAGE).content.decode()
    refused = manager.post(PAGE, typed(page, **{name: text}))
    assert refused.status_code == 422
    assert "médecin responsable" in refused.content.decode()
    assert not Protocol.objects.exists()


@pytest.mark.parametrize("text", ["deux", "0:10", "90:00", "2:75", "-3"])
def test_an_interval_is_minutes_and_seconds(site, manager, text):
    page = manager.get(PAGE).content.decode()
    names = [name for name in typed(page) if name.startswith("after-")]
    assert manager.post(PAGE, typed(page, **{names[0]: text})).status_code == 422


def test_a_version_waits_for_its_day(site):
    first = make_protocol(site)
    make_protocol(site, version="3", valid_from=today(site) + timedelta(days=2))
    assert protocol_of(site) == first
    assert protocol_of(site, date(2099, 1, 1)).version == "3"


def test_a_nurse_enters_no_protocol(nurse):
    assert nurse.get(PAGE).status_code == 403
