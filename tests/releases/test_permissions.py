"""Who reaches what, table by table: asked of the database, then tried."""

import pytest
from django.db import DatabaseError, connection, transaction

from harmreduction.pg import access
from harmreduction.pg.scope import RELEASE, SEAL, acting
from sites.clients.models import MonthToken
from sites.indicators.models import DailyCount
from sites.releases.holding import on_time
from tests.releases.counted import count, plan, seal

# All that the release builder may read: what was sealed and built, the plan, and what is posted at the door.
OUTSIDE = {
    "scs_ledgercell", "scs_planline", "scs_stop", "scs_gatelog", "scs_releasefile", "scs_editionfile",
    "scs_sitepublicity", "scs_site", "scs_region", "scs_organisation", "scs_openinghours",
    "scs_openingexception", "scs_codevalue", "scs_product", "scs_instant", "scs_trailentry",
}  # fmt: skip
# All that the seal may read beside it: counts, its own copies, what ties them, its keys' check values,
# whether the site was restored, and of a hold what it stands over, never why or on whom.
SEALING = {
    "scs_dailycount", "scs_countedday", "scs_sealedcount", "scs_monthtoken", "scs_externalfigure",
    "scs_keycheck", "scs_legalhold", "scs_restoration",
}  # fmt: skip
NOT_FOR_THE_SEAL = {"scs_editionfile", "scs_sitepublicity"}
# Written by these roles, one row at a time; everything else they only read.
ADDED_BY = {
    RELEASE: {"scs_releasefile", "scs_editionfile", "scs_trailentry"},
    SEAL: {
        "scs_ledgercell", "scs_sealedcount", "scs_stop", "scs_gatelog", "scs_planline", "scs_keycheck",
        "scs_instant", "scs_trailentry",
    },
}  # fmt: skip
TABLES = sorted(access.grants())


def may(role: str, table: str, privilege: str) -> bool:
    """By the table's own privileges or by those of any of its columns."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select has_table_privilege(%s, %s, %s) or has_any_column_privilege(%s, %s, %s)",
            [role, table, privilege, role, table, privilege],
        )
        return cursor.fetchone()[0]


def readable(role: str) -> set[str]:
    return {table for table in TABLES if may(role, table, "select")}


def refused(role: str, sql: str, site) -> bool:
    try:
        with transaction.atomic(), acting(role=role, sites=[site.pk]), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        return "permission denied" in str(error)
    return False


def test_the_release_builder_reads_the_ledger_the_plan_and_nothing_else(db):
    assert readable(RELEASE) == OUTSIDE


def test_the_seal_reads_counts_beside_it_and_no_record_of_anyone(db):
    assert readable(SEAL) == (OUTSIDE | SEALING) - NOT_FOR_THE_SEAL


@pytest.mark.parametrize("role", [RELEASE, SEAL])
def test_neither_writes_anything_but_its_own(db, role):
    added = {table for table in TABLES if may(role, table, "insert")}
    assert added == ADDED_BY[role]
    for privilege in ("update", "delete", "truncate"):
        changed = {
            table
            for table in TABLES
            if (may(role, table, privilege) if privilege == "update" else _whole(role, table, privilege))
        }
        assert changed == {
            ("update", SEAL): {"scs_keycheck", "scs_instant"},
            ("delete", SEAL): {"scs_monthtoken"},
        }.get((privilege, role), set())


def _whole(role: str, table: str, privilege: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select has_table_privilege(%s, %s, %s)", [role, table, privilege])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("table", sorted(set(TABLES) - OUTSIDE))
def test_every_other_table_refuses_the_release_builder(site, table):
    assert refused(RELEASE, f'table "{table}"', site)


@pytest.mark.parametrize("table", sorted(set(TABLES) - OUTSIDE - SEALING))
def test_every_record_of_anyone_refuses_the_seal(site, table):
    assert refused(SEAL, f'table "{table}"', site)


def test_the_seal_counts_people_and_reads_no_token(site):
    MonthToken.objects.create(site=site, month="2026-11-01", token=b"12345678")
    assert refused(SEAL, "select token from scs_monthtoken", site)
    assert refused(SEAL, "select * from scs_monthtoken", site)
    assert refused(SEAL, "select 1 from scs_daytoken", site)
    for name in ("reason", "client_ref", "placed_by"):
        assert refused(SEAL, f"select {name} from scs_legalhold", site)  # noqa: S608
    with transaction.atomic(), acting(role=SEAL, sites=[site.pk]):
        assert MonthToken.objects.filter(month="2026-11-01").count() == 1
    assert on_time([]) == []


@pytest.mark.parametrize("role", [RELEASE, SEAL])
def test_neither_becomes_the_other_by_asking(site, role):
    """The role of a transaction is set by us; a row of a site out of sight stays so whatever the role."""
    plan(site)
    count(site, "2026-11-03", visits=4)
    seal("2026-11-06 06:00")
    with transaction.atomic(), acting(role=role, sites=[]), connection.cursor() as cursor:
        for table in sorted(readable(role) & set(access.site_rows()) - {"scs_trailentry"}):
            cursor.execute(f'select count(site_id) from "{table}"')  # noqa: S608
            assert cursor.fetchone() == (0,)
    assert DailyCount.objects.at(site).exists()
