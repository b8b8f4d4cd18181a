"""Unique clients: tokens under keys that die (privacy.md H1–H3)."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.conf import settings

from sites.clients.models import Client, DayToken, MonthToken
from sites.clients.services import forget_dead_keys
from sites.keyring.services import living_keys
from sites.visits.models import Visit
from tests.factories import record, ref, send

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_keys(tmp_path, settings):
    settings.KEYS_DIR = tmp_path / "keys"


def arrive(site, handle):
    return send(site, record("visit.arrived", {"visit": ref(), "handle": handle}))[0]


@time_machine.travel(NOON, tick=True)
def test_the_same_person_counts_once_a_day_and_once_a_month(site):
    for handle in ("RIVE7", "rive 7", "Rive-7", "LUNE3"):
        assert arrive(site, handle).status == "created"
    assert DayToken.objects.count() == MonthToken.objects.count() == 2
    assert DayToken.objects.first().day == date(2026, 11, 20)


@time_machine.travel(NOON, tick=True)
def test_tokens_and_codes_of_one_person_do_not_match(site):
    arrive(site, "RIVE7")
    code = bytes(Visit.objects.get().handle_code)
    tokens = {bytes(DayToken.objects.get().token), bytes(MonthToken.objects.get().token), code[:8]}
    assert len(tokens) == 3


def test_a_day_key_dies_two_days_after_its_day_and_later_handles_are_not_counted(site):
    with time_machine.travel(NOON, tick=True):
        arrive(site, "RIVE7")
        assert forget_dead_keys(site) == []
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=True):
        assert forget_dead_keys(site) == ["token-2026-11-20"]
        assert forget_dead_keys(site) == []
        send(site, record("visit.arrived", {"visit": ref(), "handle": "LUNE3"}, when=NOON))
    assert DayToken.objects.filter(day=date(2026, 11, 20)).count() == 1
    assert living_keys(site, "token-") == ["token-2026-11"]


def test_a_client_row_exists_only_after_someone_agreed(site):
    arrive(site, "RIVE7")
    assert not Client.objects.exists()
    agreed = record("client.agreed", {"handle": "RIVE7", "version": "3", "language": "fr"})
    assert send(site, agreed)[0].status == "created"
    assert arrive(site, "RIVE7").status == "created"
    assert Visit.objects.filter(client__isnull=False).count() == 1
    send(site, record("record.voided", {"target": agreed["id"], "reason": "erreur"}))
    assert not Client.objects.exists()


def test_no_handle_is_in_any_key_file(site):
    arrive(site, "RIVE7")
    files = list(settings.KEYS_DIR.iterdir())
    assert files
    assert not any(b"RIVE7" in path.read_bytes() for path in files)
