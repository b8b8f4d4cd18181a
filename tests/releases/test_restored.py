"""A backup of before is restored, the keys are where they were: what was published stays what it was."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import transaction

from sites.keyring import services as keyring
from tests.releases.counted import cells, count, history, plan, seal
from tests.releases.test_gate_sealing import open_on, parts, pinned

FIRST = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    settings.KEYS_DIR.mkdir()
    keyring._checked.clear()
    yield settings.KEYS_DIR
    keyring._checked.clear()


@contextmanager
def then_restored():
    """What happens inside is lost with the database; the key files stay."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    keyring._checked.clear()


def published(**where) -> dict[str, int]:
    return {cell.cell_id: cell.value for cell in cells(**where)}


def test_the_same_counts_are_drawn_the_same_whenever_they_are_sealed(site):
    plan(open_on(site), visits_by_substance=100, visits_by_age=100)
    history(site, FIRST, date(2026, 4, 30), visits=lambda n: 80 + n % 17)
    with then_restored():
        for n in range(3, 115, 7):
            seal(f"{FIRST + timedelta(days=n)} 06:00")
        before = published()
    assert not cells()
    seal("2026-04-26 06:00")
    again = published()
    assert len(before) > 100
    assert before.items() <= again.items()


def test_the_gate_decides_the_same_again(site, keys):
    """Morning by morning, or all at once after a restore: the other neighbour is taken where it was."""
    plan(open_on(site), visits=0.2, visits_by_substance=0.5, visits_by_age=2)
    key, first, second = pinned(site)
    (keys / "S01-ledger-2026.key").write_bytes(key)
    day = date(2026, 2, 3)
    count(site, day, visits=first + second)
    parts(site, day, "visits_by_substance", opioid_only=first, stimulant_only=second)
    parts(site, day, "visits_by_age", **{"20_29": first, "30_39": second})
    with then_restored():
        for morning in ("2026-02-05", "2026-03-05", "2026-04-05", "2026-04-10"):
            seal(f"{morning} 06:00")
        before = published(grain="quarter")
    seal("2026-05-20 06:00")
    assert published(grain="quarter") == before


def test_a_year_whose_key_is_destroyed_is_never_drawn_again(committed_site, keys):
    """The keys of a closed year are gone: a backup from before cannot be made to tell another figure."""
    site = committed_site
    with transaction.atomic():
        open_on(site, date(2026, 12, 1))
        plan(site)
    seal("2026-12-20 06:00")
    kept = (keys / "S01-ledger-2026.key").read_bytes()
    seal("2027-02-01 06:00")
    assert not (keys / "S01-ledger-2026.key").exists()
    sealed = published(period_start__lt=date(2027, 1, 1))
    (keys / "S01-ledger-2026.key").write_bytes(kept)
    keyring._checked.clear()
    seal("2027-02-02 06:00")
    assert published(period_start__lt=date(2027, 1, 1)) == sealed
    with transaction.atomic(), pytest.raises(keyring.KeyMissing):
        keyring.key(site, "ledger-2026")
