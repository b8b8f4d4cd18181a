"""The database itself refuses whoever destroys too early, under a hold, or in another role."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from harmreduction.pg.scope import APP, OWNER, PURGE, acting
from sites.clients.models import Client
from sites.clients.services import forget_dead_keys
from sites.holds.models import LegalHold
from sites.records.models import Record
from sites.retention.models import Destruction, RetentionSchedule
from sites.retention.rules import RULES
from sites.retention.selecting import cutoffs, text_keys
from sites.retention.services import dry_run, lift_hold, place_hold
from sites.visits.forgetting import cut_client_links
from sites.visits.models import Visit
from tests.retention.told import NEW, OLD, sign, tell

pytestmark = pytest.mark.usefixtures("fresh_keys")
DELETES = {
    "records": "delete from scs_record where subject = %s",
    "stays": "delete from scs_boothstay where visit_id = (select id from scs_visit where ref = %s)",
    "checks": "delete from scs_drugcheck where visit_ref = %s",
}


def may(sql: str, *values, role: str = PURGE) -> bool:
    """Whether the database lets this role do it; nothing is done."""
    try:
        with transaction.atomic(), acting(role=role), connection.cursor() as cursor:
            cursor.execute(sql, values)
            done = cursor.rowcount
            transaction.set_rollback(True)
        return done > 0
    except DatabaseError:
        return False


def held(here, **scope) -> LegalHold:
    hold = LegalHold(**({"site": here, "reason": "ordonnance"} | scope))
    place_hold(hold, by="s01-05")
    return hold


@pytest.fixture
def old(site) -> str:
    return tell(site, OLD)


@pytest.mark.parametrize("sql", DELETES.values(), ids=DELETES)
def test_only_what_is_past_its_signed_period_by_that_role_alone(site, old, sql):
    assert not may(sql, old)  # nobody signed
    sign(site)
    assert may(sql, old)
    young = tell(site, NEW, handle="AUTRE9")
    assert not may(sql, young)


def test_no_other_role_takes_a_fact_out(site, old):
    sign(site)
    assert not may(DELETES["records"], old, role=APP)
    assert not may(DELETES["records"], old, role=OWNER)
    assert not may("update scs_record set kind = 'x' where subject = %s", old)
    assert not may("delete from scs_trailentry where site_id = %s", site.pk)
    assert not may("delete from scs_dailycount where site_id = %s", site.pk)


def test_a_schedule_under_what_the_law_asks_counts_as_what_the_law_asks(site):
    sign(site, **{rule.code: 0 for rule in RULES})
    present = timezone.now().date()
    for rule in RULES:
        since = cutoffs(site)[rule.code]
        assert (present - since).days >= rule.low * 30, rule.code


def test_schedules_holds_and_certificates_are_not_taken_back(site):
    schedule = sign(site)
    hold = held(site)
    Destruction.objects.create(
        site=site, number=1, began_at=timezone.now(), by="t", schedule=schedule, cutoffs={},
        finished_at=timezone.now(),
    )  # fmt: skip
    for role in (APP, OWNER, PURGE):
        assert not may("delete from scs_retentionschedule", role=role)
        assert not may("update scs_retentionschedule set version = 9", role=role)
        assert not may("delete from scs_destruction", role=role)
        assert not may("update scs_destruction set number = 9", role=role)
        assert not may("delete from scs_legalhold where ref = %s", hold.ref, role=role)
    assert not may("update scs_legalhold set reason = 'x'", role=APP)
    assert RetentionSchedule.objects.count() == 1


@pytest.mark.parametrize(
    ("scope", "holds"),
    [
        ({}, True),
        ({"site": None}, True),
        ({"category": "visits"}, True),
        ({"category": "overdoses"}, False),
        ({"first": OLD.date() - timedelta(days=3), "last": OLD.date() + timedelta(days=3)}, True),
        ({"last": OLD.date() - timedelta(days=3)}, False),
        ({"until": timezone.now().date() - timedelta(days=1)}, False),
    ],
)
def test_a_hold_keeps_its_scope_and_nothing_else(site, old, scope, holds):
    sign(site)
    before = {due.rule: due for due in dry_run(site)}
    hold = held(site, **scope)
    assert may(DELETES["records"], old) is not holds
    after = {due.rule: due for due in dry_run(site)}
    assert (after["visits"].count < before["visits"].count) is holds
    lift_hold(hold, by="s01-05", why="fin")
    assert may(DELETES["records"], old)


def test_a_hold_on_one_person_keeps_their_link_and_what_is_tied_to_their_visits(site, old):
    sign(site)
    other = tell(site, OLD, handle="AUTRE9")
    client = Visit.objects.get(ref=old).client
    assert client is not None
    held(site, client_ref=client.pk)
    cut_client_links(site, timezone.now().date())
    assert list(Visit.objects.filter(client__isnull=False).values_list("ref", flat=True)) == [
        Visit.objects.get(ref=old).ref
    ]
    for sql in DELETES.values():
        assert not may(sql, old)
        assert may(sql, other)
    assert not may("delete from scs_agreement where client_id = %s", client.pk)
    assert Client.objects.count() == 2


def test_a_hold_keeps_keys_alive(site, old):
    sign(site)
    since = cutoffs(site)["texts"]
    assert [held for _name, held in text_keys(site, since)] == [False]
    hold = held(site)
    assert [held for _name, held in text_keys(site, since)] == [True]
    assert forget_dead_keys(site) == []
    lift_hold(hold, by="s01-05", why="fin")
    assert any(name.startswith("token-") for name in forget_dead_keys(site))
    assert Record.objects.exists()
