"""Strings typed into every field where a person could be named: in clear in none of the places they pass."""

import io
import json
import logging
import os
import random
import string
import tempfile
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from harmreduction.celery import app
from harmreduction.engines import postgres
from harmreduction.logs import Line
from harmreduction.pg.scope import acting, as_owner
from sites.people.devices import enrol
from sites.people.models import StaffSession
from sites.people.sessions import SessionStore
from sites.places.models import Site
from sites.records.handles import HANDLE
from sites.records.stories import KINDS
from sites.records.terms import FREE_TEXT
from sites.tablet.openapi import document
from tests.factories import make_staff, record
from tests.releases.test_planted import told
from tests.security.mutating import example
from tests.tablet_app.profile import found

SEED = 20261123
FEW, MANY = 60, 500
IN_CLEAR = "CONTROLINCLEAR"
# Every field of a record that is free text or a handle, and the reason of every change.
TYPED = [
    (name, field)
    for name, kind in KINDS.items()
    for field in kind.form.base_fields
    if field == HANDLE or field in FREE_TEXT
]
CHANGED = [("record.voided", "reason"), ("record.corrected", "reason")]


@pytest.fixture
def lines():
    """What the log holds: of every logger, at every level."""
    written, root = io.StringIO(), logging.getLogger()
    handler, before = logging.StreamHandler(written), root.level
    handler.setFormatter(Line())
    root.addHandler(handler)
    root.setLevel("DEBUG")
    yield written
    root.setLevel(before)
    root.removeHandler(handler)


def words(count: int) -> list[str]:
    dice = random.Random(SEED)
    return ["PLANTED" + "".join(dice.choices(string.ascii_uppercase, k=14)) for _n in range(count)]


def type_everywhere(site: Site, planted: list[str]) -> None:
    """Each word through one field: of a tablet's record, right or refused, of a change, of a door."""
    with transaction.atomic(), acting(sites=[site.pk]):
        _device, token = enrol(site, "Accueil")
        person = make_staff("s01-40", site)
    tablet = Client(raise_request_exception=False, headers={"Authorization": f"Device {token}"})
    desk, nobody = Client(raise_request_exception=False), Client(raise_request_exception=False)
    with transaction.atomic():
        desk.force_login(person)
    target = record("turnaway.recorded", {"reason": "full", "count": 1})
    tell(tablet, target)
    ways = [
        *(lambda word, way=way: tell(tablet, of(*way, word)) for way in TYPED),
        *(lambda word, way=way: tell(tablet, change(target, *way, word)) for way in CHANGED),
        *(lambda word, way=way: tell(tablet, refused(*way, word)) for way in TYPED),
        lambda word: tell(tablet, record("visit.arrived", {"Handle": word, "deep": {"HANDLE": [word]}})),
        lambda word: tell(tablet, record("naloxone.received", {"unknown": word})),
        lambda word: tablet.post("/api/v1/records", word, content_type="application/json"),
        lambda word: tablet.get(f"/api/v1/tablet/events/{word}"),
        lambda word: post(
            tablet, "/api/v1/tablet/last-time", {"staff": "s01-40", "unlock": word, "handle": word}
        ),
        lambda word: post(tablet, "/api/v1/tablet/unlock", {"staff": word, "pin": word}),
        lambda word: post(nobody, "/api/v1/tablet/enrol", {"code": word}),
        lambda word: nobody.post("/accounts/login/", {"login": word, "password": word}),
        lambda word: nobody.get(f"/visits/{word}/?q={word}", headers={"User-Agent": word, "Referer": word}),
        lambda word: nobody.get("/api/v1/releases", headers={"Authorization": f"Bearer {word}"}),
        lambda word: desk.post("/visits/new", {"handle": word, "act": "wait"}),
        lambda word: desk.post("/accounts/reauthenticate/", {"password": word}),
        lambda word: desk.post("/me/pin", {"pin": word, "again": word}),
        lambda word: desk.post("/logbook/new/incident", {"kind": "fire", "notes": word, "time": word}),
        lambda word: desk.get(f"/logbook/?day={word}"),
    ]
    for n, word in enumerate(planted):
        assert ways[n % len(ways)](word).status_code < 500
    tell(tablet, of("naloxone.received", "lot_code", IN_CLEAR))
    assert len(planted) >= len(ways)


def of(kind: str, field: str, word: str) -> dict:
    schema = {"$ref": f"#/components/schemas/{kind.replace('.', '_')}"}
    return record(kind, example(schema, document())["data"] | {field: word})


def refused(kind: str, field: str, word: str) -> dict:
    return record(kind, {field: word, "nonsense": [word]})


def change(target: dict, kind: str, field: str, word: str) -> dict:
    more = {"data": {"count": 2}} if kind == "record.corrected" else {}
    return record(kind, {"target": target["id"], field: word, **more})


def tell(tablet: Client, one: dict):
    return post(tablet, "/api/v1/records", {"records": [one]})


def post(client: Client, path: str, body: dict):
    return client.post(path, json.dumps(body), content_type="application/json")


# --- Where they are looked for ------------------------------------------------------------
def database() -> str:
    """Every row of every table as a dump would write it, and what a session holds once it is opened."""
    everything = []
    with transaction.atomic(), as_owner(), acting(sites=list(Site.objects.values_list("pk", flat=True))):
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'select t::text from "{table}" t')  # noqa: S608
                everything += [row for (row,) in cursor.fetchall()]
        everything += [str(SessionStore().decode(one.session_data)) for one in StaffSession.objects.all()]
    return "\n".join(everything)


def queue() -> str:
    app.send_task("sites.tick")
    kept = redis.Redis.from_url(settings.CELERY_BROKER_URL)
    content = [value for key in kept.keys() for value in [key, *told(kept, key)]]
    app.control.purge()
    assert any(b"sites.tick" in value for value in content)
    return b"\n".join(content).decode(errors="replace")


def processes() -> str:
    """Command line and environment of everything that runs as us."""
    content = []
    for entry in Path("/proc").glob("[0-9]*"):
        for name in ("environ", "cmdline"):
            try:
                content.append((entry / name).read_bytes())
            except OSError:
                continue
    assert any(b"postgres" in one for one in content)
    return b"\n".join(content).decode(errors="replace")


def in_clear(planted: list[str], text: str) -> set[str]:
    """Those that can be read in a text, as they are or as bytes written in hexadecimal."""
    low = text.lower()
    return {word for word in planted if word.lower() in low or word.encode().hex() in low}


def everywhere(planted: list[str], log: str) -> dict[str, set[str]]:
    places = {"database": database(), "queue": queue(), "processes": processes(), "log": log}
    return {place: seen for place, text in places.items() if (seen := in_clear(planted, text))}


def test_what_names_someone_is_typed_through_every_door_and_read_in_no_place(site, lines):
    planted = words(FEW)
    type_everywhere(site, planted)
    assert everywhere(planted, lines.getvalue()) == {}
    assert in_clear([IN_CLEAR], database()) == {IN_CLEAR}


@pytest.mark.full
def test_five_hundred_words_are_on_no_disk(committed_site, lines, monkeypatch, tmp_path):
    """The same, committed: also in PostgreSQL's files and journal, Valkey's, the log's, what is temporary."""
    planted = words(MANY)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    type_everywhere(committed_site, planted)
    assert everywhere(planted, lines.getvalue()) == {}
    ours = Path(os.environ["DATA_DIR"])
    on_disk = [found(folder, [*planted, IN_CLEAR]) for folder in {ours, postgres.home(ours), tmp_path}]
    assert set().union(*on_disk) == {IN_CLEAR}
