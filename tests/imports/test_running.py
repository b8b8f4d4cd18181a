"""A worker may die at any moment: every row is imported once, and an undo goes on where it was."""

import random
import time

import pytest
import time_machine
from django.db import connection, transaction

from harmreduction.pg.scope import acting
from sites.imports import running, services, writing
from sites.imports.models import Import
from sites.imports.running import step
from sites.imports.terms import State
from sites.records.models import Record
from sites.visits.models import Visit
from tests.factories import at
from tests.imports.bringing import VISITS, as_csv, bring, run
from tests.reports.test_build import together

A_BATCH = 5
# Some batches must get through: one of five visits has about two hundred statements.
MOST_STATEMENTS = 600


class Killed(BaseException):
    """As sudden as a kill: no handler of ours may take it for an error."""


@pytest.fixture(autouse=True)
def later(monkeypatch):
    for module in ("boxes", "running"):
        monkeypatch.setattr(f"sites.imports.{module}.ROWS_A_BATCH", A_BATCH)
    monkeypatch.setattr(running, "STORIES_A_BATCH", A_BATCH)
    with time_machine.travel(at("2026-11-22 17:00"), tick=True):
        yield


def many(count: int) -> bytes:
    rows = [
        [f"2024-03-{n % 28 + 1:02d} {14 + n // 60 % 9:02d}:{n % 60:02d}", "", "", "", "crack", "fumée", ""]
        for n in range(count)
    ]
    return as_csv(VISITS, rows)


def dying(imported: Import, seed: int) -> int:
    """Steps killed at a random statement each, until it is done; how often it died."""
    dice, deaths = random.Random(seed), 0
    while deaths < 50:
        left = dice.randrange(5, MOST_STATEMENTS)

        def count(execute, sql, params, many, context):
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(count):
                if not step(imported.site):
                    return deaths
        except Killed:
            deaths += 1
    pytest.fail("a batch never gets through")


def test_killed_again_and_again_each_row_is_written_once(site):
    imported = bring(site, "visits", many(3 * A_BATCH + 2))
    services.start(imported, by="s01-01")
    assert dying(imported, seed=1) > 0
    imported.refresh_from_db()
    assert (imported.state, imported.written) == (State.DONE, 17)
    assert Visit.objects.at(site).count() == 17
    assert Record.objects.at(site).filter(kind="visit.arrived").count() == 17
    services.undo(imported, by="s01-01", why="essai")
    assert dying(imported, seed=2) > 0
    imported.refresh_from_db()
    assert (imported.state, imported.left) == (State.UNDONE, 0)
    assert not Visit.objects.at(site).exists()
    voids = Record.objects.at(site).filter(kind="record.voided")
    assert voids.count() == Record.objects.at(site).exclude(kind="record.voided").count()


def test_two_workers_never_have_the_same_batch(committed_site):
    with transaction.atomic():
        imported = bring(committed_site, "visits", many(2 * A_BATCH))
        services.start(imported, by="s01-01")

    def work():
        while step(committed_site):
            time.sleep(0)

    assert together(3, work) == []
    with transaction.atomic(), acting(sites=[committed_site.pk]):
        run(imported)
        assert (imported.state, imported.written, imported.already) == (State.DONE, 10, 0)
        assert Visit.objects.at(committed_site).count() == 10


def test_a_tick_stops_in_time_and_the_next_goes_on(site):
    imported = bring(site, "visits", many(2 * A_BATCH))
    services.start(imported, by="s01-01")
    running.run_due(seconds=0)
    imported.refresh_from_db()
    assert (imported.state, imported.position) == (State.WRITING, A_BATCH)
    running.run_due()
    imported.refresh_from_db()
    assert imported.state == State.DONE


def test_what_someone_completed_since_is_kept_and_said(site):
    imported = run(_started(bring(site, "visits", many(3))))
    visit = Visit.objects.at(site).order_by("arrived_at").first()
    sent = {"visit": str(visit.ref)}
    early = {"occurred_at": visit.arrived_at.isoformat(), "entered_at": visit.arrived_at.isoformat()}
    records = [
        {"id": str(visit.ref), "kind": "visit.checked", "by": "s01-01", "seq": -1, "data": sent} | early
    ]
    receipts = writing.submit(site=site, records=records, sender=writing.Sender(staff="s01-01"))
    assert receipts[0].status == "created", receipts[0].errors
    services.undo(imported, by="s01-01", why="essai")
    run(imported)
    assert (imported.state, imported.left) == (State.UNDONE, 1)
    assert list(Visit.objects.at(site).values_list("ref", flat=True)) == [visit.ref]


def _started(imported: Import) -> Import:
    services.start(imported, by="s01-01")
    return imported
