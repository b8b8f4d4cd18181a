import hashlib
import hmac
import socket
import threading
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.utils import timezone

from sites.recipients import push
from sites.recipients.models import Disclosure, Push, Recipient
from sites.recipients.services import add_recipient, keep, revoke
from tests.recipients.test_pages import confirmed
from tests.releases.published import signed_in, text


class Elsewhere(HTTPServer):
    """A recipient's server: keeps what it was sent, and answers as it is told."""

    status, location = 200, ""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.taken: list[tuple[dict, bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/inbox"


class Handler(BaseHTTPRequestHandler):
    server: Elsewhere

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def elsewhere():
    with Elsewhere() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def body(published, elsewhere) -> Recipient:
    row = add_recipient("DRSP", "surveillance", basis="entente", by="x")[0]
    row.formats = ["csv", "json"]
    keep(row, what=["formats"], by="x")
    push.push_to(row, elsewhere.url, by="vie-privee")
    Recipient.objects.update(push_since=date(2026, 11, 22))
    row.refresh_from_db()
    return row


def test_what_is_new_is_pushed_once_signed_and_written_down(body, elsewhere):
    assert push.push_due() == 2
    assert push.push_due() == 0
    secret = push.secret_of(body)
    for headers, sent in elsewhere.taken:
        signed = headers["X-Timestamp"].encode() + b"." + sent
        expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        assert headers["X-Signature"] == f"sha256={expected}"
        assert headers["X-Content-Sha256"] == hashlib.sha256(sent).hexdigest()
        assert headers["X-Release-Id"] == "2026-11-22"
    lines = Disclosure.objects.filter(recipient="DRSP", way="push", by="push")
    assert {line.what for line in lines} == {"2026-11-22/release.csv", "2026-11-22/release.json"}
    assert {line.sha256 for line in lines} == {
        hashlib.sha256(sent).hexdigest() for _h, sent in elsewhere.taken
    }


def test_what_is_refused_is_tried_again_later_and_each_time_is_written_down(body, elsewhere):
    elsewhere.status = 503
    assert push.push_due() == 0
    waiting = Push.objects.filter(recipient=body)
    assert {(one.attempts, one.answer) for one in waiting} == {(1, "503")}
    assert all(one.due_at > timezone.now() for one in waiting)
    assert push.push_due() == 0
    assert len(elsewhere.taken) == 2
    elsewhere.status = 200
    waiting.update(due_at=timezone.now())
    assert push.push_due() == 2
    assert Disclosure.objects.count() == 4


def test_what_never_left_is_not_written_down(body, elsewhere):
    elsewhere.shutdown()  # who looks whether someone comes keeps the door open
    elsewhere.server_close()
    with socket.socket() as silent:  # another test may have a server by now where nobody keeps the place
        silent.bind(elsewhere.server_address)
        assert push.push_due() == 0
    assert not Disclosure.objects.exists()
    assert {one.answer for one in Push.objects.all()} == {"ConnectionRefusedError"}


def test_after_the_last_attempt_a_person_asks_again(body, elsewhere):
    elsewhere.status = 500
    push.push_due()
    for _ in push.WAITS:
        Push.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        push.push_due()
    assert Push.objects.filter(given_up_at=None).count() == 0
    sent = len(elsewhere.taken)
    Push.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert push.push_due() == 0
    assert len(elsewhere.taken) == sent == 2 * (len(push.WAITS) + 1)
    elsewhere.status = 200
    assert push.try_again(body, by="vie-privee") == 2
    assert push.push_due() == 2


def test_a_redirection_is_not_followed(body, elsewhere):
    elsewhere.status, elsewhere.location = 307, elsewhere.url
    push.push_due()
    assert len(elsewhere.taken) == 2
    assert {one.answer for one in Push.objects.all()} == {"307"}


def test_nothing_goes_to_who_was_revoked_or_ended_it(body, elsewhere):
    push.push_to(body, "", by="vie-privee")
    assert push.push_due() == 0
    push.push_to(body, elsewhere.url, by="vie-privee")
    Recipient.objects.update(push_since=date(2026, 11, 22))
    revoke(body, by="vie-privee")
    assert push.push_due() == 0
    assert elsewhere.taken == []


def test_what_was_released_before_is_pulled_not_pushed(body, elsewhere):
    Recipient.objects.update(push_since=date(2026, 11, 23))
    assert push.push_due() == 0
    assert elsewhere.taken == []


def test_another_address_has_another_secret(body):
    before = push.secret_of(body)
    push.push_to(body, "https://elsewhere.example/", by="x")
    assert push.secret_of(body) != before


def test_the_page_tells_the_secret_after_the_password(published, settings):
    settings.PUSH_SCHEMES = ["https"]
    row = add_recipient("DRSP", "surveillance", basis="entente", by="x")[0]
    officer = signed_in(published[0], "privacy_officer")
    address = f"/releases/recipients/{row.pk}/push"
    assert confirmed(officer, address).status_code == 200
    for wrong in (
        "http://a.example/",
        "ftp://a.example/",
        "https://u:p@a.example/",
        "file:///etc/passwd",
        "x",
        "a\x00",
    ):
        assert officer.post(address, {"push_url": wrong}).status_code == 422, wrong
    assert officer.post(address, {"push_url": "https://inbox.example/scs"}).status_code == 302
    row.refresh_from_db()
    assert push.secret_of(row) in text(officer.get(address))
    assert officer.post(f"{address}/again").status_code == 302
    assert signed_in(published[0], "manager").get(address).status_code == 403
