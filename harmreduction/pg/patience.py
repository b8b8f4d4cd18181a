"""A server that is there and does not answer: frozen, out of reach, out of air. Who waits for it gives up.

libpq waits for ever on a line that nobody hangs up. So after a second without a word the server is asked,
beside that line, whether it lives: then a long statement, or one that waits its turn, is waited for. Else
everyone here is told for a moment that it is gone, without asking again.
"""

import socket
import struct
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from psycopg import Connection, OperationalError

SILENT_S, LONGEST_SILENCE_S = 1.0, 30.0
# Work in the background loses much by giving up, and nobody waits for it: web has less patience (wsgi).
ANSWERS_WITHIN_S = 15.0
GONE_FOR_S = 1.0
# Asks for encryption: any server, or pooler, says at once in one letter whether it has some.
KNOCK = struct.pack("!ii", 8, 80877103)


@dataclass
class Patience:
    """That of this process."""

    seconds: float = ANSWERS_WITHIN_S
    gone_until: float = 0.0

    def give_up(self) -> None:
        """Raises OperationalError; so does everyone else's question, for a moment."""
        self.gone_until = time.monotonic() + GONE_FOR_S
        raise OperationalError("the server does not answer")

    def refuse_while_gone(self) -> None:
        if time.monotonic() < self.gone_until:
            raise OperationalError("the server did not answer a moment ago")


PATIENCE = Patience()


def waiting(connection: Connection) -> Callable[..., Any]:
    """What this connection is to wait with, in place of its own `wait`."""
    wait, address = connection.wait, (connection.info.hostaddr or connection.info.host, connection.info.port)
    return lambda gen, *given, **named: wait(_patiently(gen, address), *given, **named)


def _patiently(gen: Generator, address: tuple[str, int]) -> Generator:
    """The same steps. The driver says every tenth of a second that nothing came."""
    PATIENCE.refuse_while_gone()
    silence = SILENT_S
    try:
        step = next(gen)
        while True:
            asked_at = time.monotonic()
            while not (heard := (yield step)):
                if time.monotonic() - asked_at < silence:
                    continue
                if not lives(address, PATIENCE.seconds):
                    PATIENCE.give_up()
                asked_at, silence = time.monotonic(), min(2 * silence, LONGEST_SILENCE_S)
            step = gen.send(heard)
    except StopIteration as done:
        return done.value


def lives(address: tuple[str, int], seconds: float) -> bool:
    """Whether a PostgreSQL, or what stands before it, answers there in so many seconds."""
    host, port = address
    try:
        if host.startswith("/"):
            line = socket.socket(socket.AF_UNIX)
            line.settimeout(seconds)
            line.connect(f"{host}/.s.PGSQL.{port}")
        else:
            line = socket.create_connection((host, port), seconds)
        with line:
            line.sendall(KNOCK)
            return bool(line.recv(1))
    except OSError:
        return False
