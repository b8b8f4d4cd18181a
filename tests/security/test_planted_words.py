"""Strings typed into every field where a person could be named: in clear in none of the places they pass."""

import io
import json
import logging
import random
import string
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from harmreduction.backups import keys
from harmreduction.backups.making import back_up
from harmreduction.backups.scratch import PREFIX
from harmreduction.logs import Line
from harmreduction.pg.scope import acting
from sites.holds.models import LegalHold
from sites.people.devices import enrol
from sites.places.models import Site
from sites.records.handles import HANDLE
from sites.records.stories import KINDS
from sites.records.terms import FREE_TEXT
from sites.retention.services import place_hold
from sites.tablet.openapi import document
from tests.backups.made import address
from tests.factories import make_staff, record, ref
from tests.security.mutating import example
from tests.security.searching import (
    database,
    dump,
    everywhere,
    in_clear,
    on_disk,
    opened_backup,
    searched_while_it_is_there,
)
from tests.tablet_app.profile import found

SEED = 20261123
FEW, MANY = 60, 500
IN_CLEAR = "CONTROLINCLEAR"
# Every word begins so; where this is not, none of them is.
SIGN = "PLANTQZX"
BOTH = [SIGN, IN_CLEAR]
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
    return [SIGN + "".join(dice.choices(string.ascii_uppercase, k=14)) for _n in range(count)]


def type_everywhere(site: Site, planted: list[str]) -> None:
    """Each word through one field: of a tablet's record, right or refused, of a change, of a door."""
    with transaction.atomic(), acting(sites=[site.pk]):
        _device, token = enrol(site, "Accueil")
        person, keeper = make_staff("s01-40", site), make_staff("s01-41", site, "privacy_officer")
        hold = LegalHold(site=site, reason="ordonnance")
        place_hold(hold, by=keeper.code)
    tablet = Client(raise_request_exception=False, headers={"Authorization": f"Device {token}"})
    desk, nobody = Client(raise_request_exception=False), Client(raise_request_exception=False)
    officer, lift = Client(raise_request_exception=False), f"/retention/holds/{hold.ref}/lift"
    with transaction.atomic():
        desk.force_login(person)
        officer.force_login(keeper)
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
        lambda word: officer.post(lift, {"why": word}),
        lambda word: desk.post("/me/pin", {"pin": word, "again": word}),
        lambda word: desk.post("/me/password", {"password": word, "again": word}),
        lambda word: desk.post("/logbook/new/incident", {"kind": "fire", "notes": word, "time": word}),
        lambda word: desk.get(f"/logbook/?day={word}"),
    ]
    for n, word in enumerate(planted):
        assert ways[n % len(ways)](word).status_code < 500
    box = {"product": "nal-in-4", "lot_code": IN_CLEAR, "expiry": "2027-09", "quantity": 1, "lot": ref()}
    tell(tablet, record("naloxone.received", box))
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


def test_what_names_someone_is_typed_through_every_door_and_read_in_no_place(site, lines):
    type_everywhere(site, words(FEW))
    assert everywhere([SIGN], lines.getvalue()) == {}
    assert in_clear([IN_CLEAR], database()) == {IN_CLEAR}


@pytest.mark.full
def test_five_hundred_words_are_on_no_disk_and_in_no_copy(committed_site, lines, monkeypatch, tmp_path):
    """The same, committed: in files and journals, Valkey’s too, what is temporary, a dump, a backup."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    type_everywhere(committed_site, words(MANY))
    assert everywhere([SIGN], lines.getvalue()) == {}
    assert on_disk(Path(settings.DATA_DIR), BOTH) | found(tmp_path, BOTH) == {IN_CLEAR}
    assert in_clear(BOTH, dump()) == {IN_CLEAR}
    judge_a_backup(monkeypatch, tmp_path)
    assert everywhere([SIGN], lines.getvalue()) == {}


def judge_a_backup(monkeypatch, folder: Path) -> None:
    public, private = keys.new_pair()
    monkeypatch.setattr(settings, "BACKUP_DATABASE_URL", address("dump"))
    monkeypatch.setattr(settings, "BACKUP_RECIPIENT", public)
    restored: set[str] = set()
    made = back_up(folder / "night.age", lambda: searched_while_it_is_there(BOTH, restored))
    assert made.differences == []
    assert found(folder, BOTH) == set()
    # Who has its key reads what lies open in the database, and no more.
    assert in_clear(BOTH, opened_backup(made.path, private)) == restored == {IN_CLEAR}
    assert not list(Path(settings.DATA_DIR).glob(f"{PREFIX}*"))
