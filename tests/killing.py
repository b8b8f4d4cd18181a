"""Work in a process of its own, killed by the system at a moment or left to its end.

It begins anew, as a worker does: a copy of this process would lack the threads that typeset and solve.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from importlib import import_module

import django
import time_machine
from django.conf import settings
from django.db import connection

from tests.backups.made import as_url

READY = b"ready\n"


def in_a_process(work: Callable[[], None], after: float | None = None) -> tuple[int, float]:
    """Kill it so many seconds after it began, or let it finish; (its exit code, how long it took)."""
    connection.close()
    command = [sys.executable, "-m", "tests.killing", work.__module__, work.__name__, str(time.time())]
    told = {"DATABASE_URL": as_url(connection.settings_dict["NAME"]), "KEYS_DIR": str(settings.KEYS_DIR)}
    with subprocess.Popen(command, env=os.environ | told, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == READY
        began = time.monotonic()
        with suppress(subprocess.TimeoutExpired):
            process.wait(after)
        process.kill()
    return process.returncode, time.monotonic() - began


def main(module: str, name: str, at: str) -> None:
    """What a worker does on a tick, at that time (seconds since 1970)."""
    django.setup()
    work = getattr(import_module(module), name)
    with time_machine.travel(datetime.fromtimestamp(float(at), UTC), tick=False):
        connection.ensure_connection()
        sys.stdout.buffer.write(READY)
        sys.stdout.flush()
        work()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harmreduction.settings")
    main(*sys.argv[1:])
