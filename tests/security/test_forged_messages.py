"""Messages in the queue that nobody of ours wrote: none is executed, and the worker goes on."""

import base64
import json
import os
import pickle
import random
import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

import pytest
import redis
from django.conf import settings
from django.db import connection, transaction

from harmreduction.celery import app
from sites.clockwork.models import Heartbeat
from sites.trail.models import TrailEntry
from tests.journeys.running import until

SEED, MANY = 20261123, 200
LARGE = 10 * 2**20
OTHERS = ["os.system", "subprocess.run", "sites.purge", ""]
OF_CELERY = ["celery.map", "celery.chain", "celery.group", "celery.backend_cleanup"]
BODIES = [b"", b"{", b"[]", b"null", b"[1,2,3]", b"\xff\xfe", b"[[],{}]"]
QUEUE = "celery"
QUEUE_URL = urlsplit(settings.CELERY_BROKER_URL)._replace(path="/5").geturl()


class Bomb:
    """Touches a file as soon as it is unpacked."""

    def __init__(self, path: str):
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch '{self.path}'",)  # noqa: S605 - what a forger would write


def envelope(
    task: str, body: bytes, kind: str = "application/json", encoding: str = "utf-8", **headers
) -> bytes:
    """As kombu writes a message into Redis."""
    one = str(uuid.uuid4())
    told = {
        "lang": "py",
        "task": task,
        "id": one,
        "root_id": one,
        "parent_id": None,
        "group": None,
        **headers,
    }
    properties = {
        "correlation_id": one, "reply_to": str(uuid.uuid4()), "delivery_mode": 2, "priority": 0,
        "delivery_info": {"exchange": "", "routing_key": QUEUE}, "body_encoding": "base64",
        "delivery_tag": one,
    }  # fmt: skip
    return json.dumps(
        {"body": base64.b64encode(body).decode(), "content-encoding": encoding, "content-type": kind,
         "headers": told, "properties": properties}
    ).encode()  # fmt: skip


def arguments(args=(), kwargs=None, embed=None) -> bytes:
    return json.dumps([list(args), kwargs or {}, embed or {}]).encode()


def forged(dice: random.Random, mark: str) -> bytes:
    """One message; whatever would come of it shows in the file `mark`."""
    shell = f"touch '{mark}'"
    call = {"task": "os.system", "args": [shell], "kwargs": {}, "options": {}, "subtask_type": None}
    packed, yaml = pickle.dumps(Bomb(mark)), f"!!python/object/apply:os.system ['{shell}']".encode()
    more = {"callbacks": [call], "errbacks": [call], "chord": call}
    ways = [
        lambda: envelope("sites.tick", packed, "application/x-python-serialize", "binary"),
        lambda: envelope("sites.tick", packed, "application/json", "binary"),
        lambda: envelope("sites.tick", yaml, "application/x-yaml"),
        lambda: envelope(dice.choice(OTHERS), arguments([shell])),
        lambda: envelope(dice.choice(OF_CELERY), arguments([call, [[shell]]])),
        lambda: envelope("sites.tick", arguments(["S02"], {"site": 2})),
        lambda: envelope("sites.tick", b"A" * LARGE),
        lambda: envelope("sites.tick", arguments(["A" * LARGE])),
        lambda: envelope("sites.tick", dice.choice(BODIES)),
        lambda: envelope("other.task", arguments(embed=more)),
        lambda: envelope("other.task", arguments(), eta="tomorrow", expires="never", timelimit=[1]),
        lambda: envelope("other.task", arguments(), "application/data", "klingon"),
        lambda: envelope(None, arguments(), lang=None, id=None),
    ]
    return dice.choice(ways)()


def broken(dice: random.Random) -> bytes:
    """What is not even an envelope."""
    return dice.choice([b"", b"garbage", b"{", b"[]", b"{}", b"null", b"\xff\xfe\x00", b'{"body": 1}'])


@pytest.fixture
def worker(transactional_db, tmp_path):
    """The worker of the product, on the tests' database and a queue of its own: (process, queue, its log)."""
    there = connection.settings_dict
    login = f"{quote(there['USER'])}:{quote(there['PASSWORD'])}"
    database = f"postgres://{login}@{there['HOST']}:{there['PORT']}/{there['NAME']}"
    log = tmp_path / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "--quiet", "-A", "harmreduction", "worker", "--pool=solo",
             "--loglevel=WARNING"],
            cwd=settings.BASE_DIR, stdout=out, stderr=out,
            env=os.environ | {"DATABASE_URL": database, "REDIS_URL": QUEUE_URL},
        )  # fmt: skip
    try:
        yield process, redis.Redis.from_url(QUEUE_URL), log
    finally:
        process.terminate()
        process.wait(60)
        redis.Redis.from_url(QUEUE_URL).flushdb()


def ticked_since(instant: datetime) -> bool:
    with transaction.atomic():
        return Heartbeat.objects.filter(name="tick", at__gt=instant).exists()


@pytest.mark.full
def test_two_hundred_forged_messages_do_nothing(worker, tmp_path):
    process, queue, log = worker
    until(lambda: ticked_since(datetime.now(UTC) - timedelta(minutes=10)), why="the worker never began")
    dice, mark = random.Random(SEED), tmp_path / "executed"
    for n in range(MANY):
        queue.lpush(QUEUE, broken(dice) if n % 10 == 9 else forged(dice, str(mark)))
    sent = datetime.now(UTC)
    with app.connection_for_write(QUEUE_URL) as link:
        app.send_task("sites.tick", connection=link)
    until(lambda: ticked_since(sent) and queue.llen(QUEUE) == 0, why="the worker stood still")
    assert process.poll() is None
    assert not mark.exists()
    with transaction.atomic():
        # What its own tick did, before and after.
        assert set(TrailEntry.objects.values_list("actor", flat=True)) <= {"releases"}
    assert str(mark) not in log.read_text(errors="replace")
