"""Exact counts planted inside are in nothing that leaves, nor kept beside it (privacy.md R6, R11)."""

import base64
import pickle
import re
from datetime import date, timedelta

import pytest
import redis
from django.conf import settings
from django.db import connection, transaction

from harmreduction.celery import app
from harmreduction.pg.scope import acting, as_owner
from sites.clockwork.services import replaying
from sites.places.models import Region, Site
from sites.recipients.models import EditionFile
from sites.recipients.services import add_recipient
from sites.recipients.tasks import prepare_editions
from sites.releases.models import ReleaseFile
from sites.releases.publishing import write_out
from sites.releases.tasks import seal_and_build
from sites.tasks import tick
from tests import factories
from tests.releases.counted import count, local, plan
from tests.releases.published import fresh_keys, signed_in, texts  # noqa: F401
from tests.releases.written import read

FIRST, DAYS = date(2026, 10, 1), 31
NOW = "2026-11-12 07:00"
# Of two sites: their days, and two months. Some exact sums are also the end of a range, and are let go.
COUNTS = 2 * (DAYS + 2)
# Exact by their nature, and never outside; every other table must hold none.
INSIDE = {"scs_dailycount", "scs_sealedcount"}
PAGES = ("/releases/", "/releases/daily/ALL/", "/releases/daily/R01/", "/releases/register/",
         "/releases/disclosures/", "/bulletin/", "/bulletin/R01/", "/en/bulletin/R01/",
         "/bulletin/R01/feed.atom", "/bulletin/R01/visits.svg", "/api/v1/public/regions",
         "/api/v1/public/releases")  # fmt: skip


# --- What is planted ----------------------------------------------------------------------
def primes(begin: int):
    """Primes that rounding to 5 or 10 cannot give, nor the ends of its ranges."""
    for number in range(begin, begin + 100_000):
        if number % 10 in (3, 7) and all(number % divisor for divisor in range(3, int(number**0.5) + 1, 2)):
            yield number


@pytest.fixture
def planted(site, fresh_keys):  # noqa: F811
    """Numbers that were counted at two sites in October, and the exact sums of them."""
    other = factories.make_site("S03")
    other.region = Region.objects.create(code="R02", name_fr="Estrie", name_en="Townships")
    visits, events, doses = primes(700_000), primes(800_000), primes(900_000)
    told, together = set(), []
    for place in (site, other):
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


@pytest.fixture
def released(planted, caplog):
    """What was planted and could not be told, once all is sealed, built and prepared."""
    caplog.set_level("DEBUG")
    with transaction.atomic(), replaying(local(NOW)):
        seal_and_build()
        prepare_editions()
        assert tick.apply().result is None
    rows = read(bytes(ReleaseFile.objects.get(name="release.csv").body))
    could_be_told = {int(row[name]) for row in rows for name in ("value", "lower", "upper")}
    assert len(rows) > 150
    return planted - could_be_told


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


def test_no_answer_holds_one_in_its_headers_or_its_body(released, site, client):
    token = add_recipient("DRSP", "surveillance", basis="loi", by="vie-privee")[1]
    pull = {"Authorization": f"Bearer {token}"}
    manager = signed_in(site, "privacy_officer")
    answers = [manager.get(path) for path in PAGES]
    (told,) = client.get("/api/v1/releases", headers=pull).json()
    names = {f"/api/v1/releases/{told['id']}/{name}": name for name in told["formats"]}
    answers += [client.get(path, headers=pull) for path in names]
    for answer in answers:
        assert answer.status_code == 200, answer.request["PATH_INFO"]
        assert not found(released, str(answer.headers))
        for text in texts(answer.content):
            assert not found(released, text), answer.request["PATH_INFO"]


def test_no_table_but_the_counts_themselves_holds_one(released):
    with transaction.atomic(), as_owner(), acting(sites=list(Site.objects.values_list("pk", flat=True))):
        with connection.cursor() as cursor:
            holding = set()
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'select t::text from "{table}" t')  # noqa: S608
                if any(found(released, row) for (row,) in cursor.fetchall()):
                    holding.add(table)
    assert holding == INSIDE


def test_no_line_of_the_log_no_cached_value_and_no_message_holds_one(released, caplog, capfd, client):
    client.post("/accounts/login/", {"login": "nobody", "password": "wrong"})
    assert not found(released, caplog.text + "".join(capfd.readouterr()))
    with connection.cursor() as cursor:
        cursor.execute("select cache_key, value from scs_cache")
        for key, value in cursor.fetchall():
            assert not found(released, f"{key} {pickle.loads(base64.b64decode(value))}")  # noqa: S301
    app.send_task("sites.tick")
    queue = redis.Redis.from_url(settings.CELERY_BROKER_URL)
    messages = [m for key in queue.keys() if queue.type(key) == b"list" for m in queue.lrange(key, 0, -1)]
    app.control.purge()
    assert messages
    for message in messages:
        body = base64.b64decode(re.search(rb'"body": "([^"]*)"', message)[1])
        assert body.startswith(b"[[], {}, ")  # a task is told nothing: it asks the database
        assert not found(released, (message + body).decode())
