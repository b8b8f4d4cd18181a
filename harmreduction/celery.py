"""The Celery application: beat only asks, every minute, what is due."""

import os
import signal

from celery import Celery
from celery.signals import setup_logging, task_prerun, worker_init, worker_process_init, worker_ready
from celery.worker.control import Panel
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harmreduction.settings")
TRANSPORT_ALIASES |= dict.fromkeys(("redis", "rediss"), "harmreduction.broker:Transport")
TRANSPORT_ALIASES["sentinel"] = "harmreduction.broker:WatchedTransport"
app = Celery("harmreduction")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["sites"])
app.Task.Strategy = "harmreduction.broker:told_nothing"

# What a message may ask for, whoever wrote it. Celery brings tasks of its own, which nobody here sends.
ALLOWED = {"sites.tick"}


@setup_logging.connect
def keep_our_log(**_) -> None:
    """Settings say what may be written; Celery adds no line of its own shape."""


@worker_init.connect
def keep_only_allowed(**_) -> None:
    for name in set(app.tasks) - ALLOWED:
        app.tasks.pop(name)
    # Nobody stops a worker through the queue. Turned off altogether, a worker whose broker died while it was
    # busy waits for ever: the channel of these commands is what notices.
    Panel.data.clear()


@worker_process_init.connect
def die_when_cut_short(**_) -> None:
    # Billiard sets its own handler after this, and Celery none before a task.
    task_prerun.connect(die_at_once)


def die_at_once(**_) -> None:
    """A task that is ended (its queue was lost) takes its process with it, as by `kill -9`.

    As an exception, which is what Celery makes of SIGTERM, the end is swallowed when it comes while a
    transaction closes: the process then lives on with a connection that can never be opened again.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


@worker_ready.connect
def look_at_once(sender, **_):
    """A worker that starts does not wait a minute to see what is due."""
    app.send_task("sites.tick")
