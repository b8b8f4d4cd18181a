"""The tablet in Firefox and in WebKit: joined, unlocked, a day's taps without the server, all there once.

Chromium is the gate and tests/tablet_app its proof; here one journey shows what the others do. What differs
is told in docs/tablet.md.
"""

from importlib import import_module

import pytest
from django.db import transaction

from sites.overdoses.models import NaloxoneDose, OverdoseEvent
from sites.people.enrolment import make_code
from sites.people.models import Device, Staff
from sites.people.pins import set_pin
from sites.records.models import Record
from sites.visits.models import Visit
from tests.journeys.line import Line
from tests.tablet_app.tablets import DEAF_MS

pytestmark = [pytest.mark.full, pytest.mark.browser]
PIN = "418273"
KINDS = [
    "visit.arrived", "visit.assessed", "visit.seated", "consumption.recorded",
    "overdose.opened", "overdose.step", "overdose.dose", "overdose.step", "visit.arrived",
]  # fmt: skip


def join(hand, address: str, code: str) -> None:
    hand.driver.get(f"{address}/tablet/#{code}")
    hand.press("form .btn.main")
    hand.unlock(PIN)
    hand.find(".board")
    hand.until(lambda: hand.script("Boolean(navigator.serviceWorker.controller)"))


def a_visit(hand) -> None:
    hand.tap("Accueillir")
    for key in "RIVE7":
        hand.tap(key)
    hand.tap("Fentanyl")
    hand.tap("Injection IV")
    hand.press(".dock .btn.main")
    hand.find(".board")


def an_overdose(hand) -> None:
    hand.press("#surdose")
    before = hand.clock()
    hand.wait(DEAF_MS)
    hand.press("[data-key='stimulation-']")
    hand.press("[data-key='dose-nal-in-4']")
    hand.until(lambda: hand.clock() > before)
    hand.reload()
    assert hand.clock() >= before + 1
    hand.press("[data-key='oxygen']")
    hand.tap("Réduire")


def back_in_hand(hand) -> None:
    """After a reload without network nobody is known: the PIN goes with the records."""
    hand.unlock(PIN)
    hand.tap("Continuer, à confirmer")
    hand.find(".board")


@pytest.mark.parametrize("name", ["firefox", "webkit"])
def test_what_is_tapped_without_the_server_arrives_once(name, live_server, committed_site):
    with transaction.atomic():
        set_pin(Staff.objects.get(code="s01-01"), PIN, by="s01-01")
        code = make_code(committed_site, by="s01-01", label="Salle")
    line = Line(int(live_server.url.rsplit(":", 1)[1]))
    driven = import_module("tests.journeys.webdriver")
    with getattr(driven, name)() as driver:
        hand = driven.Hand(driver)
        join(hand, line.url, code)
        line.down = True
        a_visit(hand)
        an_overdose(hand)
        back_in_hand(hand)
        hand.tap("Accueillir")
        hand.tap("Sans pseudonyme")
        hand.find(".board")
        hand.until(lambda: hand.unsent() == len(KINDS))
        hand.reload()
        hand.find(".running")
        assert hand.unsent() == len(KINDS)
        line.down = False
        hand.until(lambda: hand.unsent() == 0)
    line.close()
    with transaction.atomic():
        records = list(Record.objects.order_by("seq"))
        assert [record.kind for record in records] == KINDS
        assert {record.status for record in records} == {"created"}
        assert (Visit.objects.count(), OverdoseEvent.objects.count(), NaloxoneDose.objects.count()) == (
            2,
            1,
            1,
        )
        assert Device.objects.get().label == "Salle"
