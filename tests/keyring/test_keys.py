import multiprocessing
import os
import signal
import stat
import threading
from functools import partial
from pathlib import Path

import pytest
from django.db import connection, transaction

from harmreduction.pg.scope import acting
from sites.keyring import services
from sites.keyring.models import KeyCheck
from sites.keyring.services import KeyMissing, destroy, destroyed_names, key, missing_keys
from sites.keyring.tasks import finish_destroying_keys
from sites.keyring.words import seal, unseal

PROCESSES = multiprocessing.get_context("fork")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    services._checked.clear()
    yield settings.KEYS_DIR
    services._checked.clear()


def the_file(folder) -> Path:
    (path,) = folder.iterdir()
    return path


def test_a_key_is_random_kept_and_readable_by_the_server_alone(site, other_site, folder):
    first = key(site, "ledger-2026")
    assert len(first) == 32
    assert key(site, "ledger-2026") == first
    assert stat.S_IMODE(the_file(folder).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    with acting(sites=[site.pk, other_site.pk]):
        others = {key(site, "ledger-2027"), key(other_site, "ledger-2026"), first}
    assert len(others) == 3


def test_the_database_never_holds_a_key(site):
    secret = key(site, "ledger-2026")
    assert secret.hex() not in KeyCheck.objects.get().digest


def test_a_lost_key_is_refused_and_not_made_again(site, folder):
    key(site, "ledger-2026")
    the_file(folder).unlink()
    with pytest.raises(KeyMissing):
        key(site, "ledger-2026")
    assert list(folder.iterdir()) == []
    assert missing_keys() == ["S01-ledger-2026"]


@pytest.mark.parametrize("content", [b"x" * 32, b"", b"short"])
def test_a_changed_key_is_refused(site, folder, content):
    key(site, "ledger-2026")
    the_file(folder).write_bytes(content)
    with pytest.raises(KeyMissing):
        key(site, "ledger-2026")
    assert missing_keys() == ["S01-ledger-2026"]


def test_nothing_is_missing_when_all_is_there(site):
    key(site, "ledger-2026")
    assert missing_keys() == []


def test_a_lost_key_of_tokens_stops_nothing(site, folder):
    key(site, "token-2026-11")
    the_file(folder).unlink()
    assert missing_keys() == []


def test_a_key_readable_by_others_is_closed_again(site, folder):
    key(site, "ledger-2026")
    the_file(folder).chmod(0o644)
    key(site, "ledger-2026")
    assert stat.S_IMODE(the_file(folder).stat().st_mode) == 0o600


def test_a_code_cannot_leave_the_folder(site, folder):
    site.code = "../out"
    key(site, "ledger-2026")
    assert the_file(folder).parent == folder


def test_a_rolled_back_check_value_is_written_again(committed_site):
    site = committed_site
    with transaction.atomic():
        key(site, "ledger-2026")
        key(site, "ledger-2026")
        transaction.set_rollback(True)
    with transaction.atomic():
        key(site, "ledger-2026")
    with transaction.atomic():
        assert KeyCheck.objects.count() == 1


def test_within_one_transaction_the_check_value_is_read_once(site, django_assert_num_queries):
    key(site, "ledger-2026")
    with django_assert_num_queries(0):
        key(site, "ledger-2026")


def test_a_destroyed_key_is_gone_for_good_and_not_missed(committed_site, folder):
    site = committed_site
    with transaction.atomic():
        key(site, "ledger-2026")
    with transaction.atomic():
        destroy(site, "ledger-2026")
    assert [path.name for path in folder.iterdir()] == ["destroyed"]  # its name alone
    with transaction.atomic():
        assert missing_keys() == []
        with pytest.raises(KeyMissing):
            key(site, "ledger-2026")


def test_a_destruction_rolled_back_destroys_nothing(committed_site, folder):
    with transaction.atomic():
        kept = key(committed_site, "ledger-2026")
    with transaction.atomic():
        destroy(committed_site, "ledger-2026")
        transaction.set_rollback(True)
    with transaction.atomic():
        assert key(committed_site, "ledger-2026") == kept


def destroy_and_be_killed(site, name: str) -> None:
    """Committed, and nothing of what follows the commit done."""
    connection.connection = None
    with transaction.atomic():
        transaction.on_commit(partial(os.kill, os.getpid(), signal.SIGKILL))
        destroy(site, name)
    os._exit(0)


def test_a_worker_killed_before_the_file_is_gone_leaves_it_to_the_next_tick(committed_site, folder):
    site = committed_site
    with transaction.atomic():
        words = seal(site, "une note")
        living = seal(site, "registre", lasting=True)
    name = words.partition(":")[0]
    connection.close()
    process = PROCESSES.Process(target=destroy_and_be_killed, args=(site, name.removeprefix("S01-")))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert (folder / f"{name}.key").exists()
    assert unseal(words) == "une note"
    finish_destroying_keys()
    assert not (folder / f"{name}.key").exists()
    assert name in destroyed_names()
    assert (unseal(words), unseal(living)) == ("[texte détruit]", "registre")


def test_where_the_name_cannot_be_kept_the_key_is_gone_all_the_same(committed_site, folder):
    with transaction.atomic():
        key(committed_site, "ledger-2026")
    (folder / "destroyed").mkdir()
    with pytest.raises(IsADirectoryError), transaction.atomic():
        destroy(committed_site, "ledger-2026")
    assert not (folder / "S01-ledger-2026.key").exists()


def test_two_machines_cannot_use_two_keys_under_one_name(committed_site, settings, tmp_path):
    with transaction.atomic():
        key(committed_site, "ledger-2026")
    settings.KEYS_DIR = tmp_path / "elsewhere"
    settings.KEYS_DIR.mkdir()
    (settings.KEYS_DIR / "S01-ledger-2026.key").write_bytes(b"y" * 32)
    with pytest.raises(KeyMissing), transaction.atomic():
        key(committed_site, "ledger-2026")


def test_two_machines_that_begin_at_once_do_not_both_go_on(committed_site):
    """The other one has written its check value and not committed it yet."""
    refused = []

    def begin():
        with transaction.atomic(), acting(sites=[committed_site.pk]):
            try:
                key(committed_site, "ledger-2026")
            except KeyMissing as missing:
                refused.append(missing)
        connection.close()

    with transaction.atomic():
        KeyCheck.objects.create(site=committed_site, name="S01-ledger-2026", digest="of another key")
        thread = threading.Thread(target=begin)
        thread.start()
        thread.join(timeout=0.5)
        assert thread.is_alive()
    thread.join()
    assert len(refused) == 1


def test_made_by_many_at_once_it_is_one_key(committed_site):
    made = []

    def make():
        with transaction.atomic(), acting(sites=[committed_site.pk]):
            made.append(key(committed_site, "ledger-2026"))
        connection.close()

    threads = [threading.Thread(target=make) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(made) == 6
    assert len(set(made)) == 1


def test_the_product_is_not_ready_without_a_key_it_has_used(site, folder, client):
    key(site, "ledger-2026")
    assert "keys" not in client.get("/readyz").json()["reasons"]
    the_file(folder).unlink()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "keys" in answer.json()["reasons"]
