"""The records API as a tablet meets it."""

import json
import resource
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from sites.people.devices import enrol
from sites.records.models import Record
from tests.factories import record, ref

URL = "/api/v1/records"


@pytest.fixture
def tablet(site):
    device, token = enrol(site)

    class Tablet:
        row = device
        headers = {"Authorization": f"Device {token}"}

        def post(self, body, **headers):
            raw = body if isinstance(body, bytes | str) else json.dumps(body)
            return Client().post(
                URL, raw, content_type="application/json", headers={**self.headers, **headers}
            )

        def send(self, *records, **headers):
            return self.post({"records": list(records)}, **headers)

    return Tablet()


def test_records_get_receipts_in_their_order(tablet):
    visit = ref()
    first = record("visit.arrived", {"visit": visit})
    answer = tablet.send(record("visit.checked", {"visit": ref()}), first, first)
    assert answer.status_code == 200
    body = answer.json()
    assert [r["status"] for r in body["receipts"]] == ["held", "created", "duplicate"]
    assert body["receipts"][1] == {"id": first["id"], "status": "created", "errors": {}}
    assert body["server_time"] <= timezone.now().isoformat()


@pytest.mark.parametrize("token", ["", "Device", "Device nope", "Bearer nope", "Device \x00", "Device é"])
def test_a_token_that_is_not_known_is_401(site, token):
    answer = Client().post(URL, "{}", content_type="application/json", headers={"Authorization": token})
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "token"


def test_an_unknown_address_answers_a_program_in_its_own_form(site, client):
    paths = "/api/v1/nothing", "/api/v1/public/regions/%2C/rows.csv", "/nothing"
    asked = [client.get(path) for path in paths]
    assert [one.status_code for one in asked] == [404] * 3
    assert [one.json()["error"]["code"] for one in asked[:2]] == ["unknown"] * 2
    assert asked[2]["Content-Type"].startswith("text/html")


def test_a_revoked_tablet_is_quarantined_not_dropped(tablet):
    tablet.row.revoked_at = timezone.now()
    tablet.row.save()
    receipt = tablet.send(record("visit.arrived", {"visit": ref()})).json()["receipts"][0]
    assert receipt["status"] == "quarantined"
    assert Record.objects.get().status == "quarantined"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"\xff\xfe", 422),
        (b"[]", 422),
        (b"null", 422),
        (b'{"records": {}}', 422),
        (b'{"records": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 422),
        (b'{"records": [' + b"9" * 5000 + b"]}", 422),
        (b'{"records": [' + b"1," * 500 + b"1]}", 413),
        (b" " * (1024 * 1024 + 1), 413),
    ],
    ids=["empty", "not utf-8", "list", "null", "object", "deep", "long number", "501", "1 MiB and 1"],
)
def test_a_bad_body_gets_one_clear_sentence(tablet, body, status):
    answer = tablet.post(body)
    assert answer.status_code == status
    assert set(answer.json()["error"]) == {"code", "message"}


NASTY = [
    None,
    True,
    0,
    -1,
    1e309,
    2**70,
    "",
    "\x00",
    "\ud800",
    "é" * 500,
    [],
    {},
    [None],
    {"a": {}},
    "2026-13-45",
]


@pytest.mark.parametrize("value", NASTY, ids=repr)
@pytest.mark.parametrize(
    "field", ["id", "kind", "occurred_at", "entered_at", "seq", "by", "data", "age_s", "x"]
)
def test_a_bad_frame_is_kept_and_named_never_a_500(tablet, field, value):
    sent = {**record("visit.arrived", {"visit": ref()}), field: value}
    answer = tablet.send(sent, record("turnaway.recorded", {"reason": "full", "count": 1}))
    assert answer.status_code == 200
    receipts = answer.json()["receipts"]
    assert receipts[0]["status"] in {"created", "invalid", "quarantined"}
    assert receipts[1]["status"] == "created"
    assert tablet.send(sent).json()["receipts"][0]["status"] == "duplicate"


