"""Whatever is sent to whatever address: never an error of the server's own, and no memory that stays."""

import random
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from harmreduction.pg.scope import acting
from tests.security.living import make_living
from tests.security.mutating import Sent, mutated, of_doors, of_forms, of_tablet

SEED = 20261123
FEW, MANY = 200, 20_000
PAGES = ["/visits/new", "/context/new", "/stock/receive/", "/setup/site/", "/shift/", "/counter/", "/trends/"]
MOST_GROWTH = 48 * 2**20
PAGE_SIZE = 4096


@pytest.fixture(scope="module")
def living(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        with acting(sites=()):
            yield make_living()
        transaction.set_rollback(True)


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_SIZE


def send_wrongly(right: list[Sent], requests: int) -> int:
    """How much larger the process is at the end than after the first quarter."""
    dice, settled = random.Random(SEED), 0
    for n in range(requests):
        # Each may undo what the next stands on: the transaction of a request is taken back.
        with transaction.atomic():
            sent = mutated(dice.choice(right), dice)
            answer = sent.go()
            if not answer.streaming:
                assert b"Traceback" not in answer.content
            assert answer.status_code < 500 or sent.path.startswith("/readyz"), (n, sent)
            transaction.set_rollback(True)
        if n == requests // 4:
            settled = resident()
    return resident() - settled


@pytest.mark.django_db
def test_what_is_sent_wrongly_is_refused_and_nothing_breaks(living):
    right = [*of_forms(living, PAGES), *of_doors(), *of_tablet(living)]
    assert len(right) > 60
    send_wrongly(right, FEW)


@pytest.mark.full
@pytest.mark.django_db
def test_twenty_thousand_wrong_requests_and_flat_memory(living):
    right = [*of_forms(living), *of_doors(), *of_tablet(living)]
    assert len(right) > 200
    assert not settings.DEBUG
    assert send_wrongly(right, MANY) < MOST_GROWTH
