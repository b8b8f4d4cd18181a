from datetime import date
from pathlib import Path

import pytest

from harmreduction.pg.scope import acting
from sites.clients.services import day_key_name, month_key_name
from sites.keyring.models import KeyCheck
from sites.keyring.services import destroy, key
from sites.releases.keys import keys_of
from tests.releases.published import main, signed_in, text


@pytest.fixture
def kept(site, fresh_keys):
    for name in (
        "ledger-2026",
        "handle",
        "box-20261101120000",
        day_key_name(date(2026, 11, 20)),
        month_key_name(date(2026, 11, 1)),
    ):
        key(site, name)
    return site


def test_each_key_says_what_it_is_for_and_when_it_dies(kept):
    living, gone = keys_of([kept])
    assert [(told.kind, told.period, told.dies_on) for told in living] == [
        ("ledger", "2026", date(2027, 2, 1)),
        ("handle", "", None),
        ("box", "20261101", None),
        ("month", "2026-11", date(2026, 12, 3)),
        ("day", "2026-11-20", date(2026, 11, 23)),
    ]
    assert all(told.here and told.made_at for told in living)
    assert gone == []


def test_a_lost_file_and_a_changed_one_are_missing(kept, settings):
    Path(settings.KEYS_DIR, "S01-handle.key").unlink()
    Path(settings.KEYS_DIR, "S01-ledger-2026.key").write_bytes(b"x" * 32)
    assert {told.kind for told in keys_of([kept])[0] if not told.here} == {"handle", "ledger"}
    page = text(signed_in(kept).get("/releases/keys/"))
    assert "2 clés manquent sur ce serveur" in page
    assert page.count("manquante") == 2


def test_a_destroyed_key_is_counted_and_named_no_more(kept):
    destroy(kept, day_key_name(date(2026, 11, 20)))
    living, (gone,) = keys_of([kept])
    assert [told.kind for told in living] == ["ledger", "handle", "box", "month"]
    assert (gone.count, gone.words) == (1, "personnes différentes du jour")
    assert "Clés détruites" in text(signed_in(kept).get("/releases/keys/"))


def test_no_key_and_no_check_value_is_shown(kept, settings):
    page = signed_in(kept).get("/releases/keys/").content
    for file in Path(settings.KEYS_DIR).glob("*.key"):
        assert file.read_bytes() not in page
        assert file.read_bytes().hex().encode() not in page
    for digest in KeyCheck.objects.values_list("digest", flat=True):
        assert digest.encode() not in page


def test_another_sites_keys_are_not_shown(kept, other_site):
    with acting(sites=[other_site.pk]):
        key(other_site, "ledger-2026")
    assert other_site.name not in main(signed_in(kept).get("/releases/keys/"))


@pytest.mark.parametrize(
    ("role", "status"),
    [("manager", 200), ("privacy_officer", 200), ("sysadmin", 200), ("nurse", 403), ("ph_reader", 403)],
)
def test_who_may_see_them(kept, role, status):
    assert signed_in(kept, role).get("/releases/keys/").status_code == status


def test_without_keys_the_page_says_so(site, fresh_keys):
    assert "Aucune clé encore" in text(signed_in(site).get("/releases/keys/"))
