"""Throwaway engines for the tests, running before Django reads its settings."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from harmreduction.engines import engines, found
from harmreduction.engines.supervisor import Supervisor


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config):
    """A wrapper, because pytest-django reads the settings in this hook, first of all others."""
    # The workers of xdist inherit the addresses of the process that started them.
    if "PYTEST_XDIST_WORKER" not in os.environ:
        early_config.add_cleanup(throwaway_engines().close)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef):
    """One test database is made at a time: they share the roles that migrations create."""
    if fixturedef.argname != "django_db_setup":
        return (yield)
    with (found.data_dir() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return (yield)


def throwaway_engines() -> contextlib.ExitStack:
    stack = contextlib.ExitStack()
    folder = Path(tempfile.mkdtemp(prefix="tests-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    log = stack.enter_context((folder / "log").open("w"))
    supervisor = Supervisor(out=log)
    stack.callback(supervisor.stop)
    os.environ |= {"DATA_DIR": str(folder), "DEBUG": "0", "SECRET_KEY": "only-for-tests"}
    try:
        ours = engines.start(supervisor, folder, throwaway=True)
    except BaseException:
        with stack:
            raise
    os.environ["DATABASE_URL"] = ours.get("database_url") or found.database_url()
    os.environ["REDIS_URL"] = ours.get("redis_url") or found.redis_url()
    return stack
