"""Releases pushed to a recipient's address: signed, tried again, and written down like any transmission.

The signature is HMAC-SHA256 over `<timestamp>.<body>`; its secret is derived from the server's own key and
the address, so that nothing of it is stored, and another address has another one.
"""

import hashlib
import hmac
import http.client
import socket
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from sites.recipients.models import Push, Recipient
from sites.recipients.queries import file_of, formats_of, releases_of
from sites.recipients.services import File, disclose
from sites.recipients.terms import Way
from sites.releases.files import FORMATS
from sites.trail.services import note

TIMEOUT_S = 10
# How long one tick pushes, so that other work does not wait.
SECONDS = 15.0
# After each attempt that failed; after the last, a person must ask again.
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 1440)]


@dataclass(frozen=True)
class Answer:
    """What came back. Not `reached`: no connection was made, so nothing left."""

    words: str
    taken: bool = False
    reached: bool = True


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """What is for one address goes to no other."""

    def redirect_request(self, *args, **kwargs):
        return None


def secret_of(recipient: Recipient) -> str:
    """What the recipient checks signatures with; told to it, stored nowhere."""
    named = f"{recipient.pk}|{recipient.created_at.isoformat()}|{recipient.push_url}"
    return salted_hmac("sites.recipients.push", named, algorithm="sha256").hexdigest()


def signature(secret: str, timestamp: str, body: bytes) -> str:
    return hmac.digest(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hex()


@transaction.atomic
def push_to(recipient: Recipient, url: str, *, by: str) -> None:
    """Push what is released from today on to this address; to none when it is empty."""
    Recipient.objects.filter(pk=recipient.pk).update(push_url=url, push_since=timezone.now().date())
    recipient.refresh_from_db()
    action = "push address set" if url else "push ended"
    note(action, actor=by, about="recipient", about_id=recipient.pk)


@transaction.atomic
def try_again(recipient: Recipient, *, by: str) -> int:
    """What was given up is due at once; how many."""
    given_up = Push.objects.filter(recipient=recipient, given_up_at__isnull=False)
    again = given_up.update(given_up_at=None, attempts=0, due_at=timezone.now())
    note("pushes tried again", actor=by, about="recipient", about_id=recipient.pk)
    return again


# --- Found and sent ----------------------------------------------------------------------
def push_due(seconds: float = SECONDS) -> int:
    """Send what is due, one file a transaction, until time is up; how many were taken."""
    until, taken = monotonic() + seconds, 0
    with transaction.atomic():
        _find_new()
        due = list(
            _waiting().filter(due_at__lte=timezone.now()).order_by("due_at").values_list("pk", flat=True)
        )
    for pk in due:
        taken += _send_one(pk)
        if monotonic() > until:
            break
    return taken


def _waiting():
    return Push.objects.filter(
        delivered_at=None, given_up_at=None, recipient__revoked_at=None
    ).exclude(recipient__push_url="")  # fmt: skip


def _find_new() -> None:
    """A row for each file that a recipient gets and was never queued for it."""
    for recipient in Recipient.objects.filter(revoked_at=None).exclude(push_url=""):
        Push.objects.bulk_create(
            (
                Push(recipient=recipient, release_date=release.date, part=release.part, file_format=name,
                     due_at=timezone.now())
                for release in releases_of(recipient)
                if recipient.push_since and release.date >= recipient.push_since
                for name in release.formats
                if name in formats_of(recipient)
            ),
            ignore_conflicts=True,
        )  # fmt: skip


def _send_one(pk: int) -> bool:
    """The log's row is written before the file leaves, and taken back only when nothing left."""
    with transaction.atomic():
        push = _waiting().select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
        if push is None:
            return False
        file = file_of(push.recipient, (push.release_date, push.part), push.file_format)
        if file is None:
            return _note(push, Answer("no such file any more"))
        before = transaction.savepoint()
        disclose(file, to=push.recipient, by="push", way=Way.PUSH)
        answer = send(push.recipient, file, push.file_format, timezone.now())
        if not answer.reached:
            transaction.savepoint_rollback(before)
        return _note(push, answer)


def _note(push: Push, answer: Answer) -> bool:
    at = timezone.now()
    push.attempts, push.answer = push.attempts + 1, answer.words[:60]
    if answer.taken:
        push.delivered_at = at
    elif push.attempts > len(WAITS):
        push.given_up_at = at
    else:
        push.due_at = at + WAITS[push.attempts - 1]
    push.save()
    return answer.taken


def send(recipient: Recipient, file: File, file_format: str, at: datetime) -> Answer:
    """POST one file. The words of an answer hold no address and nothing of what was sent."""
    body, timestamp = bytes(file.body), str(int(at.timestamp()))
    headers = {
        "Content-Type": FORMATS[file_format][1],
        "X-Release-Id": file.release_id,
        "X-Release-Format": file_format,
        "X-Content-SHA256": file.sha256,
        "X-Timestamp": timestamp,
        "X-Signature": f"sha256={signature(secret_of(recipient), timestamp, body)}",
    }
    request = urllib.request.Request(recipient.push_url, body, headers, method="POST")  # noqa: S310
    opener = urllib.request.build_opener(NoRedirect)
    try:
        with opener.open(request, timeout=TIMEOUT_S) as response:
            return Answer(str(response.status), taken=True)
    except urllib.error.HTTPError as refused:
        with refused:
            return Answer(str(refused.code))
    except urllib.error.URLError as failed:
        never = isinstance(failed.reason, (ConnectionRefusedError, socket.gaierror))
        return Answer(type(failed.reason).__name__, reached=not never)
    except (OSError, http.client.HTTPException) as broken:
        return Answer(type(broken).__name__)
