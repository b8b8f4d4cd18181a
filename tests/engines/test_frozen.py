"""A database that is there and does not answer: whoever waits is told, and it is well again by itself."""

import io
import os
import signal
import socket
import threading
import time
from contextlib import suppress

import pytest
from django.db import connection, connections
from django.test import Client

from harmreduction.engines import engines, found
from harmreduction.engines.supervisor import Supervisor
from harmreduction.pg import patience
from harmreduction.settings import database
from tests.chaos.away import WITHOUT_IT
from tests.chaos.disk import family
from tests.factories import record, ref

ADDRESS = ("HOST", "PORT", "USER", "PASSWORD", "NAME")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A PostgreSQL of its own, without tables: (its first process, where it is)."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY"):
            patch.delenv(name, raising=False)
        patch.setenv("DATA_DIR", str(folder))
        supervisor = Supervisor(out=io.StringIO())
        try:
            engines.start(supervisor, folder, throwaway=True)
            (first,) = [one.process.pid for one in supervisor.running if "postgres" in one.program.name]
            yield first, database(found.database_url())
        finally:
            supervisor.stop()


@pytest.fixture
def there(server, monkeypatch, django_db_blocker):
    """Threads that begin now talk to that server, with the patience of the web. Gives its first process."""
    given, (first, known) = connections.settings["default"], server
    monkeypatch.setattr(patience.PATIENCE, "seconds", 1.5)
    for name in ADDRESS:
        monkeypatch.setitem(given, name, known[name])
    with django_db_blocker.unblock():
        yield first
    signalled(first, signal.SIGCONT)
    patience.PATIENCE.gone_until = 0.0


def signalled(first: int, sign: signal.Signals) -> None:
    for pid in family(first):
        with suppress(ProcessLookupError):
            os.kill(pid, sign)


def in_a_thread(act):
    """What it gives. Where nothing gives up, it never comes back."""
    given = []

    def acted():
        try:
            given.append(act())
        finally:
            connection.close()

    thread = threading.Thread(target=acted, daemon=True)
    thread.start()
    thread.join(60)
    assert given, "still waiting"
    return given[0]


def test_who_asks_a_frozen_database_is_told_to_come_again(there):
    def asked():
        client = Client(raise_request_exception=False)
        tapped = {"records": [record("visit.arrived", {"visit": ref()})]}
        answers = []
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        signalled(there, signal.SIGSTOP)
        for path in ("/api/v1/records", "/", "/api/v1/board"):
            patience.PATIENCE.gone_until = 0.0  # none profits from the one before
            headers = {"Authorization": "Device x"}
            ask = client.post if path.endswith("records") else client.get
            answer = ask(path, tapped, content_type="application/json", headers=headers)
            answers.append((path, answer.status_code, answer.headers["Retry-After"]))
        client.cookies["sessionid"] = "a" * 32
        for path in ("/", "/reports/"):  # who signed in is asked before any page
            patience.PATIENCE.gone_until = 0.0
            answers.append(client.get(path).status_code)
        answers += [client.get(path).status_code for path in WITHOUT_IT]
        signalled(there, signal.SIGCONT)
        patience.PATIENCE.gone_until = 0.0
        with connection.cursor() as cursor:
            cursor.execute("select 2")
            return [*answers, cursor.fetchone()]

    assert in_a_thread(asked) == [
        ("/api/v1/records", 503, "5"), ("/", 503, "5"), ("/api/v1/board", 503, "5"),
        503, 503, 200, 200, 200, (2,),
    ]  # fmt: skip


def test_a_long_statement_is_waited_for(there, monkeypatch):
    monkeypatch.setattr(patience, "SILENT_S", 0.1)

    def asked():
        with connection.cursor() as cursor:
            cursor.execute("select 7 from pg_sleep(1)")
            return cursor.fetchone()

    assert in_a_thread(asked) == (7,)


def test_for_a_moment_nobody_asks_again(there):
    patience.PATIENCE.gone_until = time.monotonic() + 60

    def asked():
        return Client(raise_request_exception=False).get("/").status_code

    assert in_a_thread(asked) == 503


def test_only_what_answers_lives():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert not patience.lives(("127.0.0.1", port), 0.2)
    assert not patience.lives(("127.0.0.1", port), 0.2)
    assert not patience.lives(("/nowhere", 5432), 0.2)
