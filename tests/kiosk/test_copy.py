"""What a person takes away: JSON in a square, whole, in plain words, and of nowhere."""

import base64
import json
import re

from django.utils import translation

from sites.clients.models import Client
from sites.kiosk.copy import EASY_TO_READ, copies
from sites.people.enrolment import qr
from sites.trail.models import TrailEntry
from tests.factories import record, ref, send
from tests.kiosk.test_kiosk import HANDLE, act, agreed, ask, screen  # noqa: F401 - fixtures

MONTHS = [f"2026-{month:02}-03T20:00:00+00:00" for month in range(1, 11)]


def came(site, *, months=()) -> None:
    told = {"handle": HANDLE, "gender": "f", "age_band": "30_39"}
    took = {"substances": ["fentanyl", "cocaine"], "route": "inj_iv"}
    for when in months:
        visit, at = {"visit": ref()}, {"occurred_at": when, "entered_at": when}
        send(
            site,
            record("visit.arrived", visit | told) | at,
            record("visit.assessed", visit | took) | at | {"seq": 1},
            record("visit.closed", visit | {"discharge_to": "street"}) | at | {"seq": 2},
        )


def test_it_says_what_they_said_by_month_and_not_who_or_where(site, agreed):  # noqa: F811
    came(site, months=MONTHS[:1])
    (text,) = copies(agreed)
    told = json.loads(text)
    (old, now) = told["Passages reliés"]
    assert old == {
        "Mois": "2026-01", "Nombre": 1, "Substances": {"Fentanyl": 1, "Cocaïne": 1},
        "Voie": {"Injection IV": 1},
        "Genre": {"femme": 1}, "Âge": {"30 à 39 ans": 1},
    }  # fmt: skip
    assert now["Nombre"] == 1
    assert told["Entente"]["Version"] == "1"
    for word in (HANDLE, site.code, site.name_fr, "2026-01-03", "street"):
        assert word not in text
    with translation.override("en"):
        assert "Cocaine" in copies(agreed)[0]


def test_what_no_telephone_would_read_at_once_is_told_a_month_at_a_time(site, agreed):  # noqa: F811
    came(site, months=MONTHS)
    first, *months = copies(agreed)
    assert "Entente" in json.loads(first)
    assert [json.loads(one)["Passages reliés"][0]["Mois"] for one in months[:2]] == ["2026-01", "2026-02"]
    assert len(months) == len(MONTHS) + 1
    assert all(len(one.encode()) <= EASY_TO_READ for one in [first, *months])


def test_the_screen_shows_the_square_and_no_word_of_it(screen, site, agreed):  # noqa: F811
    came(site, months=MONTHS[:1])
    page = act(screen, ask(screen), "copy")
    shown = re.search(r'<img src="(data:image/svg[^"]+)"', page.text)[1]
    assert shown == qr(copies(Client.objects.get())[0])
    assert base64.b64decode(shown.partition(",")[2]).startswith(b"<?xml")
    assert "Fentanyl" not in page.text
    assert page["Cache-Control"] == "no-store"
    assert TrailEntry.objects.filter(action="kiosk.copy handed over", actor="s01-01").count() == 1
    assert screen.post("/kiosk/person", {"act": "copy"}).status_code == 302
