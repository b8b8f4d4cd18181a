"""A file that a tablet saved is taken back in through the door of the API."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.keyring.boxes import public_key
from sites.people.devices import enrol
from sites.people.models import Staff
from sites.records.models import Record
from sites.tablet.unsent_file import MAX_FILE_BYTES
from sites.trail.models import TrailEntry
from tests.factories import make_staff, record, ref
from tests.tablet_app.sealing import seal

URL = "/setup/tablets/file/"


@pytest.fixture
def device(site):
    return enrol(site, "Comptoir")[0]


@pytest.fixture
def manager(site, client):
    client.force_login(make_staff("s01-05", site, "manager"))
    return client


def sealed(site, **more) -> dict:
    sent = record("visit.arrived", {"visit": ref()}, when=timezone.now() + timedelta(hours=26))
    return {**seal(public_key(site), sent), **more}


def saved(device, records: list, *, hours_ago: float = 0, **changes) -> bytes:
    saved_at = (timezone.now() - timedelta(hours=hours_ago)).isoformat()
    body = {"format": "scs-unsent-1", "device": str(device.uuid), "saved_at": saved_at, "records": records}
    return json.dumps(body | changes).encode()


def upload(client, raw: bytes):
    return client.post(URL, {"file": SimpleUploadedFile("a-envoyer.json", raw)})


def test_a_file_is_taken_in_once_and_its_ages_went_on_counting(manager, site, device):
    raw = saved(device, [sealed(site, age_s=60), {**sealed(site), "sealed": "x"}], hours_ago=5)
    answer = upload(manager, raw)
    assert answer.status_code == 200
    assert [(status.value, n) for status, n in answer.context["told"]] == [("created", 1), ("quarantined", 1)]
    kept = Record.objects.get(status="created")
    assert timedelta(minutes=301) <= kept.received_at - kept.occurred_at < timedelta(minutes=302)
    assert kept.device == str(device.uuid)
    assert [(s.value, n) for s, n in upload(manager, raw).context["told"]] == [("duplicate", 2)]
    assert TrailEntry.objects.filter(action="tablet file taken in", actor="s01-05").count() == 2


def test_a_file_without_the_servers_time_tells_no_age(manager, site, device):
    upload(manager, saved(device, [sealed(site, age_s=60)], saved_at=None))
    assert Record.objects.get().flags == ["clock_ahead", "clock_unsure"]


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff", b"[]", b"{}", b'{"format": "scs-unsent-1"}', b"[" * 100_000],
    ids=["empty", "not utf-8", "list", "object", "no records", "deep"],
)
def test_what_is_no_file_of_a_tablet_is_refused_in_one_sentence(manager, raw):
    answer = upload(manager, raw)
    assert answer.status_code == 422
    assert answer.content.decode().count('href="#id_file"') == 1


def test_a_file_of_another_site_is_refused(manager, site, other_site):
    with acting(sites=[other_site.pk]):
        elsewhere, _token = enrol(other_site)
    answer = upload(manager, saved(elsewhere, [sealed(site)]))
    assert answer.status_code == 422
    assert not Record.objects.exists()


def test_records_of_any_shape_get_their_receipts(manager, device):
    odd = [None, 5, [], {}, {"age_s": True}, {"sealed": 1, "age_s": 1e400}, {"age_s": "x", "data": []}]
    answer = upload(manager, saved(device, odd))
    assert sum(n for _status, n in answer.context["told"]) == len(odd)


def test_a_file_of_more_than_a_batch_is_taken_whole(manager, site, device):
    raw = saved(device, [{"id": ref()} for _ in range(501)])
    assert sum(n for _status, n in upload(manager, raw).context["told"]) == 501


def test_a_file_as_large_as_is_said_is_taken(manager, site, device):
    raw = saved(device, [sealed(site)]).ljust(MAX_FILE_BYTES)
    assert [status.value for status, _n in upload(manager, raw).context["told"]] == ["created"]
    assert "16 Mio" in upload(manager, raw + b" ").text


def test_a_revoked_tablets_file_is_set_aside(manager, site, device):
    device.revoked_at = timezone.now()
    device.save()
    assert [s.value for s, _ in upload(manager, saved(device, [sealed(site)])).context["told"]] == [
        "quarantined"
    ]


def test_a_nurse_takes_in_nothing(client, site):
    client.force_login(Staff.objects.get(code="s01-01"))
    assert client.get(URL).status_code == 403
    assert upload(client, b"{}").status_code == 403


def test_the_command_says_how_many_got_which_receipt(site, device, tmp_path, capsys):
    file = tmp_path / "a-envoyer.json"
    file.write_bytes(saved(device, [sealed(site, age_s=1)]))
    call_command("take_tablet_file", file, site=site.code)
    assert capsys.readouterr().out == "created 1\n"
    file.write_bytes(b"{}")
    with pytest.raises(CommandError):
        call_command("take_tablet_file", file, site=site.code)
