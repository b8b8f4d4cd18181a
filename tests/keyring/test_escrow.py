"""Keys kept apart come back where the database knows them; those made to die are never in the copy."""

import json
import re
import stat
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import CommandError, call_command
from django.utils import timezone

from harmreduction.pg.scope import as_owner
from sites.clients.services import mark_key_name
from sites.keyring import escrow, services
from sites.keyring.boxes import renew
from sites.keyring.models import KeyCheck
from sites.keyring.services import key, missing_keys
from sites.keyring.words import seal
from sites.operations.checks import copy as copy_of_keys
from sites.operations.terms import Level
from sites.places.queries import today
from sites.trail.models import TrailEntry
from tests.factories import make_staff
from tests.people.doors import give_code, sign_in


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.KEYS_DIR, settings.DATA_DIR = tmp_path / "keys", tmp_path / "data"
    services._checked.clear()
    yield settings.KEYS_DIR
    services._checked.clear()


@pytest.fixture
def ledger(site) -> str:
    return f"ledger-{today(site).year}"


@pytest.fixture
def used(site, ledger) -> dict[str, bytes]:
    """Every kind of key, used once."""
    month = today(site).replace(day=1)
    dying = [f"token-{today(site)}", f"token-{month:%Y-%m}", mark_key_name(month)]
    found = {name: key(site, name) for name in ["handle", "report-signing", ledger, *dying]}
    seal(site, "une note")
    renew(site)
    return found | {"trail": key(None, "trail")}


@pytest.fixture
def pair(tmp_path, capsys) -> tuple[Path, str]:
    call_command("keys", "identity", tmp_path / "id.txt")
    return tmp_path / "id.txt", re.search(r"age1\w+", capsys.readouterr().out)[0]


def export(tmp_path, pair) -> Path:
    call_command("keys", "export", tmp_path / "keys.age", to=pair[1])
    return tmp_path / "keys.age"


def inside(copy: Path, pair) -> list[dict]:
    identity = pyrage.x25519.Identity.from_str(pair[0].read_text().splitlines()[-1])
    return json.loads(pyrage.decrypt(copy.read_bytes(), [identity]))["keys"]


def test_a_copy_holds_what_lasts_and_nothing_made_to_die(used, ledger, tmp_path, pair):
    copy = export(tmp_path, pair)
    names = {one["name"].removeprefix("S01-"): one["until"] for one in inside(copy, pair)}
    assert set(names) == {"handle", "report-signing", ledger, "_-trail"}
    assert names["handle"] is None
    assert names[ledger] == f"{int(ledger[-4:]) + 1}-02-01"


def test_a_copy_says_nothing_without_the_other_half(used, tmp_path, pair, capsys):
    copy = export(tmp_path, pair)
    said = capsys.readouterr().out
    assert "détruire ce fichier, au plus tard le" in said
    assert stat.S_IMODE(copy.stat().st_mode) == stat.S_IMODE(pair[0].stat().st_mode) == 0o600
    assert copy.read_text().startswith("-----BEGIN AGE ENCRYPTED FILE-----")
    with pytest.raises(CommandError):
        call_command("keys", "import", copy, identity=other_identity(tmp_path))
    assert TrailEntry.objects.filter(action="keys exported").exists()


def test_a_key_made_after_the_copy_is_told_until_the_next_one(site, used, tmp_path, pair):
    assert copy_of_keys().level == Level.LATE
    export(tmp_path, pair)
    assert copy_of_keys().level == Level.GOOD
    seal(site, "une autre note")
    key(site, f"token-{today(site) - timedelta(days=1)}")
    assert copy_of_keys().level == Level.GOOD
    key(site, f"ledger-{today(site).year + 1}")
    assert escrow.in_no_copy(copy_of_keys().at) == [f"S01-ledger-{today(site).year + 1}"]
    assert copy_of_keys().level == Level.LATE


def test_a_copy_that_could_not_be_written_is_none(used, tmp_path, pair):
    with pytest.raises(CommandError):
        call_command("keys", "export", tmp_path / "absent" / "keys.age", to=pair[1])
    assert copy_of_keys().level == Level.LATE


def other_identity(tmp_path) -> Path:
    call_command("keys", "identity", tmp_path / "other.txt")
    return tmp_path / "other.txt"


