"""What a database holds, table by table: rows, rows of each site, and a digest of all rows in any order."""

from collections.abc import Iterator

import psycopg
from psycopg import sql

# The text of a row must be the same on every machine.
ALIKE = (
    "set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'postgres'; "
    "set bytea_output = 'hex'; set extra_float_digits = 1; set row_security = off"
)
TABLES = """
    select relname, exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'site_id')
    from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
    order by relname
"""
HELD = """
    select {site}::text, count(*), sum(hashtextextended(t::text, 0)::numeric)::text from {table} t group by 1
"""
Figures = dict[str, dict]


def figures(connection: psycopg.Connection) -> Figures:
    """{table: {"rows", "digest", "sites": {site: rows}}}. Reads each row once, in flat memory."""
    connection.execute(ALIKE)
    return {table: _of(connection, table, has_site) for table, has_site in connection.execute(TABLES)}


def _of(connection: psycopg.Connection, table: str, has_site: bool) -> dict:
    site = sql.Identifier("site_id") if has_site else sql.NULL
    held = connection.execute(sql.SQL(HELD).format(site=site, table=sql.Identifier(table))).fetchall()
    return {
        "rows": sum(rows for _, rows, _ in held),
        "digest": str(sum(int(digest) for _, _, digest in held)),
        "sites": {site: rows for site, rows, _ in held if site},
    }


def differences(expected: Figures, found: Figures) -> Iterator[dict]:
    """{"check", "table", "what"} of each table that is not as it was; `sites` names those concerned."""
    for table in sorted(expected.keys() | found.keys()):
        before, after = expected.get(table), found.get(table)
        if before is None or after is None:
            yield {"check": "restored", "table": table, "what": "missing" if after is None else "unknown"}
        elif before["rows"] != after["rows"] or before["sites"] != after["sites"]:
            yield {"check": "restored", "table": table, "what": f"rows: {before['rows']} ≠ {after['rows']}"}
        elif before["digest"] != after["digest"]:
            yield {"check": "restored", "table": table, "what": "content"}