@pytest.mark.parametrize("value", NASTY, ids=repr)
@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("visit.arrived", {"visit": ref(), "gender": "f", "handle": "A1"}),
        ("visit.assessed", {"visit": ref(), "substances": ["fentanyl"], "route": "in"}),
        ("visit.seated", {"visit": ref(), "booth": "1"}),
        ("turnaway.recorded", {"reason": "full", "count": 1}),
        ("overdose.step", {"event": ref(), "step": "vitals", "measure": "spo2", "value": 88}),
        (
            "overdose.dose",
            {"event": ref(), "product": "nal-in-4", "route": "in", "dose_mg": 4, "given_by": "staff_nurse"},
        ),
        (
            "overdose.closed",
            {
                "event": ref(),
                "presentation": "mixed",
                "outcome": "recov",
                "ems_called": "no",
                "endpoint_rr": 12,
                "endpoint_spo2": "not_assessed",
                "endpoint_awake": "yes",
            },
        ),
        (
            "naloxone.received",
            {"lot": ref(), "product": "nal-in-4", "lot_code": "A", "expiry": "2028-01", "quantity": 3},
        ),
        ("record.corrected", {"target": ref(), "reason": "x", "data": {"gender": "m"}}),
        ("client.agreed", {"handle": "A1", "version": "3", "language": "fr"}),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_bad_values_in_data_never_end_in_a_500(tablet, kind, data, value):
    for name in [*data, "unknown"]:
        answer = tablet.send(record(kind, {**data, name: value}))
        assert answer.status_code == 200, name
        assert answer.json()["receipts"][0]["status"] in {"created", "invalid", "held", "conflict"}


def test_a_lost_key_is_a_503_that_loses_nothing(tablet, settings, tmp_path):
    settings.KEYS_DIR = tmp_path
    sent = record("visit.arrived", {"visit": ref()})
    assert tablet.send(sent).status_code == 200
    (tmp_path / "S01-handle.key").write_bytes(b"x" * 32)
    answer = tablet.send(record("visit.arrived", {"visit": ref()}))
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert Record.objects.count() == 1


def test_a_disk_that_takes_no_key_is_a_503_and_then_all_is_well(tablet, settings, tmp_path):
    settings.KEYS_DIR = tmp_path
    sent = record("visit.arrived", {"visit": ref(), "handle": "LUNE4"})
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        full = tablet.send(sent)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (full.status_code, full["Retry-After"]) == (503, "5")
    assert not list(tmp_path.iterdir())
    assert tablet.send(sent).json()["receipts"][0]["status"] == "created"


def test_messages_speak_the_language_of_the_request(tablet):
    sent = record("visit.flown", {})
    french = tablet.send(sent, **{"Accept-Language": "fr"}).json()["receipts"][0]
    assert french["errors"]["kind"][0]["message"] == "Ce genre de saisie n’existe pas."


def test_every_kind_is_described(tablet):
    schemas = Client().get("/api/v1/openapi.json").json()["components"]["schemas"]
    dose = schemas["overdose_dose"]["properties"]["data"]
    assert set(dose["required"]) == {"event", "product", "route", "dose_mg", "given_by"}
    assert "nal-in-4" in dose["properties"]["product"]["enum"]
    assert {"visit_arrived", "record_voided", "naloxone_counted"} <= set(schemas)


def test_every_code_list_is_served_in_both_languages(tablet):
    lists = Client().get("/api/v1/codes").json()
    assert lists["substances"][0] == {
        "code": "fentanyl",
        "label_fr": "Fentanyl",
        "label_en": "Fentanyl",
        "valid_from": None,
        "valid_to": None,
    }
    assert [row["code"] for row in lists["product"]] == ["nal-in-4", "nal-im-0.4"]


@pytest.mark.parametrize(("lag", "counted"), [(0, 0), (40, 40), (119, 119), (-60, -60), (7200, 0)])
def test_an_age_goes_on_counting_while_it_is_under_way(tablet, lag, counted):
    sent_at = (timezone.now() - timedelta(seconds=lag)).isoformat()
    sent = record("turnaway.recorded", {"reason": "full", "count": 1}, age_s=300)
    plain = record("turnaway.recorded", {"reason": "full", "count": 1})
    assert tablet.post({"records": [sent, plain], "sent_at": sent_at}).status_code == 200
    kept = Record.objects.get(record_id=sent["id"])
    assert abs((kept.received_at - kept.occurred_at).total_seconds() - 300 - counted) < 1
    assert Record.objects.get(record_id=plain["id"]).occurred_at.isoformat() == plain["occurred_at"]


@pytest.mark.parametrize("sent_at", [*NASTY, "2099-01-01T00:00:00Z", "1970-01-01T00:00:00Z"], ids=repr)
def test_a_bad_time_of_sending_counts_as_none(tablet, sent_at):
    sent = record("turnaway.recorded", {"reason": "full", "count": 1}, age_s=300)
    assert tablet.post({"records": [sent], "sent_at": sent_at}).status_code == 200
    kept = Record.objects.get()
    assert (kept.received_at - kept.occurred_at).total_seconds() == 300
