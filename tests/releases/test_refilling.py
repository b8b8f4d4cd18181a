"""A restored database, the folder of what was published since: what was told once stays told."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from harmreduction.pg.scope import RELEASE, acting, as_owner
from sites.keyring import services as keyring
from sites.keyring.models import Restoration
from sites.places.models import Site
from sites.releases.models import ReleaseFile
from sites.releases.publishing import build_due, write_out
from sites.releases.refilling import Unreadable, read_releases, refill
from tests.releases.counted import cells, count, history, plan, seal
from tests.releases.test_gate_sealing import open_on
from tests.releases.test_restored import published, then_restored

FIRST = date(2026, 9, 21)
SINCE = date(2026, 10, 5)


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    keyring._checked.clear()
    yield settings.KEYS_DIR
    keyring._checked.clear()


@pytest.fixture
def told(site, tmp_path):
    """Ten mornings published, lost with the database; the folder of files stays."""
    plan(open_on(site, FIRST))
    history(site, FIRST, date(2026, 10, 20))
    with then_restored():
        for n in range(0, 15, 7):
            seal(f"{SINCE + timedelta(days=n)} 07:00")
            build_due(waiting=False)
        write_out(tmp_path / "out")
        before = published()
    assert not cells()
    return tmp_path / "out", before


def refilled(folder, change=lambda releases: None) -> tuple[int, int]:
    releases = read_releases(folder)
    change(releases)
    with transaction.atomic(), as_owner(), acting(sites=Site.objects.values_list("pk", flat=True)):
        return refill(releases)


def files() -> dict[tuple, bytes]:
    with transaction.atomic(), acting(role=RELEASE, sites=list(Site.objects.values_list("pk", flat=True))):
        return {(f.release_id, f.name): bytes(f.body) for f in ReleaseFile.objects.all()}


def test_what_was_published_stays_even_with_other_keys_and_other_counts(told, site, keys):
    folder, before = told
    written, kept = refilled(folder)
    assert (written, published()) == (len(before), before)
    assert kept == len(list(folder.glob("*/*"))) == len(files())
    assert refilled(folder) == (0, 0)
    for path in keys.glob("*.key"):
        path.unlink()
    count(site, FIRST + timedelta(days=3), visits=999)
    seal("2026-11-02 07:00")
    again = published()
    assert before.items() <= again.items()
    assert len(again) > len(before)


def test_the_files_come_back_as_they_were(told):
    folder, _before = told
    refilled(folder)
    assert all((folder / release / name).read_bytes() == body for (release, name), body in files().items())


def test_a_changed_file_is_refused(told):
    folder, _before = told
    path = sorted(folder.glob("*/release.csv"))[0]
    path.write_bytes(path.read_bytes() + b"1")
    with pytest.raises(Unreadable, match=path.parent.name):
        read_releases(folder)


def test_a_ledger_that_says_otherwise_is_refused(told):
    folder, _before = told
    refilled(folder)
    with pytest.raises(Unreadable, match="registre"):
        refilled(folder, lambda releases: releases[0].rows[0].update(value=5000))


def test_without_the_plan_that_it_published_by_a_site_waits(told):
    folder, before = told
    refilled(
        folder, lambda releases: [row.update(plan_version="2026-9") for one in releases for row in one.rows]
    )
    Restoration.objects.create(made_at=timezone.now(), finished_at=timezone.now(), sealing=True)
    assert seal("2026-11-02 07:00") == 0
    assert published() == before


def test_restored_without_keys_nothing_is_sealed(told, site, keys):
    Restoration.objects.create(made_at=timezone.now(), finished_at=timezone.now(), sealing=False)
    keyring.key(site, "ledger-2026")
    (keys / "S01-ledger-2026.key").unlink()
    assert seal("2026-11-02 07:00") == 0
