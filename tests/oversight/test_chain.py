"""The chain of the trail names what somebody changed behind the product's back."""

import random
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from harmreduction.pg.scope import acting, as_owner
from sites.oversight.chain import chain_trail, unchained
from sites.oversight.heads import head_of, kept_on_disk, public_key, sign_head
from sites.oversight.tasks import keep_trail
from sites.oversight.verifying import head_faults, trail_faults
from sites.trail.models import TrailEntry, TrailHead, TrailLink
from sites.trail.services import note

ROWS = 12
TRIGGERS = ("scs_trailentry", "scs_traillink", "scs_trailhead", "scs_trailanchor")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"


@pytest.fixture
def written(site):
    """Rows of the site and of no site, chained."""
    for number in range(ROWS):
        note("looked", actor=f"s01-0{number}", site_id=site.pk if number % 2 else None, about_id=number)
    assert chain_trail() == ROWS
    return list(TrailEntry.objects.order_by("pk").values_list("pk", flat=True))


def by_force(sql: str, *values) -> None:
    """What someone does who may do everything in the database, row security and triggers included."""
    with as_owner(), connection.cursor() as cursor:
        for table in TRIGGERS:
            cursor.execute(
                f"alter table {table} disable trigger user; alter table {table} no force row level security"
            )
        cursor.execute(sql, values)
        for table in TRIGGERS:
            cursor.execute(
                f"alter table {table} enable trigger user; alter table {table} force row level security"
            )


def faults() -> set[tuple]:
    return {(fault.what, fault.entry) for fault in trail_faults()}


def test_an_untouched_trail_has_no_fault_and_is_chained_once(written):
    assert faults() == set()
    assert chain_trail() == 0
    assert list(TrailLink.objects.order_by("position").values_list("position", flat=True)) == [*range(1, 13)]


@pytest.mark.parametrize("column", ["actor", "action", "about", "about_id", "why", "device"])
def test_a_changed_row_is_named(written, column):
    entry = random.choice(written)
    by_force(f"update scs_trailentry set {column} = 'x' where id = %s", entry)  # noqa: S608
    assert faults() == {("changed", entry)}


def test_a_row_moved_in_time_or_to_another_site_is_named(written, site):
    by_force("update scs_trailentry set at = at - interval '1 microsecond' where id = %s", written[3])
    by_force("update scs_trailentry set site_id = null where id = %s", written[5])
    assert faults() == {("changed", written[3]), ("changed", written[5])}


def test_a_deleted_row_is_named(written):
    by_force("delete from scs_trailentry where id = %s", written[4])
    assert faults() == {("deleted", written[4])}


def test_two_rows_that_changed_places_are_named(written):
    first, second = written[2], written[7]
    by_force("update scs_trailentry set id = -1 where id = %s", first)
    by_force("update scs_trailentry set id = %s where id = %s", first, second)
    by_force("update scs_trailentry set id = %s where id = -1", second)
    assert faults() == {("changed", first), ("changed", second)}


def test_a_row_taken_out_with_its_link_leaves_a_gap(written):
    by_force("delete from scs_trailentry where id = %s", written[4])
    by_force("delete from scs_traillink where entry_id = %s", written[4])
    assert [(fault.what, fault.position) for fault in trail_faults()] == [("unlinked", 5)]


def test_links_written_again_without_the_key_do_not_fit(written):
    by_force("delete from scs_traillink where position > 6")
    by_force("update scs_traillink set code = sha256(code) where position = 6")
    assert ("changed", written[5]) in faults()


def test_a_row_slipped_into_the_past_is_named(written):
    by_force(
        "insert into scs_trailentry (at, actor, device, action, about, about_id, why)"
        " values (now() - interval '3 days', 'x', '', 'x', '', '', '')"
    )
    slipped = TrailEntry.objects.get(actor="x").pk
    chain_trail()
    assert faults() == {("unchained", slipped)}


@pytest.fixture
def signed(written):
    with transaction.atomic():
        return sign_head()


@pytest.mark.django_db(transaction=True)
def test_a_trail_emptied_to_the_last_row_is_noticed_by_the_head_on_disk(committed_site):
    note("looked", actor="s01-01", site_id=committed_site.pk)
    keep_trail()
    assert kept_on_disk()[0] == head_of(TrailHead.objects.get())
    by_force("truncate scs_trailentry, scs_traillink, scs_trailhead")
    assert {fault.what for fault in trail_faults()} == {"cut"}


def test_a_head_is_signed_once_a_day_and_fits_what_it_signed(signed):
    assert (signed.position, sign_head()) == (ROWS, None)
    assert list(head_faults(head_of(signed), bytes(signed.signature), public_key())) == []
    assert faults() == set()


def test_a_head_that_was_changed_or_signed_by_another_key_is_refused(signed):
    head, signature = head_of(signed), bytes(signed.signature)
    assert [fault.what for fault in head_faults(head, signature, "00" * 32)] == ["signature"]
    by_force("update scs_trailhead set position = position - 1")
    assert ("signature", None) in faults()


def test_rows_committed_late_are_chained_later(written, site):
    """Numbers are given before a transaction ends: a lower one may come after a higher one."""
    by_force(
        "insert into scs_trailentry (id, at, actor, device, action, about, about_id, why)"
        " values (-5, now(), 'late', '', 'x', '', '', '')"
    )
    assert chain_trail() == 1
    assert TrailLink.objects.get(entry_id=-5).position == ROWS + 1
    assert faults() == set()


def test_a_clock_that_was_ahead_does_not_stop_the_chain(site):
    """Nor is what was written while the worker stood still lost to it."""
    present = timezone.now()
    for hours, chained in ((-5, 1), (20, 1), (-4, 0), (0, 2)):
        with time_machine.travel(present + timedelta(hours=hours)):
            note("looked", actor="s01-01", site_id=site.pk)
        if chained:
            assert chain_trail() == chained
    assert not unchained().exists()
    assert faults() == set()


def test_the_application_can_neither_change_nor_empty_the_chain(written):
    for sql in (
        "update scs_traillink set code = code",
        "delete from scs_trailhead",
        "truncate scs_traillink",
    ):
        with pytest.raises(Exception, match="permission denied|only added"), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(sql)


def test_many_rows_are_chained_in_batches(site, monkeypatch):
    monkeypatch.setattr("sites.oversight.chain.BATCH", 5)
    for number in range(ROWS):
        note("looked", actor="s01-01", about_id=number)
    assert chain_trail() == ROWS
    with acting(sites=[site.pk]):
        assert faults() == set()
