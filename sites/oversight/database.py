"""Whether the database still refuses what it should: rights, row security, triggers, constraints."""

from collections.abc import Iterator

from django.db import connection

from harmreduction.pg.access import ROLES, grants, site_rows
from harmreduction.pg.scope import acting, as_owner

PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
OPEN_TO_ALL = """
    select table_name, privilege_type from information_schema.role_table_grants
    where table_schema = 'public' and grantee = 'PUBLIC'
"""
UNSECURED = """
    select relname from pg_class where relname = any(%s) and relkind in ('r', 'p')
    and not (relrowsecurity and relforcerowsecurity)
"""
# A view reads with the rights of its owner, not of who asks; a materialized one keeps what was seen then.
VIEWS = """
    select relname, case relkind when 'v' then 'view' else 'materialized view' end from pg_class
    where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace
    and not exists (select 1 from pg_depend where objid = pg_class.oid and deptype = 'e')
"""
ASLEEP = """
    select tgrelid::regclass::text, tgname from pg_trigger where tgenabled = 'D' and not tgisinternal
"""
UNPROVEN = """
    select conrelid::regclass::text, conname from pg_constraint
    where not convalidated and connamespace = 'public'::regnamespace
    union all
    select indrelid::regclass::text, indexrelid::regclass::text from pg_index where not indisvalid
"""


def database_faults() -> Iterator[dict]:
    """{"check", "table", "what"} for each thing that is not as the models declare."""
    with as_owner(), connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        yield from _wrong_rights(cursor, present)
        yield from _asked(cursor, "open_to_all", OPEN_TO_ALL)
        yield from _asked(cursor, "row_security", UNSECURED, [sorted(site_rows())])
        yield from _asked(cursor, "row_security", VIEWS)
        yield from _asked(cursor, "trigger_off", ASLEEP)
        yield from _asked(cursor, "constraint", UNPROVEN)
    yield from _rows_in_sight_of_nobody(present)


def _asked(cursor, check: str, sql: str, values=None) -> Iterator[dict]:
    cursor.execute(sql, values)
    for table, *what in cursor.fetchall():
        yield {"check": check, "table": table, "what": " ".join(what)}


def _wrong_rights(cursor, present: set[str]) -> Iterator[dict]:
    for table, roles in grants().items():
        for role in ROLES if table in present else ():
            declared = {word.strip() for word in roles.get(role, "").split(",") if "(" not in word} - {""}
            held = {right for right in PRIVILEGES if _may(cursor, role, table, right)}
            if held != declared & set(PRIVILEGES):
                wrong = sorted(held ^ declared)
                yield {"check": "rights", "table": table, "what": f"{role}: {', '.join(wrong)}"}


def _may(cursor, role: str, table: str, right: str) -> bool:
    cursor.execute("select has_table_privilege(%s, %s, %s)", [role, f'public."{table}"', right])
    return cursor.fetchone()[0]


def _rows_in_sight_of_nobody(present: set[str]) -> Iterator[dict]:
    """With no site in sight, no row of a site is seen."""
    with acting(sites=[]), connection.cursor() as cursor:
        for table in sorted(present & set(site_rows())):
            cursor.execute("select has_column_privilege(%s, 'site_id', 'SELECT')", [table])
            if not cursor.fetchone()[0]:
                continue
            cursor.execute(f'select 1 from "{table}" where site_id is not null limit 1')  # noqa: S608
            if cursor.fetchone():
                yield {"check": "row_security", "table": table, "what": "rows without a site in sight"}
