"""What a manager does with a signal: acknowledge, warn the boards, send words to the region."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.people.devices import enrol
from sites.places.models import Organisation
from sites.places.queries import today
from sites.recipients.models import Disclosure
from sites.recipients.services import add_recipient
from sites.releases.models import ExternalFigure
from sites.signals import queries
from sites.signals.forms import small_counts
from sites.signals.models import Signal, SignalFinding, SignalMessage, SupplyWarning
from sites.signals.terms import Method
from tests.factories import PASSWORD, make_staff


def warnings_at(site) -> list[SupplyWarning]:
    site.refresh_from_db()
    return queries.warnings_at(site)


@pytest.fixture
def manager(site) -> Client:
    return _client(make_staff("s01-mgr", site, "manager"))


def _client(staff) -> Client:
    client = Client()
    client.force_login(staff)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def signal(site) -> Signal:
    at = timezone.now()
    made = Signal.objects.create(site=site, subject="frequency", since=at, raised_at=at, last_at=at)
    SignalFinding.objects.create(
        site=site, signal=made, method=Method.ROLLING_24H, since=at, found_at=at, data_cutoff=at, observed=6,
        expected=1.2, p=0.0003, parameters={"threshold": 4, "chosen": False, "hours": 24}, false_alarms=3,
        watched_days=365,
    )  # fmt: skip
    return made


def test_a_signal_says_what_why_and_how_often_it_is_wrong(manager, signal):
    page = manager.get("/signals/").content.decode()
    assert "Plus de surdoses présumées que d’habitude" in page
    assert "6 surdoses présumées en 24 heures; seuil du site : 4, habituel par jour : 1,2." in page
    assert "3 signaux de cette méthode dans les 365 jours d’avant" in page
    assert "0,0003" in page
    assert '<span class="count num">1' in page


def test_acknowledging_twice_keeps_the_first(manager, signal):
    for _twice in range(2):
        assert manager.post(f"/signals/{signal.pk}/acknowledge").status_code == 302
    signal.refresh_from_db()
    assert signal.acknowledged_by == "s01-mgr"
    assert "Déjà vus" in manager.get("/signals/").content.decode()


def test_who_may_not_is_refused_and_another_site_is_not_there(site, other_site, signal):
    nurse = _client(make_staff("s01-09", site))
    assert nurse.get("/signals/").status_code == 403
    assert nurse.post(f"/signals/{signal.pk}/acknowledge").status_code == 403
    elsewhere = _client(make_staff("s02-mgr", other_site, "manager"))
    assert elsewhere.post(f"/signals/{signal.pk}/acknowledge").status_code == 404
    assert elsewhere.get(f"/signals/{signal.pk}/send").status_code == 404


def warn(client, site, **typed):
    data = {"text_fr": "Médétomidine dans la région.", "text_en": "Medetomidine around.",
            "ends_on": (today(site) + timedelta(days=3)).isoformat()}  # fmt: skip
    return client.post("/warnings/new", data | typed)


def test_a_warning_is_on_the_board_in_each_language_until_it_is_read(manager, site):
    assert warn(manager, site).status_code == 302
    nurse = make_staff("s01-09", site)
    client = _client(nurse)
    assert "Médétomidine dans la région." in client.get("/").content.decode()
    nurse.language = "en"
    nurse.save()
    board = client.get("/").content.decode()
    assert "Medetomidine around." in board
    (warning,) = warnings_at(site)
    client.post(f"/warnings/{warning.pk}/read")
    board = client.get("/").content.decode()
    assert 'class="warn read"' in board
    assert "Medetomidine around." in board
    assert 'class="warn"' in manager.get("/").content.decode()


def test_a_live_board_and_a_tablet_hear_of_a_warning(manager, site, client):
    _device, token = enrol(site)
    headers = {"Authorization": f"Device {token}"}
    before = client.get("/api/v1/tablet/room", headers=headers)
    tag = manager.get("/board/live").headers["ETag"]
    warn(manager, site)
    assert manager.get("/board/live", headers={"If-None-Match": tag}).status_code == 200
    room = client.get(
        "/api/v1/tablet/room", headers=headers | {"If-None-Match": before.headers["ETag"]}
    ).json()
    assert [w["text_en"] for w in room["warnings"]] == ["Medetomidine around."]


def test_a_warning_for_everyone_reaches_the_sites_of_the_organisation_alone(manager, site, other_site):
    warn(manager, site, everywhere="on")
    stranger = Organisation.objects.create(name_fr="Ailleurs")
    with acting(sites=[other_site.pk]):
        assert len(warnings_at(other_site)) == 1
        other_site.organisation = stranger
        other_site.save()
        assert not warnings_at(other_site)
        assert not SupplyWarning.objects.exists()


def test_a_warning_of_one_site_stays_there_and_ends(manager, site, other_site):
    warn(manager, site)
    with acting(sites=[other_site.pk]):
        assert not SupplyWarning.objects.exists()
    (warning,) = warnings_at(site)
    warning.ends_on = today(site) - timedelta(days=1)
    warning.save()
    assert not warnings_at(site)


def test_a_withdrawn_warning_is_gone_and_stays_written_down(manager, site):
    warn(manager, site)
    (warning,) = warnings_at(site)
    manager.post(f"/warnings/{warning.pk}/withdraw")
    assert not warnings_at(site)
    assert "retirée le" in manager.get("/signals/").content.decode()


@pytest.mark.parametrize("typed", [{"text_en": ""}, {"ends_on": "2020-01-01"}, {"ends_on": "2099-01-01"}])
def test_a_warning_needs_both_languages_and_an_end_that_is_near(manager, site, typed):
    answer = warn(manager, site, **typed)
    assert answer.status_code == 422
    assert not warnings_at(site)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Depuis le 2026-11-03, 21 h 07, plus de 12 événements", []),
        ("3 surdoses", ["3"]),
        ("Trois surdoses présumées et 40 visites", ["Trois"]),
        ("More than eight", ["eight"]),
        ("R01, S01, une hausse de 10 à 25", []),
    ],
)
def test_small_counts_are_found_in_words_too(text, found):
    assert small_counts(text) == found


def test_sending_writes_it_down_everywhere_and_names_both(manager, signal, site):
    recipient, _token = add_recipient("DRSP", "Surveiller", basis="entente", by="x")
    page = manager.get(f"/signals/{signal.pk}/send")
    assert page.status_code == 200, page.headers
    draft = page.context["form"].initial
    assert "Site S01" in draft["text_fr"]
    assert small_counts(draft["text_fr"]) == small_counts(draft["text_en"]) == []
    assert not Disclosure.objects.exists()
    typed = draft | {"recipient": recipient.pk, "to_person": "Garde en santé publique"}
    sent = manager.post(f"/signals/{signal.pk}/send", typed)
    assert sent.status_code == 302
    (message,) = SignalMessage.objects.all()
    (line,) = Disclosure.objects.all()
    assert (line.recipient, line.by, line.way, line.sha256) == ("DRSP", "s01-mgr", "message", message.sha256)
    assert line.why == "Personne s01-mgr → Garde en santé publique"
    assert message.text_fr in manager.get(sent.url).content.decode().replace("<br>", "\n")
    figures = ExternalFigure.objects.all()
    assert {f.indicator for f in figures} == {"reversals", "visits_with_emergency"}
    assert all(f.lower == 0 and f.upper > 1000 for f in figures)


def test_a_message_with_a_small_count_does_not_leave(manager, signal):
    recipient, _token = add_recipient("DRSP", "Surveiller", basis="entente", by="x")
    typed = {"recipient": recipient.pk, "to_person": "A", "from_person": "B", "text_fr": "6 en 24 heures"}
    assert manager.post(f"/signals/{signal.pk}/send", typed).status_code == 422
    assert not Disclosure.objects.exists()
