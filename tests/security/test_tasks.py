"""A worker does one thing, told nothing, whoever wrote the message."""

import pickle

import pytest
from celery.worker.control import Panel
from django.conf import settings
from kombu.exceptions import ContentDisallowed
from kombu.serialization import loads

from harmreduction.celery import ALLOWED, app, keep_only_allowed


@pytest.fixture
def tasks():
    app.loader.import_default_modules()
    app.finalize()
    kept, commands = dict(app.tasks), dict(Panel.data)
    yield app.tasks
    app.tasks.update(kept)
    Panel.data.update(commands)


def test_a_worker_knows_one_task_and_its_own_are_forgotten(tasks):
    assert set(tasks) > ALLOWED
    keep_only_allowed()
    assert set(tasks) == ALLOWED == {"sites.tick"}


@pytest.mark.parametrize("kind", ["pickle", "yaml", "application/x-python-serialize"])
def test_nothing_but_json_is_read(kind):
    accepted = app.conf.accept_content
    assert accepted == settings.CELERY_ACCEPT_CONTENT == ["json"]
    with pytest.raises(ContentDisallowed):
        loads(pickle.dumps(exit), kind, "binary", accept={"application/json"})


def test_nobody_commands_a_worker_through_the_queue(tasks):
    keep_only_allowed()
    assert Panel.data == {}
    assert app.conf.task_ignore_result
