"""Many rows at once into tables with row security, which forbids COPY into them.

Rows are copied into a temporary table and inserted from there. The insertion goes on in the database
while the caller makes the next rows: about a third of the time of a long history.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice

from django.apps import apps
from django.db import connection, models
from psycopg import Connection, Copy, sql

from harmreduction.pg.scope import as_owner

# One for each shape of rows, kept to the end: as many as there are loads would run out of locks.
NEW_BATCH = "create temp table if not exists {batch} on commit drop as select {names} from {table} limit 0"
INSERT = "insert into {table} ({names}) select {names} from {batch} {on_conflict}"
EMPTY = "truncate {batch}"
LINES = 1000  # at a time into COPY


class Loader:
    """Writes in the caller's transaction. Leaving the block waits, and raises what went wrong."""

    def __enter__(self) -> "Loader":
        self._database = ThreadPoolExecutor(max_workers=1)
        self._inserting: Future | None = None
        return self

    def __exit__(self, *failure) -> None:
        try:
            self.wait()
        finally:
            self._database.shutdown()

    def wait(self) -> None:
        if self._inserting:
            inserting, self._inserting = self._inserting, None
            inserting.result()

    def rows(self, rows: Iterable[models.Model]) -> None:
        """Unsaved rows of one model, with their ids when they have them."""
        rows = list(rows)
        if not rows:
            return
        fields = [f for f in rows[0]._meta.concrete_fields if not (f.primary_key and rows[0].pk is None)]

        def fill(copy: Copy) -> None:
            for row in rows:
                copy.write_row([getattr(row, f.attname) for f in fields])

        self._load(rows[0]._meta.db_table, [f.column for f in fields], fill)

    def lines(
        self, model: type[models.Model], columns: Sequence[str], lines: Iterable[str], on_conflict: str = ""
    ) -> None:
        """Rows written as COPY reads them: tabs between columns, a newline after each row."""
        lines = iter(lines)
        texts = list(iter(lambda: "".join(islice(lines, LINES)), ""))

        def fill(copy: Copy) -> None:
            for text in texts:
                copy.write(text)

        self._load(model._meta.db_table, columns, fill, on_conflict)

    def give_ids(self, rows: Sequence[models.Model]) -> None:
        if not rows:
            return
        self.wait()
        with connection.cursor() as cursor:
            cursor.execute(
                "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)",
                [rows[0]._meta.db_table, len(rows)],
            )
            for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk = pk

    def _load(
        self, table: str, columns: Sequence[str], fill: Callable[[Copy], None], on_conflict: str = ""
    ) -> None:
        self.wait()
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        batch = sql.Identifier(f"batch_{len(columns)}_{table}")
        into = {
            "table": sql.Identifier(table),
            "batch": batch,
            "names": names,
            "on_conflict": sql.SQL(on_conflict),
        }
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(NEW_BATCH).format(**into))
            with cursor.copy(sql.SQL("copy {batch} ({names}) from stdin").format(**into)) as copy:
                fill(copy)
        work = [sql.SQL(statement).format(**into) for statement in (INSERT, EMPTY)]
        self._inserting = self._database.submit(_all_of, connection.connection, work)


def _all_of(database: Connection, work: list[sql.Composed]) -> None:
    """On the other thread, which does nothing but wait."""
    for statement in work:
        database.execute(statement)


def analyse() -> None:
    """Tell the planner what was loaded, from a small sample: the database's own rounds come too late."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("set local default_statistics_target = 10")
        tables = [model._meta.db_table for model in apps.get_app_config("scs").get_models()]
        cursor.execute(f"analyze {', '.join(tables)}")


def array(values: Iterable[str]) -> str:
    """Codes as COPY reads an array of them; codes need no quotes."""
    return "{" + ",".join(values) + "}"


def octets(value: bytes) -> str:
    return "\\\\x" + value.hex()


def text(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
