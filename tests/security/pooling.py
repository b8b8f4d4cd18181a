"""A pool as Django asks for one, that never holds more than one connection."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue
from threading import Lock

import psycopg
from django.db import connection, connections

PATIENCE_S = 600


class PoolOfOne:
    """Whoever asks waits in a queue until the one before has given it back."""

    def __init__(self, params: dict, given_back: Callable[[psycopg.Connection], None]):
        self.given, self._given_back = 0, given_back
        self._lock, self._waiting = Lock(), deque()
        self._free = self._only = psycopg.connect(**params, autocommit=True)
        self._only._pool = self

    def open(self) -> None:
        """It is, from the beginning."""

    def getconn(self) -> psycopg.Connection:
        turn = Queue(1)
        with self._lock:
            self._waiting.append(turn)
            self._hand_on()
        return turn.get(timeout=PATIENCE_S)

    def putconn(self, only: psycopg.Connection) -> None:
        try:
            self._given_back(only)
        finally:
            with self._lock:
                self._free = only
                self._hand_on()

    def _hand_on(self) -> None:
        if self._free and self._waiting:
            self._waiting.popleft().put(self._free)
            self._free, self.given = None, self.given + 1

    def close(self) -> None:
        self._only.close()


@contextmanager
def one_connection_for_all(given_back: Callable[[psycopg.Connection], None]) -> Iterator[PoolOfOne]:
    """Every thread asks over the same connection. This one must not ask meanwhile."""
    known, alias = connection.settings_dict, connection.alias
    connections.close_all()
    pool = PoolOfOne(connection.get_connection_params(), given_back)
    before = known["CONN_MAX_AGE"], known["OPTIONS"]
    known["CONN_MAX_AGE"], known["OPTIONS"] = 0, before[1] | {"pool": True}
    connection._connection_pools[alias] = pool
    try:
        yield pool
    finally:
        connections.close_all()
        known["CONN_MAX_AGE"], known["OPTIONS"] = before
        del connection._connection_pools[alias]
        pool.close()
