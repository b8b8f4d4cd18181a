"""Three sentinels watch a queue and its copy; the queue is killed, and the work goes on."""

import os
import subprocess
import sys
import time
from urllib.parse import quote

import psycopg
import pytest
import redis
from django.db import connection

from harmreduction import broker
from harmreduction.engines import found, ports
from tests.hosts.machines import PASSWORD, kill, ours, queue, sentinel, supervised

PATIENCE = 240
TICK = "select at from scs_heartbeat where name = 'tick'"


def test_a_watched_queue_throws_away_what_is_no_message_too():
    assert issubclass(broker.WatchedTransport.Channel, broker.Forgiving)


def until(condition, why: str):
    deadline = time.monotonic() + PATIENCE
    while not (value := condition()):
        assert time.monotonic() < deadline, why
        time.sleep(0.2)
    return value


@pytest.fixture
def watched(tmp_path):
    """(supervisor, leader, port of the copy, REDIS_URL)"""
    leads, follows, *watch = (ports.free() for _ in range(5))
    with supervised(tmp_path) as supervisor:
        leader = queue(tmp_path, "leader", leads)
        copy = queue(tmp_path, "copy", follows, follows=leads)
        guards = [sentinel(tmp_path, f"sentinel-{port}", port, leads) for port in watch]
        supervisor.start(leader, copy, *guards)
        until(lambda: said(follows, "replication").get("master_link_status") == "up", "no copy")
        until(lambda: all(knows_all(port) for port in watch), "the sentinels do not find each other")
        first, *others = watch
        url = f"sentinel://:{quote(PASSWORD)}@127.0.0.1:{first}/0"
        yield (
            supervisor,
            leader,
            follows,
            ";".join([url, *(f"sentinel://127.0.0.1:{port}" for port in others)]),
        )


def said(port: int, section: str) -> dict:
    try:
        return redis.Redis(port=port, password=PASSWORD).info(section)
    except redis.ConnectionError:
        return {}


def knows_all(port: int) -> bool:
    try:
        state = redis.Redis(port=port).sentinel_master("scs")
    except redis.RedisError:
        return False
    return state["num-other-sentinels"] == 2 and state["num-slaves"] == 1


def last_tick():
    server = ours()
    with psycopg.connect(server.url("postgres", connection.settings_dict["NAME"])) as session:
        found = session.execute(TICK).fetchone()
        now = session.execute("select clock_timestamp()").fetchone()[0]
    return (found[0] if found else None), now


@pytest.mark.full
def test_the_worker_goes_on_when_the_queue_that_leads_is_killed(watched, transactional_db, tmp_path):
    supervisor, leader, copy, url = watched
    env = os.environ | {
        "REDIS_URL": url, "DATABASE_URL": ours().url("scs", connection.settings_dict["NAME"]),
        "TICK_SECONDS": "2", "KEYS_DIR": str(tmp_path / "keys"),
    }  # fmt: skip
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "harmreduction"]
    beat = ["beat", "--schedule", str(tmp_path / "schedule"), "--pidfile="]
    with (tmp_path / "celery").open("w") as log:
        running = [
            subprocess.Popen(celery + words, cwd=found.ROOT, env=env, stdout=log, stderr=log)
            for words in (["worker", "--concurrency", "1", "--without-gossip", "--without-mingle"], beat)
        ]
        try:
            until(lambda: last_tick()[0], "the worker never began")
            kill(supervisor, leader)
            until(lambda: said(copy, "replication").get("role") == "master", "nobody took over")
            since = last_tick()[1]
            until(lambda: last_tick()[0] > since, "the work stands still")
            assert [one.poll() for one in running] == [None, None]
        finally:
            for one in running:
                one.terminate()
            for one in running:
                one.wait(60)
