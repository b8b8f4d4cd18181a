"""A task that is ended ends its process: everything else here is built for a process that is gone."""

import multiprocessing
import os
import signal
import time

import pytest
from billiard.common import reset_signals

from harmreduction.celery import die_at_once

PROCESSES = multiprocessing.get_context("fork")


def child(ready, prepare) -> None:
    """As a worker's process is when a task runs; whoever swallows its end says so by leaving with 0."""
    reset_signals(full=True)
    prepare()
    try:
        ready.send(True)
        time.sleep(60)
    finally:
        os._exit(0)


@pytest.mark.parametrize(("prepare", "code"), [(die_at_once, -signal.SIGTERM), (lambda: None, 0)])
def test_what_is_ended_does_not_live_on(prepare, code):
    told, ready = PROCESSES.Pipe(duplex=False)
    process = PROCESSES.Process(target=child, args=(ready, prepare))
    process.start()
    told.recv()
    process.terminate()
    process.join(30)
    assert process.exitcode == code
