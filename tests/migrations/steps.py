"""Going one migration down and up again, and what the rows say before and after."""

from collections import Counter

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from harmreduction.pg.scope import OWNER, acting

APP = "scs"
# What Django keeps about the schema itself.
ABOUT_THE_SCHEMA = {"django_migrations", "django_content_type", "auth_permission"}
# Seeded by migrations, which number them anew.
SEEDED = {"scs_codevalue", "scs_product"}
COLUMNS = """
    select table_name, column_name from information_schema.columns where table_schema = 'public'
    order by table_name, column_name
"""
Columns = dict[str, list[str]]


def names() -> list[str]:
    """Our migrations, oldest first."""
    graph = MigrationLoader(None).graph
    (leaf,) = graph.leaf_nodes(APP)
    return [name for app, name in graph.forwards_plan(leaf) if app == APP]


def go_to(name: str) -> None:
    call_command("migrate", APP, name, verbosity=0, interactive=False)


def columns() -> Columns:
    """Table → its columns, as they are now."""
    found: Columns = {}
    with transaction.atomic(), acting(role=OWNER), connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        for table, column in cursor.fetchall():
            if table not in ABOUT_THE_SCHEMA and not (table in SEEDED and column == "id"):
                found.setdefault(table, []).append(column)
    return found


def common(one: Columns, other: Columns) -> Columns:
    return {t: [c for c in one[t] if c in other[t]] for t in one.keys() & other.keys()}


def rows(wanted: Columns) -> dict[str, Counter]:
    """Table → how often each row, of these columns, in every site."""
    with transaction.atomic(), acting(role=OWNER):
        with connection.cursor() as cursor:
            cursor.execute("select id from scs_site")
            sites = [site for (site,) in cursor.fetchall()]
        with acting(sites=sites), connection.cursor() as cursor:
            return {table: of_table(cursor, table, listed) for table, listed in wanted.items()}


def of_table(cursor, table: str, listed: list[str]) -> Counter:
    quoted = ", ".join(f'"{name}"' for name in listed)
    cursor.execute(f'select row({quoted})::text from "{table}"')  # noqa: S608 - names of the catalogue
    return Counter(row for (row,) in cursor.fetchall())


def down_and_up(before: str, name: str) -> dict[str, tuple[Counter, Counter]]:
    """Take one migration back and apply it again: table → (rows gone, rows new), where they differ.

    A table that the step makes is empty afterwards, and so is a column: of those only what is older counts.
    """
    above = columns()
    everything = rows(above)
    go_to(before)
    kept = common(above, columns())
    altered = {table: names for table, names in kept.items() if names != above[table]}
    told = {**{table: everything[table] for table in kept}, **rows(altered)}
    go_to(name)
    assert columns() == above
    again = rows(kept)
    return {t: (told[t] - again[t], again[t] - told[t]) for t in kept if told[t] != again[t]}
