import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from harmreduction.pg.scope import as_owner
from sites.recipients import services, terms
from sites.recipients.models import Disclosure, Recipient, RecipientToken
from sites.recipients.services import add_recipient, add_token
from sites.trail.models import TrailEntry


@pytest.fixture
def body(db) -> Recipient:
    """A public health body that gets every row."""
    return add_recipient("DRSP", "surveillance", basis="entente de 2026", by="vie-privee")[0]


@pytest.fixture
def token(body) -> str:
    return add_token(body, by="vie-privee")[1]


def pull(client, address, token, **headers):
    return client.get(address, headers={"Authorization": f"Bearer {token}", **headers})


def test_a_recipient_pulls_what_was_built_and_it_is_written_down(published, token, client):
    (told,) = pull(client, "/api/v1/releases", token).json()
    assert (told["id"], told["published_at"]) == ("2026-11-22", "2026-11-22T12:00:00Z")
    for name in told["formats"]:
        answer = pull(client, f"/api/v1/releases/2026-11-22/{name}", token)
        assert answer.status_code == 200
        assert answer["ETag"] == f'"{told["sha256"][name]}"'
    assert Disclosure.objects.count() == len(told["formats"])
    assert TrailEntry.objects.filter(action="release sent").count() == len(told["formats"])
    rows = json.loads(pull(client, "/api/v1/releases/2026-11-22/json", token).content)["rows"]
    assert {row["release_id"] for row in rows} == {"2026-11-22"}


def test_the_log_says_when_to_whom_what_why_by_what_right_and_by_whom(published, body, token, client):
    answer = pull(client, "/api/v1/releases/2026-11-22/csv", token)
    line = Disclosure.objects.get()
    assert (line.recipient, line.recipient_ref) == ("DRSP", body.pk)
    assert (line.purpose, line.basis, line.way) == ("surveillance", "entente de 2026", "pull")
    assert line.by == f"token {body.tokens.first().pk}"
    assert (line.what, f'"{line.sha256}"') == ("2026-11-22/release.csv", answer["ETag"])
    assert timezone.now() - line.at < timedelta(minutes=1)


def test_what_the_asker_has_is_not_sent_again(published, token, client):
    first = pull(client, "/api/v1/releases/2026-11-22/csv", token)
    again = pull(client, "/api/v1/releases/2026-11-22/csv", token, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = client.head("/api/v1/releases/2026-11-22/csv", headers={"Authorization": f"Bearer {token}"})
    assert (head.status_code, head.content) == (200, b"")
    assert Disclosure.objects.count() == 1


def test_when_the_log_cannot_be_written_nothing_is_sent(published, token, client, monkeypatch):
    """The row and the file live or die together: here the purpose is longer than the log can hold."""
    Recipient.objects.update(purpose="x" * 200)
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("reset role")
        cursor.execute(
            "alter table scs_disclosure add constraint full_log check (purpose <> repeat('x', 200))"
        )
    client.raise_request_exception = False
    answer = pull(client, "/api/v1/releases/2026-11-22/csv", token)
    assert answer.status_code == 500
    assert b"visits" not in answer.content


@pytest.mark.parametrize("given", ["", "nothing", "\x00", "é"])
def test_without_a_good_token_nothing_is_told(published, token, client, given):
    for address in ("/api/v1/releases", "/api/v1/releases/2026-11-22/csv", "/api/v1/releases/x/csv"):
        answer = pull(client, address, given)
        assert answer.status_code == 401
        assert set(answer.json()["error"]) == {"code", "message"}
        assert client.get(address).status_code == 401
    assert not Disclosure.objects.exists()


def test_a_revoked_token_is_no_token(published, body, token, client):
    other = add_token(body, by="vie-privee")[1]
    services.revoke_token(RecipientToken.objects.order_by("pk").last(), by="vie-privee")
    assert pull(client, "/api/v1/releases", other).status_code == 401
    assert pull(client, "/api/v1/releases", token).status_code == 200


def test_the_tokens_of_a_revoked_recipient_open_nothing(published, body, token, client):
    services.revoke(body, by="vie-privee")
    assert pull(client, "/api/v1/releases", token).status_code == 401


def test_an_expired_token_says_so(published, body, client):
    token = add_token(body, by="vie-privee", expires_at=timezone.now() - timedelta(seconds=1))[1]
    answer = pull(client, "/api/v1/releases/2026-11-22/csv", token)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "expired")
    assert not Disclosure.objects.exists()


def test_too_many_pulls_in_a_minute_wait_and_other_tokens_do_not(published, body, token, client, monkeypatch):
    monkeypatch.setattr(services, "PULLS_A_MINUTE", 3)
    answers = [pull(client, "/api/v1/releases", token).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]
    refused = pull(client, "/api/v1/releases/2026-11-22/csv", token)
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert not Disclosure.objects.exists()
    assert pull(client, "/api/v1/releases", add_token(body, by="x")[1]).status_code == 200


def test_a_minute_later_it_may_pull_again(body, token, monkeypatch):
    monkeypatch.setattr(services, "PULLS_A_MINUTE", 1)
    held = services.token_of(token)
    assert [services.seconds_to_wait(held) > 0 for _ in range(2)] == [False, True]
    RecipientToken.objects.update(window_began_at=timezone.now() - timedelta(seconds=61))
    assert services.seconds_to_wait(held) == 0


def test_the_limit_lets_a_whole_history_through():
    assert terms.PULLS_A_MINUTE >= 500


def test_unknown_files_are_not_found(published, token, client):
    for address in ("2026-11-22/nothing", "2026-11-20/csv", "2026-02-30/csv", "..%2f/csv", "٢٠٢٦-11-22/csv"):
        assert pull(client, f"/api/v1/releases/{address}", token).status_code == 404
    assert client.post("/api/v1/releases").status_code in (403, 405)


def test_a_recipient_gets_its_own_formats_alone(published, body, token, client):
    body.formats = ["json", "manifest"]
    services.keep(body, what=["formats"], by="vie-privee")
    (told,) = pull(client, "/api/v1/releases", token).json()
    assert told["formats"] == list(told["sha256"]) == ["json", "manifest"]
    assert pull(client, "/api/v1/releases/2026-11-22/csv", token).status_code == 404
    assert pull(client, "/api/v1/releases/2026-11-22/json", token).status_code == 200


def test_a_token_is_kept_only_as_a_digest(body, token):
    kept = RecipientToken.objects.values_list()
    assert token not in str(list(kept)) + str(list(Recipient.objects.values_list()))
    assert token not in str(list(TrailEntry.objects.values_list()))


@pytest.mark.parametrize("statement", ["update scs_disclosure set why = 'x'", "delete from scs_disclosure"])
def test_the_log_is_only_added_to(published, token, client, statement):
    pull(client, "/api/v1/releases/2026-11-22/csv", token)
    with as_owner(), connection.cursor() as cursor, transaction.atomic():
        with pytest.raises(DatabaseError, match="only added to"):
            cursor.execute(statement)
        transaction.set_rollback(True)
