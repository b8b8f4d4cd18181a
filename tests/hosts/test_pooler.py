"""Two sites over PgBouncer in transaction mode, which has one connection to the database for everyone."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection, connections, transaction

from harmreduction import settings as product
from harmreduction.pg import base
from harmreduction.pg.scope import acting
from tests.hosts.machines import ours, pooler, supervised, talking_to
from tests.security.places import make_places
from tests.security.test_interleaved import _people, asks

REQUESTS = 400  # of each of four


def test_behind_a_pooler_nothing_is_kept_with_a_connection(monkeypatch):
    url = "postgres://scs:x@pooler:6432/scs"
    monkeypatch.setattr(product, "POOLED", True)
    pooled = product.database(url)
    assert pooled["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert pooled["OPTIONS"]["prepare_threshold"] is None
    assert "options" not in pooled["OPTIONS"]
    monkeypatch.setattr(product, "POOLED", False)
    assert not product.database(url)["DISABLE_SERVER_SIDE_CURSORS"]


@pytest.fixture
def pooled(transactional_db, tmp_path, monkeypatch):
    """Places of two sites; what is asked from now on goes through the pooler."""
    with transaction.atomic():
        places = list(make_places(["S01", "S02"]).values())
        people = {place.site.code: _people(place) for place in places}
    monkeypatch.setitem(connections.settings["default"], "DISABLE_SERVER_SIDE_CURSORS", True)
    with supervised(tmp_path) as supervisor:
        program, port = pooler(tmp_path, ours())
        supervisor.start(program)
        with talking_to(port):
            yield places, people


def ask_many(here, there, people, barrier) -> int:
    met = 0
    try:
        barrier.wait(120)
        for client, verb, path, typed in itertools.islice(asks(here, there, *people), REQUESTS):
            answer = getattr(client, verb)(path, typed)
            text = answer.getvalue().decode(errors="replace")
            assert answer.status_code < 500, path
            assert {word for word in there.canaries if word in text and word not in path} == set(), path
            met += any(word in text for word in here.canaries)
        return met
    finally:
        connection.close()


@pytest.mark.full
def test_requests_of_two_sites_at_once_cross_no_site(pooled):
    places, people = pooled
    barrier = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        running = [
            pool.submit(ask_many, here, there, people[here.site.code], barrier)
            for here, there in (places, reversed(places))
        ]
        assert min(one.result() for one in running) > REQUESTS / 4


def left_behind() -> str:
    """What someone finds who comes next on the same connection to the server, in no scope."""
    given = connection.settings_dict
    keys = {
        "host": given["HOST"],
        "port": given["PORT"],
        "user": given["USER"],
        "password": given["PASSWORD"],
    }
    with psycopg.connect(**keys, dbname=given["NAME"]) as next_one:
        return next_one.execute("select current_setting('app.sites', true)").fetchone()[0] or ""


@pytest.mark.full
def test_a_scope_that_were_told_to_the_connection_would_be_found_by_the_next(pooled, monkeypatch):
    """The control: what is told here for a transaction, told for a session instead, crosses."""
    site = pooled[0][0].site

    def work():
        with transaction.atomic(), acting(sites=[site.pk]), connection.cursor() as cursor:
            cursor.execute("select 1")
        return left_behind()

    assert work() == ""
    with monkeypatch.context() as patch:
        patch.setattr(base, "SET_SCOPE", base.SET_SCOPE.replace("true", "false"))
        assert work() == str(site.pk)
