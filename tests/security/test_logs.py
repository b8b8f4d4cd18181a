"""What goes wrong is written with its place, and with nothing that was typed, sent or asked."""

import io
import json
import logging
import re

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from gunicorn.config import Config

from harmreduction.logs import Gunicorn, Line
from sites import tasks
from sites.people.devices import enrol
from sites.people.models import Staff
from sites.tablet import views as records
from sites.visits import views as visits
from tests.factories import ref

PLANTED = "Planted-Handle-7719"


@pytest.fixture
def lines():
    """Everything that any logger says, as the log would hold it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Line())
    logging.root.addHandler(handler)
    yield written
    logging.root.removeHandler(handler)


def test_the_log_is_shaped_by_the_allow_list():
    (handler,) = settings.LOGGING["root"]["handlers"]
    formatter = settings.LOGGING["handlers"][handler]["formatter"]
    assert settings.LOGGING["formatters"][formatter] == {"()": "harmreduction.logs.Line"}
    assert not any("handlers" in one for one in settings.LOGGING["loggers"].values())


def test_a_fault_is_placed_and_quotes_nothing(site, lines, monkeypatch):
    def broken(*_given, **_named):
        local = PLANTED  # noqa: F841 - what a debugger would show
        raise ValueError(f"cannot take {PLANTED}")

    monkeypatch.setattr(visits, "render", broken)
    client = Client(raise_request_exception=False)
    client.force_login(Staff.objects.get(code="s01-01"))
    answer = client.get(f"/visits/new?handle={PLANTED}", headers={"User-Agent": PLANTED})
    assert answer.status_code == 500
    said = lines.getvalue()
    assert "ValueError" in said
    assert "test_logs.py" in said
    assert PLANTED not in said + answer.text


def twice(*_given, **_named):
    """What the database says of a row that is there already: its values."""
    with transaction.atomic():
        for _n in range(2):
            Staff.objects.create(code=PLANTED)


def test_a_fault_of_the_database_quotes_no_row(site, lines, monkeypatch):
    monkeypatch.setattr(records, "submit", twice)
    _device, token = enrol(site)
    headers = {"Authorization": f"Device {token}"}
    sent = {"records": [{"note": PLANTED}]}
    with pytest.raises(IntegrityError, match=f"{PLANTED}.* already exists"):
        Client().post("/api/v1/records", sent, content_type="application/json", headers=headers)
    said = lines.getvalue()
    assert re.search(r"scs.web not answered: IntegrityError at cursor.py:\d+ under views.py:\d+", said)
    assert PLANTED not in said


def test_what_is_refused_at_a_door_is_not_written(site, lines):
    client = Client(raise_request_exception=False)
    client.post("/api/v1/records", {"records": PLANTED}, headers={"Authorization": f"Device {PLANTED}"})
    client.post("/accounts/login/", {"login": PLANTED, "password": PLANTED})
    client.get(f"/{PLANTED}/{ref()}?q={PLANTED}", headers={"User-Agent": PLANTED, "Host": PLANTED})
    assert PLANTED not in lines.getvalue()


def test_a_fault_of_the_worker_quotes_no_row(site, lines, monkeypatch):
    monkeypatch.setattr(tasks, "DUE", [twice])
    assert tasks.tick.apply().successful()
    monkeypatch.setattr(tasks, "beat", twice)
    assert PLANTED in str(tasks.tick.apply().result)
    said = lines.getvalue()
    assert "scs.tick twice failed: " in said
    assert re.search(r"ERROR celery.app.trace .*IntegrityError at", said)
    assert PLANTED not in said


@pytest.mark.parametrize(
    ("given", "written"),
    [
        (("Refused %s from %s", PLANTED, "192.0.2.7"), "Refused %s from %s"),
        ((f"Refused {PLANTED} from 192.0.2.7",), "test_logs:"),
    ],
)
def test_of_others_only_their_own_words_are_written(lines, given, written):
    try:
        raise KeyError(PLANTED)
    except KeyError:
        logging.getLogger("kombu.somewhere").exception(*given)
    said = lines.getvalue()
    assert written in said
    assert "KeyError at test_logs.py" in said
    assert PLANTED not in said
    assert "192.0.2.7" not in said


def test_what_a_library_raises_names_the_line_of_ours_that_led_there(site, lines, monkeypatch):
    monkeypatch.setattr(visits, "render", lambda *_given, **_named: json.loads(PLANTED))
    client = Client(raise_request_exception=False)
    client.force_login(Staff.objects.get(code="s01-01"))
    client.get("/visits/new")
    assert re.search(r"JSONDecodeError at decoder.py:\d+ under views.py:\d+", lines.getvalue())


def test_the_web_server_writes_in_the_same_shape(capfd):
    log = Gunicorn(Config())
    log.warning(f"Invalid request from ip=192.0.2.7: {PLANTED}")
    log.error("Error handling request %s", f"/visits/?q={PLANTED}")
    said = capfd.readouterr().err
    assert "Error handling request %s" in said
    assert PLANTED not in said
    assert "192.0.2.7" not in said
