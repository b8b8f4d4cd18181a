"""Figures for reading, from a streaming replica where there is one.

A replica lags: nothing is decided from it. Only the tables of FIGURES are read there, and only inside
`from_replica`, which pages of figures alone enter; sessions, rights, keys, records, dirty days and every
write stay with the primary. It is left alone for a while when it does not answer or is too far behind.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.utils import timezone

REPLICA = "replica"
FIGURES = frozenset(
    {"countedday", "countedspan", "dailycount", "dailyreport", "periodreport", "contextevent", "segmentedfit"}
)
OLDEST = timedelta(minutes=5)
REST_S = 30.0
# What was committed before this instant is there. A replica that was promoted is a primary: up to now.
SAYS_ITS_AGE = (
    "select case when pg_is_in_recovery() then pg_last_xact_replay_timestamp() else clock_timestamp() end"
)

_inside: ContextVar[bool] = ContextVar("inside", default=False)
_away_until = 0.0


class Router:
    def db_for_read(self, model, **hints) -> str | None:
        figures = model._meta.app_label == "scs" and model._meta.model_name in FIGURES
        return REPLICA if figures and _inside.get() else None

    def db_for_write(self, model, **hints) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints) -> bool:
        """The same row is the same, wherever it was read."""
        return True

    def allow_migrate(self, db: str, *args, **hints) -> bool:
        return db == DEFAULT_DB_ALIAS


def there_is_one() -> bool:
    return REPLICA in connections


@contextmanager
def from_replica() -> Iterator[datetime | None]:
    """Read figures from the replica, in one transaction. Gives how far it has come, None where the primary is
    read: no replica, none that answers, or one more than OLDEST behind.
    """
    as_of = _enter()
    if as_of is None:
        yield None
        return
    mark = _inside.set(True)
    try:
        yield as_of
    finally:
        _inside.reset(mark)
        _leave()


def _enter() -> datetime | None:
    if not there_is_one() or time.monotonic() < _away_until:
        return None
    try:
        transaction.set_autocommit(False, using=REPLICA)
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(SAYS_ITS_AGE)
            (as_of,) = cursor.fetchone()
    except DatabaseError:
        as_of = None
    if as_of is not None and timezone.now() - as_of <= OLDEST:
        return as_of
    leave_alone()
    _leave()
    return None


def leave_alone() -> None:
    """Read the primary for a while."""
    global _away_until
    _away_until = time.monotonic() + REST_S


def _leave() -> None:
    """Nothing was written there: there is nothing to keep."""
    connection = connections[REPLICA]
    try:
        connection.rollback()
        connection.set_autocommit(True)
    except DatabaseError:
        connection.close()
