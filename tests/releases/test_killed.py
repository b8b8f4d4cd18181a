"""Workers killed by the system while they seal and build: what was drawn and told is whole, and the same."""

import random
import signal
from datetime import date

import pytest
import time_machine
from django.db import connection, transaction

from harmreduction.pg.scope import SEAL, acting, as_owner
from sites.keyring import services as keyring
from sites.releases.external import Told, register_figure
from sites.releases.models import GateLog, LedgerCell, ReleaseFile, SealedCount, Stop
from sites.releases.tasks import seal_and_build
from sites.trail.models import TrailEntry
from tests.killing import in_a_process
from tests.releases.counted import count, history, local, plan

FIRST, LAST = date(2026, 5, 1), date(2026, 5, 31)
MORNING = "2026-06-05 07:00"
TOLD = (LedgerCell, SealedCount, Stop, GateLog, ReleaseFile)
NEVER_EMPTIED = (LedgerCell, SealedCount, ReleaseFile)
NOTED = ("cells sealed", "release built", "indicator stopped")
# A seal that was over before its end came is no killed one: this many more may be needed.
TRIES_A_KILL = 6


@pytest.fixture
def opened(committed_site, settings, tmp_path):
    """A month to be sealed at once; what someone else says of its calls stops these at the gate."""
    settings.KEYS_DIR = tmp_path / "keys"
    settings.KEYS_DIR.mkdir()
    (settings.KEYS_DIR / "S01-ledger-2026.key").write_bytes(bytes(range(32)))
    keyring._checked.clear()
    with transaction.atomic():
        committed_site.opened_on = FIRST
        committed_site.save()
        plan(committed_site, ems_calls=20)
        history(committed_site, FIRST, LAST)
        count(committed_site, FIRST, ems_calls_capped=10)
        told = Told(
            "Santé Canada", "ems_calls", (FIRST, LAST), 0, 8, site=committed_site, clock="service_day"
        )
        register_figure(told, by="essai")
    yield committed_site
    keyring._checked.clear()


def written(site) -> dict[str, set]:
    """Every row of the ledger, of what goes with it inside, and of the files; none of it twice."""
    with transaction.atomic(), acting(role=SEAL, sites=[site.pk]):
        rows = {model.__name__: list(model.objects.values_list()) for model in TOLD}
    found = {name: {repr(row[1:]) for row in its} for name, its in rows.items()}
    assert all(len(found[name]) == len(rows[name]) for name in rows)
    return found


def noted(site) -> dict[str, int]:
    with transaction.atomic(), acting(sites=[site.pk]):
        return {action: TrailEntry.objects.filter(action=action).count() for action in NOTED}


def forget(site) -> None:
    tables = [model._meta.db_table for model in TOLD]
    with transaction.atomic(), as_owner(), connection.cursor() as cursor:
        for model in NEVER_EMPTIED:
            cursor.execute(f"alter table {model._meta.db_table} disable trigger never_emptied")
        cursor.execute(f"truncate {', '.join(tables)}")
        for model in NEVER_EMPTIED:
            cursor.execute(f"alter table {model._meta.db_table} enable trigger never_emptied")
    assert not any(written(site).values())


def killed_until(site, kills: int, seed: int) -> tuple[int, int]:
    """Seals killed at random moments, each finished by the next worker; (killed, those that left a part)."""
    chance, killed, halfway = random.Random(seed), 0, 0
    code, seconds = in_a_process(seal_and_build)
    assert code == 0
    whole, once = written(site), noted(site)
    assert all(whole.values())
    for done in range(2, kills * TRIES_A_KILL):
        if killed == kills:
            break
        forget(site)
        code, _seconds = in_a_process(seal_and_build, chance.uniform(0, seconds))
        killed += code == -signal.SIGKILL
        there = written(site)
        assert all(there[name] in (set(), whole[name]) for name in whole)
        halfway += any(there.values()) and there != whole
        code, _seconds = in_a_process(seal_and_build)
        assert code == 0
        assert written(site) == whole
        assert noted(site) == {action: done * times for action, times in once.items()}
    return killed, halfway


@pytest.mark.parametrize(
    "kills", [pytest.param(3, id="three"), pytest.param(100, id="hundred", marks=pytest.mark.full)]
)
def test_seals_killed_at_any_moment_leave_the_same_ledger_stops_and_files(opened, kills):
    with time_machine.travel(local(MORNING), tick=False):
        killed, halfway = killed_until(opened, kills, seed=8)
    assert killed == kills
    assert halfway or kills < 10  # many die when the ledger is there and the files are not
