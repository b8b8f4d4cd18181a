"""URL × role × site × own, foreign or random id × verb: no byte of another site, one 404 for both."""

import pytest
import time_machine
from django.utils.timezone import now

from harmreduction.pg.scope import acting
from tests.security.probing import FOREIGN, OWN, RANDOM, ROUTES, Prober, has_id, probes, things_in

SITES = ["S01", "S02", "S03"]
SEED = 20261122
SAMPLE = 260
# Of the organisation, not of a site: there is no other's.
SHARED = {
    "releases/recipients", "releases/register", "releases/tokens", "retention/holds",
    "retention/certificates",
}  # fmt: skip
# There only after something rare; each is judged by tests of its own.
RARE = {
    "/overdoses/<uuid:event>/declared",
    "/overdoses/<uuid:event>/records/<uuid:record_id>/undo",
}


@pytest.fixture
def prober(db):
    """On a clock that stands still: pages say the time."""
    with acting(sites=()), time_machine.travel(now(), tick=False):
        yield Prober(SITES)


def probe_all(prober: Prober, most: int | None) -> None:
    for probe in probes(SITES, SEED, most):
        own, path, body, _plain = prober.ask(probe, OWN)
        # Nothing ticks here, so that `/readyz` says that it is not ready.
        assert own.status_code < 500 or probe.path == "/readyz", (probe, path)
        assert prober.foreign_words(probe, path, body) == set(), (probe, path)
        if not has_id(probe.path):
            continue
        foreign, path, body, theirs = prober.ask(probe, FOREIGN)
        _random, _path, _body, nobodys = prober.ask(probe, RANDOM)
        assert foreign.status_code < 500, (probe, path)
        assert prober.foreign_words(probe, path, body) == set(), (probe, path)
        assert theirs == nobodys, (probe, path)
        assert foreign.status_code in {302, 401, 403, 404, 405, 422}, (probe, path)
    assert prober.signed_out() == []


def test_nothing_of_another_site_is_shown_and_nothing_says_that_it_is_there(prober):
    probe_all(prober, SAMPLE)
    assert prober.asked > 1.5 * SAMPLE


def test_the_prober_knows_a_thing_of_every_kind_that_an_address_names(prober):
    known = set(prober.places["S01"].things) | SHARED
    assert {thing for route in ROUTES for thing in things_in(route["path"])} - known == set()


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
    probe_all(prober, None)
    assert prober.asked >= 10_000
    named = {route["path"] for route in ROUTES if route["site_scoped"] and has_id(route["path"])}
    assert named - prober.met <= RARE
