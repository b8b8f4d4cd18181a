"""PostgreSQL backend whose statements run in the current scope.

A scope is told to the database right before the first statement that needs it: most are entered and left
without one in between.
"""

import select
from dataclasses import replace

import psycopg
from django.db.backends.postgresql import base
from psycopg import Connection
from psycopg.pq import TransactionStatus

from harmreduction.pg import patience, scope

SET_SCOPE = (
    "select set_config('role', %s, true), set_config('app.sites', %s, true),"
    " set_config('app.staff', %s, true), set_config('app.token', %s, true),"
    # Many small looks into indexes: starting helpers for them takes fifty times as long.
    " set_config('max_parallel_workers_per_gather', '0', true),"
    # Of what is prepared, one plan fits all values: every such statement names its rows by an index.
    " set_config('plan_cache_mode', 'force_generic_plan', true)"
)


class Told:
    """What the open transaction is to act as, and what it was last told; None when that is not known."""

    def __init__(self) -> None:
        self.wanted: scope.Scope | None = None
        self.sent: scope.Scope | None = None


def to_be_told(connection: Connection) -> scope.Scope | None:
    """The scope if it is another than the last one sent. Outside a transaction there is none."""
    told: Told = connection.told  # type: ignore[attr-defined]
    if told.wanted == told.sent or connection.autocommit:
        return None
    return None if connection.info.transaction_status == TransactionStatus.INERROR else told.wanted


def tell(connection: Connection) -> None:
    """Send the scope by itself."""
    wanted = to_be_told(connection)
    if wanted is not None:
        psycopg.Cursor(connection).execute(SET_SCOPE, wanted.settings())
        connection.told.sent = wanted  # type: ignore[attr-defined]


def _heard(fd: int) -> bool:
    """Whether something waits to be read there, the end of the line included."""
    ear = select.poll()
    ear.register(fd, select.POLLIN)
    return bool(ear.poll(0))


class _Scoped:
    """Every way to a statement passes here."""

    def execute(self, *args, **kwargs):
        tell(self.connection)
        return super().execute(*args, **kwargs)

    def executemany(self, *args, **kwargs):
        tell(self.connection)
        return super().executemany(*args, **kwargs)

    def stream(self, *args, **kwargs):
        tell(self.connection)
        return super().stream(*args, **kwargs)

    def copy(self, *args, **kwargs):
        tell(self.connection)
        return super().copy(*args, **kwargs)


class Cursor(_Scoped, base.Cursor):
    """Sends the scope ahead of a statement in the same message: it costs no round trip."""

    def execute(self, query, params=None, **named):
        ahead = to_be_told(self.connection)
        if ahead is None or named or not isinstance(query, str):
            return super().execute(query, params, **named)
        words = self.mogrify(SET_SCOPE, ahead.settings())
        if params is not None:
            words = words.replace("%", "%%")
        super(_Scoped, self).execute(f"{words};\n{query}", params)
        self.connection.told.sent = ahead
        self.nextset()  # the scope's own answer comes first
        return self


class PreparedCursor(_Scoped, psycopg.Cursor):
    """Sends values beside the statement, which is planned once for a connection that may keep it so."""


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        patience.PATIENCE.refuse_while_gone()
        connection = super().get_new_connection(conn_params)
        connection.told, connection.cursor_factory = Told(), Cursor
        connection.wait = patience.waiting(connection)
        return connection

    def create_cursor(self, name=None):
        cursor = super().create_cursor(name)
        if name is not None:  # of a class of its own, and executed at once
            tell(self.connection)
        return cursor

    def prepared_cursor(self):
        """For what is asked with the same words each time; every value bears its type in the statement."""
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(PreparedCursor(self.connection))

    def set_autocommit(self, autocommit, force_begin_transaction_with_broken_autocommit=False):
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        self.forget_scope()
        self.apply_scope()

    def _commit(self):
        super()._commit()
        self.forget_scope()

    def _rollback(self):
        super()._rollback()
        self.forget_scope()

    def _savepoint_rollback(self, sid):
        super()._savepoint_rollback(sid)
        self.forget_scope()

    def is_usable(self):
        """Whether the line stands. A server says nothing unasked but that it goes: only then is it asked."""
        line = self.connection
        if line is None or line.info.transaction_status != TransactionStatus.IDLE or _heard(line.fileno()):
            return super().is_usable()
        return True

    def apply_scope(self):
        """What follows in this transaction runs in the current scope."""
        if self.connection is not None:
            self.connection.told.wanted = scope.current()

    def heard_scope(self, **changes):
        """A statement has just told the database this much of a scope by itself."""
        told = self.connection.told
        told.sent = replace(told.sent, **changes) if told.sent else None

    def forget_scope(self):
        """A rollback undid what was told, a new transaction was told nothing."""
        if self.connection is not None:
            self.connection.told.sent = None
