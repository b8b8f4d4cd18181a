"""A screen lent to a person: what it shows, what it may do, and that it opens nothing else."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from sites.clients.models import Agreement, Client
from sites.holds.models import LegalHold
from sites.kiosk.gate import LENT, MOST_MISSES
from sites.kiosk.models import ErasureRequest
from sites.kiosk.services import finish_erasures
from sites.logbook.models import ClientAlert
from sites.people.models import Staff
from sites.places.models import DirtyMark
from sites.retention.services import lift_hold, place_hold
from sites.trail.models import TrailEntry
from sites.trail.services import note
from sites.visits.look_ups import MOST_AN_HOUR, Door
from sites.visits.models import Visit
from tests.factories import PASSWORD, make_staff, record, ref, send

HANDLE = "RIVE7"


@pytest.fixture
def agreed(site):
    """Someone who agreed in French, and came once."""
    visit = ref()
    send(
        site,
        record("client.agreed", {"handle": HANDLE, "version": "1", "language": "fr"}),
        record("visit.arrived", {"visit": visit, "handle": HANDLE}),
        record("visit.closed", {"visit": visit, "discharge_to": "street"}),
    )
    return Client.objects.get()


@pytest.fixture
def screen(site, client):
    return lent_screen(client)


def lent_screen(client):
    client.force_login(Staff.objects.get(code="s01-01"))
    assert client.get(reverse("kiosk-open")).status_code == 200
    assert client.post(reverse("kiosk-open")).url == reverse("kiosk")
    return client


def hidden(page, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]+)"', page.text)[1]


def ask(screen, handle: str = HANDLE):
    ticket = hidden(screen.get(reverse("kiosk")), "ticket")
    return screen.post(reverse("kiosk"), {"ticket": ticket, "handle": handle})


def act(screen, page, name: str, **more):
    return screen.post(reverse("kiosk-person"), {"about": hidden(page, "about"), "act": name} | more)


def test_it_tells_what_is_held_and_nothing_finer(screen, site, agreed):
    page = ask(screen, "rive-7")
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    for words in ("Version 1", "Passages reliés à vous", "Jamais gardé avec vous"):
        assert words in page.text
    visit = Visit.objects.get()
    for told in (HANDLE, "rive-7", str(visit.ref), "street", site.name_fr):
        assert told not in page.text
    assert TrailEntry.objects.filter(action=Door.KIOSK, actor="s01-01", about="person").count() == 1


def test_a_handle_that_nobody_agreed_under_is_answered_like_one_that_nobody_has(screen, site, agreed):
    visit = ref()
    send(site, record("visit.arrived", {"visit": visit, "handle": "SANS4"}))
    plain = [re.sub(r'value="[^"]{20,}"', "", ask(screen, handle).text) for handle in ("SANS4", "RIVE8")]
    assert plain[0] == plain[1]
    assert "Rien n’est gardé sous ce pseudonyme" in plain[0]
    assert TrailEntry.objects.filter(action=Door.KIOSK).count() == 2


def test_it_opens_nothing_else_until_a_password_is_given(screen, agreed):
    for name in ("board", "arrival", "logbook", "overdoses", "review", "stock", "kiosk-open", "my-pin"):
        assert screen.get(reverse(name)).url == reverse("kiosk"), name
    assert screen.post(reverse("language"), {"language": "en"}).url == reverse("kiosk")
    started = screen.post(reverse("overdose-start"), {"event": ref(), "record_id": ref()})
    assert "/overdoses/" in started.url
    assert screen.get(started.url).status_code == 200
    asked = screen.get(reverse("kiosk-leave"))
    assert reverse("account_reauthenticate") in asked.url
    assert screen.get(reverse("board")).url == reverse("kiosk")
    assert screen.post(asked.url, {"password": "wrong"}).status_code == 200
    assert LENT in screen.session
    screen.post(asked.url, {"password": PASSWORD})
    assert screen.get(reverse("kiosk-leave")).url == reverse("board")
    assert screen.get(reverse("board")).status_code == 200
    assert screen.get(reverse("kiosk")).url == reverse("kiosk-open")


def test_a_password_given_before_the_screen_was_lent_does_not_take_it_back(client, site):
    client.force_login(Staff.objects.get(code="s01-01"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("kiosk-open"))
    assert reverse("account_reauthenticate") in client.get(reverse("kiosk-leave")).url


def test_a_page_that_was_left_shows_and_does_nothing_any_more(screen, agreed):
    first = ask(screen)
    screen.get(reverse("kiosk"))
    assert act(screen, first, "erase").url == reverse("kiosk")
    assert Client.objects.exists()
    ticket = hidden(screen.get(reverse("kiosk")), "ticket")
    assert screen.post(reverse("kiosk"), {"ticket": ticket, "handle": HANDLE}).status_code == 200
    assert screen.post(reverse("kiosk"), {"ticket": ticket, "handle": HANDLE}).status_code == 302


def test_guessing_stops_the_screen(screen, agreed):
    for number in range(MOST_MISSES):
        assert ask(screen, f"PAS{number}").status_code == 200
    assert screen.get(reverse("kiosk")).status_code == 429
    assert "Demandez à l’équipe" in screen.post(reverse("kiosk"), {"handle": HANDLE}).text


def test_so_many_looks_an_hour(screen, site, agreed):
    for _look in range(MOST_AN_HOUR + 1):  # the arrival of who agreed gave one back
        note(Door.KIOSK, actor="s01-01", site_id=site.pk)
    assert ask(screen).status_code == 429


@pytest.mark.parametrize("typed", ["", "  -- ", "A\x00B", "A" * 61])
def test_what_is_no_handle_is_asked_again(screen, agreed, typed):
    assert ask(screen, typed).status_code == 422


def test_the_language_of_the_agreement_is_corrected(screen, agreed):
    page = act(screen, ask(screen), "say-language", language="en")
    assert "C’est noté" in page.text
    assert Agreement.objects.get().language == "en"
    assert act(screen, page, "say-language", language="x").status_code == 200
    assert Agreement.objects.get().language == "en"


def test_the_screen_speaks_the_language_of_the_agreement_or_the_one_touched(screen, site, agreed):
    page = act(screen, ask(screen), "en")
    assert 'lang="en"' in page.text[:200]
    assert 'lang="en"' in screen.get(reverse("kiosk")).text[:200]
    assert Staff.objects.get(code="s01-01").language == "fr-ca"
    assert 'lang="fr-ca"' in ask(screen).text[:200]


def test_another_handle_takes_the_place_of_the_first(screen, agreed):
    page = act(screen, ask(screen), "ask-handle")
    again = act(screen, page, "rename", handle="")
    assert again.status_code == 422
    assert "C’est changé" in act(screen, again, "rename", handle="Onde3").text
    assert Client.objects.count() == 1
    assert "Rien n’est gardé" in ask(screen).text
    assert "Aucun." in ask(screen, "ONDE3").text
    assert Visit.objects.get().client_id is None


def test_what_is_linked_is_erased_at_once(screen, site, agreed):
    page = act(screen, ask(screen), "ask-erasure")
    assert Client.objects.exists()
    DirtyMark.objects.all().delete()
    slip = act(screen, page, "erase")
    assert "C’est effacé" in slip.text
    assert not Client.objects.exists()
    assert not Agreement.objects.exists()
    assert Visit.objects.get().client_id is None
    asked = ErasureRequest.objects.get()
    assert (asked.client_ref, asked.done_on) == (None, asked.asked_on)
    assert f"{asked.code[:4]}-{asked.code[4:]}" in slip.text
    assert DirtyMark.objects.filter(service_date=agreed.first_agreed_on).exists()
    assert "Rien n’est gardé" in ask(screen).text


def test_under_a_hold_it_waits_then_is_done(screen, site, agreed):
    hold = LegalHold(site=site, client_ref=agreed.pk, reason="Plainte")
    place_hold(hold, by="s01-05")
    page = ask(screen)
    assert "La loi nous oblige" in page.text
    assert "Changer de pseudonyme" not in page.text
    assert "C’est demandé" in act(screen, page, "erase").text
    assert finish_erasures(site) == 0
    assert Client.objects.exists()
    again = act(screen, ask(screen), "erase")
    assert ErasureRequest.objects.get().code[:4] in again.text
    lift_hold(hold, by="s01-05", why="fin")
    assert finish_erasures(site) == 1
    assert not Client.objects.exists()
    done = ErasureRequest.objects.get()
    assert (done.client_ref, bool(done.done_on)) == (None, True)


def test_nobody_voids_an_agreement_that_a_hold_keeps(site, agreed):
    place_hold(LegalHold(site=site, category="people", reason="Ordonnance"), by="s01-05")
    target = str(Agreement.objects.get().record_id)
    (receipt,) = send(site, record("record.voided", {"target": target, "reason": "erreur"}))
    assert receipt.status == "conflict"
    assert Agreement.objects.exists()
    assert Visit.objects.get().client_id == agreed.pk


def test_a_measure_is_told_without_its_reason_and_keeps_the_link_until_its_end(screen, site, agreed):
    day = (timezone.now() + timedelta(days=9)).date()
    visit = Visit.objects.get()
    told = {"code": "violence", "action": "suspended", "until": day.isoformat(), "visit": str(visit.ref)}
    (receipt,) = send(site, record("breach.recorded", told))
    assert receipt.status == "created", receipt.errors
    page = ask(screen)
    assert "Une mesure est en cours" in page.text
    assert "iolence" not in page.text
    assert "C’est demandé" in act(screen, page, "erase").text
    assert Client.objects.exists()


def test_requests_are_read_by_who_reads_registers(site, client):
    ErasureRequest.objects.create(site=site, code="ABCD2345", asked_on=timezone.now().date(), by="x")
    client.force_login(make_staff("s01-prp", site, "privacy_officer"))
    assert "ABCD-2345" in client.get(reverse("erasures")).text
    assert reverse("erasures") in client.get(reverse("registers")).text
    assert client.get(reverse("kiosk-open")).status_code == 403
    client.force_login(Staff.objects.get(code="s01-01"))
    assert client.get(reverse("erasures")).status_code == 403


def test_an_alert_is_told_in_plain_words_and_taken_back_by_the_person(screen, site, agreed):
    make_staff("s01-nur", site, "nurse")
    for handle in (HANDLE, "RIVE8"):
        send(site, record("client.agreed", {"handle": handle, "version": "1", "language": "fr"}))
        told = {"handle": handle, "alert": "allergy_latex"}
        (receipt,) = send(site, record("client.alerted", told, by="s01-nur"))
        assert receipt.status == "created", receipt.errors
    page = ask(screen)
    assert "Allergie au latex" in page.text
    mine = hidden(page, "alert")
    page = act(screen, page, "remove-alert", alert=receipt.id)
    assert ClientAlert.objects.count() == 2
    page = act(screen, page, "remove-alert", alert=mine)
    assert "Allergie au latex" not in page.text
    assert [row.client_id == agreed.pk for row in ClientAlert.objects.all()] == [False]
