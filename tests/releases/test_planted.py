"""Exact counts planted inside are in nothing that leaves, nor kept beside it (privacy.md R6, R11)."""

import base64
import io
import logging
import pickle
import re
import shutil
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import redis
from django.conf import settings
from django.db import connection, transaction

from harmreduction.celery import app
from harmreduction.pg.scope import acting, as_owner
from sites.clockwork.services import replaying
from sites.keyring import services as keyring
from sites.places.models import Region, Site
from sites.recipients import push
from sites.recipients.models import EditionFile, Recipient
from sites.recipients.services import add_recipient
from sites.recipients.tasks import prepare_editions
from sites.releases.models import ReleaseFile
from sites.releases.publishing import write_out
from sites.releases.tasks import seal_and_build
from sites.tasks import tick
from tests import factories
from tests.recipients.test_pages import confirmed
from tests.recipients.test_push import elsewhere  # noqa: F401
from tests.releases.counted import count, local, plan
from tests.releases.published import signed_in, texts
from tests.releases.written import read

FIRST, DAYS = date(2026, 10, 1), 31
NOW = "2026-11-12 07:00"
# Of two sites: their days, and two months. Some exact sums are also the end of a range, and are let go.
COUNTS = 2 * (DAYS + 2)
# Exact by their nature, and never outside; every other table must hold none.
INSIDE = {"scs_dailycount", "scs_sealedcount"}
# The page that explains shows a manager the exact count beside the released one: it is not among these.
PAGES = ("/releases/", "/releases/daily/ALL/", "/releases/daily/R01/", "/releases/register/",
         "/releases/disclosures/", "/releases/plan/", "/releases/keys/",
         "/releases/external/", "/releases/recipients/", "/bulletin/", "/bulletin/R01/", "/en/bulletin/",
         "/en/bulletin/R01/", "/bulletin/R01/feed.atom", "/en/bulletin/R01/feed.atom",
         "/bulletin/R01/visits.svg", "/en/bulletin/R01/visits.svg", "/api/v1/public/regions",
         "/api/v1/public/regions/R01/rows.csv", "/api/v1/public/regions/R01/rows.json",
         "/api/v1/public/releases", "/healthz", "/readyz")  # fmt: skip


# --- What is planted ----------------------------------------------------------------------
def primes(begin: int):
    """Primes that rounding to 5 or 10 cannot give, nor the ends of its ranges."""
    for number in range(begin, begin + 100_000):
        if number % 10 in (3, 7) and all(number % divisor for divisor in range(3, int(number**0.5) + 1, 2)):
            yield number


def plant() -> set[int]:
    """Numbers that were counted at two sites in October, and the exact sums of them."""
    places = [factories.make_site("S01"), factories.make_site("S03")]
    places[1].region = Region.objects.create(code="R02", name_fr="Estrie", name_en="Townships")
    visits, events, doses = primes(700_000), primes(800_000), primes(900_000)
    told, together = set(), []
    for place in places:
        place.opened_on = FIRST
        place.save()
        plan(place)
        its = [next(visits) for _ in range(DAYS)]
        for n, value in enumerate(its):
            count(place, FIRST + timedelta(days=n), visits=value)
        month = {"reversals": next(events), "naloxone_doses_staff_capped": next(doses)}
        count(place, FIRST, **month)
        told |= {*its, *month.values(), sum(its)}
        together.append(its)
    told |= {sum(pair) for pair in zip(*together, strict=True)} | {sum(map(sum, together))}
    return told


@pytest.fixture(scope="module")
def released_once(django_db_setup, django_db_blocker, tmp_path_factory):
    """(what was planted and could not be told, the log, the keys), once all is sealed, built and prepared."""
    keys, log = tmp_path_factory.mktemp("keys"), io.StringIO()
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "KEYS_DIR", keys)
        keyring._checked.clear()
        planted = plant()
        with every_line_into(log), transaction.atomic(), replaying(local(NOW)):
            seal_and_build()
            prepare_editions()
            assert tick.apply().result is None
        rows = read(bytes(ReleaseFile.objects.get(name="release.csv").body))
        could_be_told = {int(row[name]) for row in rows for name in ("value", "lower", "upper")}
        assert len(rows) > 150
        yield planted - could_be_told, log.getvalue(), keys
        transaction.set_rollback(True)


@contextmanager
def every_line_into(log: io.StringIO):
    root, handler = logging.getLogger(), logging.StreamHandler(log)
    before = root.level
    root.addHandler(handler)
    root.setLevel("DEBUG")
    yield
    root.setLevel(before)
    root.removeHandler(handler)


@pytest.fixture
def released(released_once, db, settings, tmp_path):
    numbers, _log, keys = released_once
    settings.KEYS_DIR = shutil.copytree(keys, tmp_path / "keys")
    keyring._checked.clear()
    yield numbers
    keyring._checked.clear()


