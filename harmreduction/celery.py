"""The Celery application: beat only asks, every minute, what is due."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harmreduction.settings")
app = Celery("harmreduction")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["sites"])


@worker_ready.connect
def look_at_once(sender, **_):
    """A worker that starts does not wait a minute to see what is due."""
    app.send_task("sites.tick")
