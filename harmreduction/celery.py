"""The Celery application: beat only asks, every minute, what is due."""

import os

from celery import Celery
from celery.signals import setup_logging, worker_init, worker_ready
from celery.worker.control import Panel
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harmreduction.settings")
TRANSPORT_ALIASES |= dict.fromkeys(("redis", "rediss"), "harmreduction.broker:Transport")
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


@worker_ready.connect
def look_at_once(sender, **_):
    """A worker that starts does not wait a minute to see what is due."""
    app.send_task("sites.tick")
