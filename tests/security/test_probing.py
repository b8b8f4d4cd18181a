"""URL × role × site × own, foreign or random id × verb: no byte of another site, one 404 for both."""

import pytest
import time_machine
from django.utils.timezone import now

from harmreduction.pg.scope import acting
from tests.security.probing import FOREIGN, OWN, RANDOM, Prober, probes

SITES = ["S01", "S02", "S03"]
SEED = 20261122
SAMPLE, MOST = 260, 6_000


@pytest.fixture
def prober(db):
    """On a clock that stands still: pages say the time."""
    with acting(sites=()), time_machine.travel(now(), tick=False):
        yield Prober(SITES)


def probe_all(prober: Prober, most: int | None) -> None:
    for probe in probes(SITES, SEED, most):
        own, path, body, _plain = prober.ask(probe, OWN)
        assert own.status_code < 500, (probe, path)
        assert prober.foreign_words(probe, path, body) == set(), (probe, path)
        if "<uuid:" not in probe.path and "<int:" not in probe.path:
            continue
        foreign, path, body, theirs = prober.ask(probe, FOREIGN)
        _random, _path, _body, nobodys = prober.ask(probe, RANDOM)
        assert foreign.status_code < 500, (probe, path)
        assert prober.foreign_words(probe, path, body) == set(), (probe, path)
        assert theirs == nobodys, (probe, path)
        assert foreign.status_code in {302, 401, 403, 404, 405, 422}, (probe, path)


def test_nothing_of_another_site_is_shown_and_nothing_says_that_it_is_there(prober):
    probe_all(prober, SAMPLE)
    assert prober.asked > 1.5 * SAMPLE


def test_the_prober_sees_a_leak(prober):
    (probe,) = [
        one for one in probes(SITES, SEED, None)
        if (one.path, one.role, one.at, one.verb) == ("/visits/<uuid:ref>/", "nurse", "S01", "get")
    ]  # fmt: skip
    own, path, body, _plain = prober.ask(probe, OWN)
    assert own.status_code == 200
    other = type(probe)(probe.path, probe.role, "S02", probe.verb)
    assert prober.foreign_words(other, "", body) != set()


@pytest.mark.full
def test_every_address_role_site_and_verb(prober):
    probe_all(prober, MOST)
    assert prober.asked >= 10_000
