"""Work in a process of its own, killed by the system at a moment or left to its end."""

import multiprocessing
import os
import time
from collections.abc import Callable

from django.db import connection

PROCESSES = multiprocessing.get_context("fork")


def in_a_process(work: Callable[[], None], after: float | None = None) -> tuple[int, float]:
    """Kill it so many seconds after it began, or let it finish; (its exit code, how long it took)."""
    connection.close()
    told, ready = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=_begin, args=(ready, work))
    process.start()
    told.recv()
    began = time.monotonic()
    if after is not None:
        process.join(after)
        process.kill()
    process.join()
    return process.exitcode, time.monotonic() - began


def _begin(ready, work: Callable[[], None]) -> None:
    """What a worker does on a tick, with a connection of its own."""
    # Where a browser is open, a thread has a second connection for its loop; its first passes on to a child.
    connection.connection = None
    connection.ensure_connection()
    ready.send(True)
    work()
    os._exit(0)
