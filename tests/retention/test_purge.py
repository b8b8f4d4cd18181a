"""What has passed its signed period is gone, from the files too; counts and younger rows stay."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from harmreduction.pg.scope import acting
from sites.audit.services import audit_faults
from sites.indicators.models import DailyCount, FrozenCounts
from sites.indicators.services import recount_due
from sites.keyring.services import living_keys
from sites.places.models import DirtyMark
from sites.records.models import Record
from sites.retention.certificates import check, is_whole, signed_file
from sites.retention.selecting import cutoffs
from sites.retention.services import begin, carry_on, dry_run, purge
from sites.retention.tables import destroyed
from sites.trail.models import TrailEntry
from sites.visits.forgetting import cut_client_links
from sites.visits.models import Visit
from tests.factories import record, send
from tests.retention.files import bytes_of
from tests.retention.told import (
    NEW,
    OLD,
    PLANTED_SAMPLE,
    PLANTED_TEXT,
    a_visit,
    counted_through,
    sign,
    tell,
)

pytestmark = pytest.mark.usefixtures("fresh_keys")


EVERY_DAY = "visits overdoses checks shifts incidents counter people aside texts".split()


@pytest.fixture
def told(committed_site):
    """A site with an old day and a new one, both counted."""
    with transaction.atomic():
        tell(committed_site, OLD)
        tell(committed_site, NEW, handle="AUTRE9")
        counted_through(committed_site)
        cut_client_links(committed_site, OLD.date())
    recount_due()
    return committed_site


def rows(site) -> dict[str, int]:
    """Table → rows of this site, of everything that a rule destroys."""
    found = {}
    with transaction.atomic(), acting(sites=[site.pk]), connection.cursor() as cursor:
        for table, model in destroyed().items():
            of = "where site_id = %s" if any(f.column == "site_id" for f in model._meta.fields) else ""
            cursor.execute(f"select count(*) from {table} {of}", [site.pk] if of else [])  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found


def counts() -> list:
    with transaction.atomic():
        cells = DailyCount.objects.order_by("service_date", "indicator", "category")
        return list(cells.values_list("service_date", "indicator", "category", "value"))


def test_what_is_old_goes_and_the_counts_stay(told):
    site, before, counted = told, rows(told), counts()
    assert purge(by="t") == []  # nobody signed
    assert rows(site) == before
    assert PLANTED_SAMPLE.encode() in bytes_of("scs_drugcheck")
    with transaction.atomic():
        sign(site)
    foretold = {due.rule: due.count for due in dry_run(site) if due.count}
    assert rows(site) == before
    (run,) = purge(by="t")
    after = rows(site)
    gone = {table: before[table] - after[table] for table in before if before[table] != after[table]}
    certified: dict[str, int] = {}
    for tables in run.counts.values():
        for table, number in tables.items():
            certified[table] = certified.get(table, 0) + number
    assert certified == gone
    assert gone["scs_visit"] == gone["scs_overdoseevent"] == 1
    assert {*EVERY_DAY} == set(foretold)
    assert run.keys == [f"S01-text-{OLD:%Y-%m}"]
    with transaction.atomic():
        assert living_keys(site, "text-") == [f"text-{NEW:%Y-%m}"]
    assert counts() == counted
    assert set(run.vacuumed) == set(gone)
    for table in ("scs_drugcheck", "scs_record", "scs_remark"):
        assert PLANTED_TEXT.encode() not in bytes_of(table)
    assert bytes_of("scs_drugcheck").count(PLANTED_SAMPLE.encode()) == 1  # the new one’s
    assert purge(by="t") == []
    assert_certified(run)
    assert_counts_are_frozen(site, counted)


def assert_certified(run):
    file = signed_file(run)
    assert check(file)
    assert is_whole(run)
    with pytest.raises(Exception, match="signature"):
        check(file | {"number": 9})
    with transaction.atomic():
        said = TrailEntry.objects.get(action="destruction certified")
    assert said.why == run.sha256
    assert not any(word in str(file) for word in (PLANTED_SAMPLE, PLANTED_TEXT, "RIVE7"))


def assert_counts_are_frozen(site, counted):
    """A late record of an old day counts in nothing, a rebuild leaves it, and the audit finds no fault."""
    with transaction.atomic():
        _visit, late = a_visit(OLD)
        send(site, *late)
    recount_due()
    for day in (OLD.date(), NEW.date()):
        call_command("rebuild_counts", "--from", f"{day}", "--to", f"{day}")
    assert counts() == counted
    with transaction.atomic():
        assert not DirtyMark.objects.exists()
        assert FrozenCounts.objects.get().first <= OLD.date()
    assert list(audit_faults()) == []


def test_killed_in_the_middle_it_goes_on_under_the_same_number(told):
    with transaction.atomic():
        sign(told)
    before = rows(told)
    run = begin(told, by="s01-05")
    assert carry_on(run, seconds=0) is False
    part = rows(told)
    assert part["scs_visit"] < before["scs_visit"]
    assert part["scs_drugcheck"] == before["scs_drugcheck"]
    (finished,) = purge(by="another")
    assert (finished.pk, finished.by, finished.number) == (run.pk, "s01-05", 1)
    assert finished.counts["visits"]["scs_visit"] == before["scs_visit"] - rows(told)["scs_visit"]


def test_nothing_goes_while_a_day_waits_to_be_counted(told):
    with transaction.atomic():
        sign(told)
        _visit, late = a_visit(OLD)
        send(told, *late)
    before = rows(told)
    assert purge(by="t") == []
    assert rows(told) == before
    recount_due()
    assert len(purge(by="t")) == 1


def test_until_keeps_what_is_younger(told):
    with transaction.atomic():
        sign(told)
        since = cutoffs(told, OLD.date().replace(day=1))
    assert all(day <= OLD.date() for day in since.values())
    assert not any(due.count for due in dry_run(told, OLD.date().replace(year=OLD.year - 1)))


def test_a_visit_corrected_into_the_present_stays(committed_site):
    """Its records are old, but it happened lately: a year that was typed wrong."""
    site = committed_site
    visit, sent = a_visit(OLD)
    moved = record(
        "record.corrected",
        {"target": sent[0]["id"], "reason": "année", "data": {"occurred_at": NEW.isoformat()}},
    )
    with transaction.atomic():
        send(site, *sent, moved)
        sign(site)
        counted_through(site)
    recount_due()
    purge(by="t")
    with transaction.atomic():
        assert Visit.objects.get().ref.hex == visit.replace("-", "")
        assert Record.objects.filter(subject=visit).count() == 4