# --- Where it is looked for ---------------------------------------------------------------
def found(numbers: set[int], text: str) -> set[int]:
    """Numbers in a text, however a language writes them; not parts of a digest or of a second."""
    plain = re.sub(r"(?<=\d)[\u00a0\u202f, ](?=\d{3}(?!\d))", "", re.sub(r"\.\d+", "", text))
    return numbers & set(map(int, re.findall(r"(?<![0-9A-Za-z])\d{6,8}(?![0-9A-Za-z])", plain)))


def test_a_planted_number_would_be_found():
    for text in (
        "700057",
        "1,700057;",
        "700 057",
        "700,057 visits",
        "700\u00a0057",
        '"value": 700057}',
        "=700057",
    ):
        assert found({700057}, text), text
    for text in ("a700057f", "7000571", "12:00:00.700057", "1700057"):
        assert not found({700057}, text), text


def test_nothing_that_leaves_holds_a_planted_count(released, tmp_path):
    assert len(released) >= COUNTS
    folder = tmp_path / "out"
    write_out(folder)
    for path in folder.rglob("*"):
        assert not found(released, str(path.relative_to(folder)))
        if path.is_file():
            for text in texts(path.read_bytes()):
                assert not found(released, text), path.name


def test_no_edition_holds_one(released):
    editions = EditionFile.objects.all()
    assert editions.filter(name="release.pdf").exists()
    for file in editions:
        for text in texts(bytes(file.body)):
            assert not found(released, text), file.name


def test_no_answer_holds_one_in_its_headers_or_its_body(released, client):
    site = Site.objects.get(code="S01")
    token = add_recipient("DRSP", "surveillance", basis="loi", by="vie-privee")[1]
    pull = {"Authorization": f"Bearer {token}"}
    manager = signed_in(site, "privacy_officer")
    answers = [manager.get(path) for path in PAGES]
    answers.append(confirmed(manager, "/releases/disclosures/csv"))
    (told,) = client.get("/api/v1/releases", headers=pull).json()
    names = {f"/api/v1/releases/{told['id']}/{name}": name for name in told["formats"]}
    answers += [client.get(path, headers=pull) for path in names]
    for answer in answers:
        assert answer.status_code == 200, answer.request["PATH_INFO"]
        assert not found(released, str(answer.headers))
        for text in texts(answer.getvalue()):
            assert not found(released, text), answer.request["PATH_INFO"]


def test_no_table_but_the_counts_themselves_holds_one(released):
    with transaction.atomic(), as_owner(), acting(sites=list(Site.objects.values_list("pk", flat=True))):
        with connection.cursor() as cursor:
            holding = {}
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'select t::text from "{table}" t')  # noqa: S608
                if seen := set().union(*(found(released, row) for (row,) in cursor.fetchall())):
                    holding[table] = seen
    assert holding.keys() == INSIDE, {table: holding[table] for table in holding.keys() - INSIDE}


def test_nothing_that_is_pushed_holds_one(released, elsewhere):  # noqa: F811
    row = add_recipient("DRSP", "surveillance", basis="entente", by="x")[0]
    push.push_to(row, elsewhere.url, by="vie-privee")
    Recipient.objects.filter(pk=row.pk).update(push_since=FIRST)
    assert push.push_due() > 0
    for headers, body in elsewhere.taken:
        assert not found(released, str(headers))
        for text in texts(body):
            assert not found(released, text), headers["X-Release-Format"]


def test_no_line_of_the_log_and_no_cached_value_holds_one(released, released_once, caplog, capfd, client):
    caplog.set_level("DEBUG")
    client.post("/accounts/login/", {"login": "nobody", "password": "wrong"})
    log = released_once[1]
    assert "sites.tick" in log
    assert not found(released, log + caplog.text + "".join(capfd.readouterr()))
    with connection.cursor() as cursor:
        cursor.execute("select cache_key, value from scs_cache")
        for key, value in cursor.fetchall():
            assert not found(released, f"{key} {pickle.loads(base64.b64decode(value))}")  # noqa: S301


def test_no_message_and_nothing_else_in_the_queue_holds_one(released):
    app.send_task("sites.tick")
    queue = redis.Redis.from_url(settings.CELERY_BROKER_URL)
    kept = {key: told(queue, key) for key in queue.keys()}
    app.control.purge()
    messages = [value for values in kept.values() for value in values if b'"body": "' in value]
    assert messages
    for key, values in kept.items():
        for value in [key, *values]:
            assert not found(released, value.decode(errors="replace")), key
    for message in messages:
        body = base64.b64decode(re.search(rb'"body": "([^"]*)"', message)[1])
        assert body.startswith(b"[[], {}, ")  # a task is told nothing: it asks the database
        assert not found(released, body.decode())


def told(queue: redis.Redis, key: bytes) -> list[bytes]:
    """What a key holds, whatever its kind."""
    kind = queue.type(key)
    if kind == b"list":
        return queue.lrange(key, 0, -1)
    if kind == b"hash":
        return [part for pair in queue.hgetall(key).items() for part in pair]
    if kind == b"set":
        return list(queue.smembers(key))
    if kind == b"zset":
        return queue.zrange(key, 0, -1)
    return [queue.get(key)]