def test_lost_keys_come_back_and_work(site, used, ledger, folder, tmp_path, pair):
    copy = export(tmp_path, pair)
    for path in folder.iterdir():
        path.unlink()
    services._checked.clear()
    assert missing_keys()
    call_command("keys", "import", copy, identity=pair[0], let_go=True)
    assert missing_keys() == []
    assert (key(site, "handle"), key(site, ledger)) == (used["handle"], used[ledger])
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())


def test_without_letting_go_what_is_lost_is_still_missed(used, folder, tmp_path, pair):
    copy = export(tmp_path, pair)
    for path in folder.iterdir():
        path.unlink()
    call_command("keys", "import", copy, identity=pair[0])
    assert any("text-" in name for name in missing_keys())


def test_a_dead_key_does_not_come_back(site, used, ledger, folder, tmp_path, pair, capsys):
    copy = export(tmp_path, pair)
    KeyCheck.objects.filter(name=f"S01-{ledger}").update(destroyed_at=timezone.now())
    (folder / f"S01-{ledger}.key").unlink()
    call_command("keys", "import", copy, identity=pair[0])
    assert f"laissées de côté : S01-{ledger}" in capsys.readouterr().out
    assert not (folder / f"S01-{ledger}.key").exists()


def test_a_key_past_its_day_does_not_come_back(used, ledger, folder, tmp_path, pair, monkeypatch):
    past = timezone.now().date() - timedelta(days=1)
    monkeypatch.setattr("sites.management.commands.keys.last_day", lambda _check: past)
    copy = export(tmp_path, pair)
    (folder / f"S01-{ledger}.key").unlink()
    call_command("keys", "import", copy, identity=pair[0])
    assert not (folder / f"S01-{ledger}.key").exists()


def test_another_databases_key_is_left_aside(used, folder, tmp_path, pair, capsys):
    copy = export(tmp_path, pair)
    with as_owner():
        KeyCheck.objects.filter(name="S01-handle").update(digest="of another")
    call_command("keys", "import", copy, identity=pair[0])
    assert "Autres que celles de cette base, laissées de côté : S01-handle" in capsys.readouterr().out


def test_a_copy_lies_elsewhere_and_takes_no_others_place(used, folder, tmp_path, pair):
    copy = export(tmp_path, pair)
    before = copy.read_bytes()
    for path in (copy, folder / "x.age"):
        with pytest.raises(CommandError):
            call_command("keys", "export", path, to=pair[1])
    with pytest.raises(CommandError, match="age1"):
        call_command("keys", "export", tmp_path / "y.age", to="age1nonsense")
    assert copy.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"x" * 100, b"-----BEGIN AGE ENCRYPTED FILE-----\n"])
def test_what_is_no_copy_changes_nothing(used, tmp_path, pair, content):
    wrong = tmp_path / "wrong.age"
    wrong.write_bytes(content)
    with pytest.raises(CommandError):
        call_command("keys", "import", wrong, identity=pair[0])


# --- SECRET_KEY ----------------------------------------------------------------------------
def test_a_second_factor_outlives_a_change_of_secret_key(site, client, settings):
    make_staff("s01-05", site, "manager")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, [settings.SECRET_KEY]
    sign_in(client, "s01-05")
    assert give_code(client).url == "/"


def test_sealed_again_it_outlives_the_old_key_itself(site, client, settings):
    recovery = RecoveryCodes.activate(make_staff("s01-05", site, "manager")).get_unused_codes()
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 10
    settings.SECRET_KEY_FALLBACKS = [old]
    assert call_command("reseal_factors") == "Scellés de nouveau : 2."
    assert TrailEntry.objects.filter(action="second factors sealed again", about_id="2").exists()
    settings.SECRET_KEY_FALLBACKS = []
    for code in (None, recovery[0]):
        sign_in(client, "s01-05")
        assert give_code(client, code).url == "/"
        client.post("/accounts/logout/")


def test_what_no_key_opens_is_named_and_left_as_it_is(site, client, settings):
    make_staff("s01-05", site, "manager")
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another" * 10
    assert "n’ouvre ceux de : s01-05" in call_command("reseal_factors")
    settings.SECRET_KEY_FALLBACKS = [old]
    sign_in(client, "s01-05")
    assert give_code(client).url == "/"


def test_without_the_old_one_no_code_fits(site, client, settings):
    make_staff("s01-05", site, "manager")
    settings.SECRET_KEY = "another" * 10
    sign_in(client, "s01-05")
    assert give_code(client).status_code == 200
