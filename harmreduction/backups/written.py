"""What was written before an upgrade, kept beside it in the same database, and compared with what is after.

A column that only one of the two versions knows tells of the schema, not of what was written.
"""

from collections.abc import Iterator

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from sites.reports.rows import period_sha256, report_sha256

REPORTS = {"scs_dailyreport": "day", "scs_periodreport": "period"}
# What no upgrade may change, and what one row of it is called.
WRITTEN = REPORTS | {"scs_ledgercell": "cell", "scs_releasefile": "file"}
BEFORE, AFTER = "before", "public"
COLUMNS = """
    select attname from pg_attribute
    where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped order by attnum
"""
KEEP = "create table {before} as table {after}"
CHANGED = """
    select coalesce(b.id, a.id) from {before} b full join {after} a on a.id = b.id
    where row({then})::text is distinct from row({now})::text order by 1
"""
SIDES = (("then", "b"), ("now", "a"))
DAYS = """
    select r.id, s.code site, r.service_date, r.version, r.indicators, r.sha256
    from scs_dailyreport r join scs_site s on s.id = r.site_id order by r.id
"""
PERIODS = """
    select r.id, s.code site, r.grain, r.first, r.last, r.version, r.indicators, r.sha256
    from scs_periodreport r join scs_site s on s.id = r.site_id order by r.id
"""
AT_ONCE = 200


def keep(database: psycopg.Connection) -> int:
    """Copy what is there of it; how many reports. A backup from long ago lacks some tables."""
    database.execute(f"create schema {BEFORE}")
    kept = {
        table: database.execute(_about(KEEP, table)).rowcount
        for table in WRITTEN
        if _columns(database, AFTER, table)
    }
    return sum(kept.get(table, 0) for table in REPORTS)


def changed(database: psycopg.Connection) -> Iterator[str]:
    """The name of each row that is gone, new, or says something else in the columns of both versions."""
    for table, name in WRITTEN.items():
        then, now = (_columns(database, schema, table) for schema in (BEFORE, AFTER))
        if then and not now:
            yield table
        elif then:
            question = _about(CHANGED, table, **_said([column for column in then if column in now]))
            yield from (f"{name} {row}" for (row,) in database.execute(question))


def _said(columns: list[str]) -> dict[str, sql.Composed]:
    """These columns, as either side names them."""
    listed = {side: [sql.Identifier(row, column) for column in columns] for side, row in SIDES}
    return {side: sql.SQL(", ").join(named) for side, named in listed.items()}


def not_following(database: psycopg.Connection) -> Iterator[str]:
    """The name of each report whose hash does not follow from what it says, by the code of this version."""
    for name, question, hashed in (("day", DAYS, of_day), ("period", PERIODS, of_period)):
        with database.cursor(name=name, row_factory=dict_row) as cursor:
            cursor.itersize = AT_ONCE
            for row in cursor.execute(question):
                if hashed(row) != row["sha256"]:
                    yield f"{name} {row['id']}"


def of_day(row: dict) -> str:
    return report_sha256(row["site"], row["service_date"], row["version"], row["indicators"])


def of_period(row: dict) -> str:
    span = (row["grain"], row["first"], row["last"])
    return period_sha256(row["site"], span, row["version"], row["indicators"])


def _columns(database: psycopg.Connection, schema: str, table: str) -> list[str]:
    return [name for (name,) in database.execute(COLUMNS, [f"{schema}.{table}"])]


def _about(question: str, table: str, **more: sql.Composable) -> sql.Composed:
    sides = {"before": sql.Identifier(BEFORE, table), "after": sql.Identifier(AFTER, table)}
    return sql.SQL(question).format(**sides, **more)
