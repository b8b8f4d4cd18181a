"""A primary and a standby that follows it, made from the tests' own server: what lags, and what survives."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client

from harmreduction.pg import replica
from harmreduction.pg.scope import acting
from sites.clockwork.services import beat
from sites.indicators.models import DailyCount
from sites.indicators.services import recount_due
from sites.people.services import close_sessions
from sites.places.models import DirtyMark
from sites.places.queries import today
from sites.records.models import Record
from sites.trail.models import TrailEntry
from tests.factories import PASSWORD, make_staff, record, send
from tests.hosts.machines import SECOND, as_superuser, copied, kill, ours, program, supervised, talking_to

pytestmark = pytest.mark.full
PATIENCE = 240
WRITERS, BEFORE_DEATH, AFTER = 4, 200, 40


def until(condition, why: str):
    deadline = time.monotonic() + PATIENCE
    while not (value := condition()):
        assert time.monotonic() < deadline, why
        time.sleep(0.05)
    return value


class Pair:
    def __init__(self, supervisor, folder: Path):
        self.supervisor = supervisor
        self.primary = copied(ours(), folder / "first")
        self.first = program(self.primary, "first")
        supervisor.start(self.first, timeout=PATIENCE)
        self.standby = copied(self.primary, folder / SECOND, "-R")
        self.second = program(self.standby, SECOND)
        supervisor.start(self.second, timeout=PATIENCE)
        until(lambda: self.follows("streaming"), "it does not follow")

    def follows(self, state: str) -> bool:
        found = as_superuser(self.primary, "select state, sync_state from pg_stat_replication")
        return any(state in row for row in found)

    def be_synchronous(self) -> None:
        as_superuser(self.primary, f"alter system set synchronous_standby_names = '{SECOND}'")
        as_superuser(self.primary, "select pg_reload_conf()")
        until(lambda: self.follows("sync"), "it is not synchronous")

    def promote(self) -> None:
        as_superuser(self.standby, "select pg_promote()")
        until(lambda: as_superuser(self.standby, "select pg_is_in_recovery()") == [(False,)], "not promoted")


@pytest.fixture
def pair(committed_site, tmp_path):
    connections.close_all()
    with supervised(tmp_path) as supervisor:
        made = Pair(supervisor, tmp_path)
        with talking_to(made.primary.port):
            yield made


# --- A replica that lags ------------------------------------------------------------------
@pytest.fixture
def lagging(pair, monkeypatch):
    given = dict(connections["default"].settings_dict, PORT=str(pair.standby.port))
    monkeypatch.setitem(connections.settings, replica.REPLICA, given)
    monkeypatch.setattr(replica, "_away_until", 0.0)
    connections[replica.REPLICA].connect()
    with transaction.atomic():
        beat("tick")  # as every minute: it says how far it has come
    until(
        lambda: as_superuser(pair.standby, "select pg_last_xact_replay_timestamp()") != [(None,)], "no tick"
    )
    yield pair
    connections[replica.REPLICA].close()
    del connections[replica.REPLICA]


def turned_away(site) -> int:
    counts = DailyCount.objects.at(site).filter(indicator="turned_away", category="ALL")
    return sum(counts.values_list("value", flat=True))


def on_replica(site) -> int:
    with transaction.atomic(), acting(sites=[site.pk]), replica.from_replica() as as_of:
        assert as_of is not None
        return turned_away(site)


def on_primary(site) -> int:
    with transaction.atomic(), acting(sites=[site.pk]):
        return turned_away(site)


def test_a_lagging_replica_shows_old_figures_and_decides_nothing(lagging, committed_site):
    site, twice = committed_site, record("turnaway.recorded", {"reason": "full", "count": 3})
    as_superuser(lagging.standby, "select pg_wal_replay_pause()")
    until(
        lambda: as_superuser(lagging.standby, "select pg_get_wal_replay_pause_state()") == [("paused",)],
        "not paused",
    )
    # All that follows is on the primary alone.
    with transaction.atomic():
        manager = make_staff("s01-mgr", site, "manager")
        make_staff("s01-new", site)
        assert send(site, twice)[0].status == "created"
        assert DirtyMark.objects.at(site).filter(service_date=today(site)).exists()
    with transaction.atomic():
        recount_due()
    assert on_primary(site) == 3
    assert on_replica(site) == 0
    # Signing in, for someone it has never heard of; and out, for someone it holds for signed in.
    colleague, boss = Client(), Client()
    assert colleague.post("/accounts/login/", {"login": "s01-new", "password": PASSWORD}).status_code == 302
    boss.force_login(manager)
    page = boss.get("/dashboard/")
    assert "Lu sur une copie de la base, à jour à" in page.content.decode()
    with transaction.atomic():
        close_sessions(manager, by="s01-mgr")
    assert boss.get("/dashboard/").status_code == 302
    # The same record again, while a page of figures is open: the primary knows it.
    with transaction.atomic(), acting(sites=[site.pk]), replica.from_replica() as as_of:
        assert as_of is not None
        assert send(site, twice)[0].status == "duplicate"
        recount_due()
    assert on_primary(site) == 3
    # Let go, it comes after.
    as_superuser(lagging.standby, "select pg_wal_replay_resume()")
    until(lambda: on_replica(site) == 3, "the replica does not come after")


# --- The primary dies under load ----------------------------------------------------------
def write(site, acknowledged: list, turned: threading.Event) -> None:
    """Records one by one, again with the same id until it is acknowledged, wherever the primary is."""
    after = 0
    while after < AFTER:
        one = record("turnaway.recorded", {"reason": "full", "count": 1})
        while True:
            try:
                with transaction.atomic():
                    (receipt,) = send(site, one)
            except DatabaseError:
                connection.close()
                turned.wait(PATIENCE)
                continue
            assert receipt.status in ("created", "duplicate")
            acknowledged.append(one["id"])
            break
        after += turned.is_set()
    connection.close()


def fail_over(pair, site, *, before_death=lambda acknowledged: None) -> tuple[list[str], list[str]]:
    """Acknowledged ids and those that are there afterwards, with the primary killed under load."""
    acknowledged: list[str] = []
    turned = threading.Event()
    given = connections.settings["default"]
    with ThreadPoolExecutor(WRITERS) as pool:
        running = [pool.submit(write, site, acknowledged, turned) for _ in range(WRITERS)]
        try:
            until(lambda: len(acknowledged) > BEFORE_DEATH, "nothing is written")
            before_death(acknowledged)
            kill(pair.supervisor, pair.first)
            pair.promote()
        finally:
            given["PORT"] = str(pair.standby.port)
            turned.set()
        for one in running:
            one.result()
    connections.close_all()
    with transaction.atomic(), acting(sites=[site.pk]):
        there = [str(found) for found in Record.objects.at(site).values_list("record_id", flat=True)]
        assert TrailEntry.objects.filter(action="turnaway.recorded").count() == len(there)
    return acknowledged, there


def test_promotion_under_load_loses_nothing_acknowledged(pair, committed_site):
    pair.be_synchronous()
    acknowledged, there = fail_over(pair, committed_site)
    assert len(there) == len(set(there))
    assert set(acknowledged) - set(there) == set()
    assert len(set(acknowledged)) >= BEFORE_DEATH + WRITERS * AFTER


def test_a_standby_that_is_not_waited_for_loses_what_it_had_not_got(pair, committed_site):
    """The control: the same, with nobody waiting for a standby whose line hangs."""

    def hang_up(acknowledged):
        as_superuser(pair.standby, "alter system set primary_conninfo = ''")
        as_superuser(pair.standby, "select pg_reload_conf()")
        until(
            lambda: not as_superuser(pair.standby, "select 1 from pg_stat_wal_receiver"), "it still follows"
        )
        so_far = len(acknowledged)
        until(lambda: len(acknowledged) > so_far + WRITERS, "nothing more is written")

    acknowledged, there = fail_over(pair, committed_site, before_death=hang_up)
    assert set(acknowledged) - set(there)
