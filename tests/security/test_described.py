"""What the API's description allows is answered as it says; what it forbids is refused, never an error."""

import pytest
from django.db import transaction
from django.test.client import ClientHandler
from hypothesis import HealthCheck, given
from hypothesis import settings as examples

from harmreduction.pg.scope import acting
from sites.recipients.services import add_recipient
from sites.tablet.openapi import document
from tests.security.living import make_living

# The plain tests are collected without it.
schemathesis = pytest.importorskip("schemathesis")
EACH = 200
pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def tokens(django_db_setup, django_db_blocker):
    """By the name of who must prove to be it, the header that does."""
    with django_db_blocker.unblock(), transaction.atomic():
        with acting(sites=()):
            living = make_living()
            _row, token = add_recipient("Santé publique", "Suivre", basis="Entente", by="s01-05")
            yield {"device": f"Device {living.place.token}", "recipient": f"Bearer {token}"}
        transaction.set_rollback(True)


def application(environ, start_response):
    """As Django's own test client asks: the transaction around a request outlives it."""
    answer = ClientHandler()(environ)
    start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
    return [b"".join(answer)]


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["positive", "negative"])
def test_each_address_answers_as_described(tokens, mode):
    described = schemathesis.openapi.from_dict(document())
    described.app = application
    asked = [one.ok() for one in described.get_all_operations()]
    assert len(asked) >= 8
    for operation in asked:
        # Any text may stand in an address: only a body can be against its description.
        if mode == "positive" or "requestBody" in operation.definition.raw:
            _ask(operation, schemathesis.GenerationMode(mode), tokens)


def _ask(operation, mode, tokens):
    needs = next((name for one in operation.definition.raw["security"] for name in one), None)
    headers = {"Authorization": tokens[needs]} if needs else {}

    # A wrong record is taken too, and its receipt says what is wrong.
    excluded = [schemathesis.specs.openapi.checks.negative_data_rejection]

    @given(case=operation.as_strategy(generation_mode=mode))
    @examples(max_examples=EACH, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    def ask(case):
        with transaction.atomic():
            case.call_and_validate(headers=headers, excluded_checks=excluded)
            transaction.set_rollback(True)

    ask()
