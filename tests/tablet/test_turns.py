"""Large bodies of records take turns; whoever taps now does not wait for them."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from sites.people.devices import enrol
from sites.records.models import Record
from sites.tablet import turns
from tests.factories import record, ref

MANY = 20
PATIENCE = 30


class Inside:
    """What lies behind the door: it answers when it is let go, and tells how many were in it at once."""

    def __init__(self):
        self.now = self.most = 0
        self.count = threading.Condition()
        self.open = threading.Event()

    def __call__(self, request):
        with self.count:
            self.now += 1
            self.most = max(self.most, self.now)
            self.count.notify_all()
        assert request.headers.get("Small") or self.open.wait(PATIENCE)
        with self.count:
            self.now -= 1
        return HttpResponse("ok")

    def holds(self, number: int) -> bool:
        with self.count:
            return self.count.wait_for(lambda: self.now == number, PATIENCE)


def large(path=turns.PATH):
    return RequestFactory().post(path, b"x" * (turns.LARGE_BYTES + 1), content_type="application/json")


def small():
    body = b"x" * turns.LARGE_BYTES
    return RequestFactory().post(turns.PATH, body, content_type="application/json", headers={"Small": "1"})


def test_two_are_served_at_a_time_six_wait_and_others_are_asked_to_come_again():
    inside = Inside()
    door = turns.InTurn(inside)
    with ThreadPoolExecutor(MANY) as clients:
        asked = [clients.submit(door, large()) for _ in range(MANY)]
        try:
            assert inside.holds(turns.RUNNING)
            refused = turns.RUNNING + turns.WAITING
            while sum(one.done() for one in asked) < MANY - refused:
                threading.Event().wait(0.01)
            assert door(small()).status_code == 200
        finally:
            inside.open.set()
    answers = [one.result() for one in asked]
    assert sorted(answer.status_code for answer in answers) == [200] * refused + [429] * (MANY - refused)
    assert inside.most == turns.RUNNING + 1  # and the small one
    for answer in answers:
        if answer.status_code == 429:
            assert json.loads(answer.content)["error"]["code"] == "busy"
            assert turns.AGAIN_S[0] <= int(answer.headers["Retry-After"]) <= turns.AGAIN_S[1]


def test_who_waited_long_enough_is_asked_to_come_again_and_leaves_the_place(monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE_S", 0)
    inside = Inside()
    door = turns.InTurn(inside)
    with ThreadPoolExecutor(turns.RUNNING) as clients:
        asked = [clients.submit(door, large()) for _ in range(turns.RUNNING)]
        try:
            assert inside.holds(turns.RUNNING)
            assert [door(large()).status_code for _ in range(MANY)] == [429] * MANY
        finally:
            inside.open.set()
    assert [one.result().status_code for one in asked] == [200] * turns.RUNNING
    assert door(large()).status_code == 200


def test_a_turn_that_breaks_is_given_back():
    def broken(_request):
        raise KeyError

    door = turns.InTurn(broken)
    for _ in range(MANY):
        with pytest.raises(KeyError):
            door(large())


def test_only_records_take_turns(monkeypatch):
    monkeypatch.setattr(turns, "RUNNING", 0)
    monkeypatch.setattr(turns, "WAITING", 0)
    inside = Inside()
    inside.open.set()
    door = turns.InTurn(inside)
    assert door(large()).status_code == 429
    assert door(large("/api/v1/tablet/unlock")).status_code == 200


def test_a_day_that_comes_back_is_refused_whole_and_taken_later(site, monkeypatch):
    _device, token = enrol(site)
    records = [record("visit.arrived", {"visit": ref()}) for _ in range(100)]

    def post() -> int:
        return (
            Client()
            .post(
                turns.PATH,
                json.dumps({"records": records}),
                content_type="application/json",
                headers={"Authorization": f"Device {token}"},
            )
            .status_code
        )

    with monkeypatch.context() as patch:
        patch.setattr(turns, "RUNNING", 0)
        patch.setattr(turns, "WAITING", 0)
        assert (post(), Record.objects.count()) == (429, 0)
    assert (post(), Record.objects.count()) == (200, len(records))
