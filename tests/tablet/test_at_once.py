"""Many clients at once, over HTTP, each with a database connection of its own."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client

from sites.people.devices import enrol
from sites.records.models import Record
from sites.visits.models import BoothStay, Visit
from tests.factories import record, ref

CLIENTS = 8


@pytest.fixture
def post(committed_site):
    with transaction.atomic():
        _device, token = enrol(committed_site)

    def send(records: list[dict]) -> list[str]:
        try:
            answer = Client().post(
                "/api/v1/records",
                json.dumps({"records": records}),
                content_type="application/json",
                headers={"Authorization": f"Device {token}"},
            )
            assert answer.status_code == 200, answer.content
            return [receipt["status"] for receipt in answer.json()["receipts"]]
        finally:
            connection.close()

    return send


def at_once(post, bodies: list[list[dict]]) -> list[list[str]]:
    with ThreadPoolExecutor(CLIENTS) as clients:
        return list(clients.map(post, bodies))


def test_a_record_sent_fifty_times_by_eight_clients_is_one_fact(post):
    sent = record("visit.arrived", {"visit": ref()})
    statuses = [answer[0] for answer in at_once(post, [[sent]] * 50)]
    assert sorted(statuses) == ["created"] + ["duplicate"] * 49
    with transaction.atomic():
        assert Record.objects.count() == Visit.objects.count() == 1


def test_one_seat_asked_for_by_eight_holds_one(post):
    visits = [ref() for _ in range(CLIENTS)]
    at_once(post, [[record("visit.arrived", {"visit": visit})] for visit in visits])
    asks = [[record("visit.seated", {"visit": visit, "booth": "1"})] for visit in visits]
    statuses = sorted(answer[0] for answer in at_once(post, asks))
    assert statuses == ["conflict"] * (CLIENTS - 1) + ["created"]
    with transaction.atomic():
        assert BoothStay.objects.count() == 1


def test_the_same_batch_in_opposite_orders_neither_locks_nor_doubles(post):
    batch = [record("visit.arrived", {"visit": ref()}) for _ in range(30)]
    answers = at_once(post, [batch, batch[::-1]] * 4)
    assert sorted(s for answer in answers for s in answer).count("created") == 30
    with transaction.atomic():
        assert Record.objects.count() == 30
