"""Whoever started the engines is gone, by `kill -9` or with its terminal: the next start is not held up."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from harmreduction.engines import found
from tests.chaos.disk import family
from tests.journeys.running import until

# Started under nohup the tests would hand on that a closed terminal means nothing.
LAUNCHER = """
import signal
import sys
from pathlib import Path
from harmreduction.engines import engines
from harmreduction.engines.supervisor import Stopped, Supervisor
signal.signal(signal.SIGHUP, signal.SIG_DFL)
supervisor = Supervisor(out=sys.stderr)
supervisor.obey_signals()
try:
    engines.start(supervisor, Path(sys.argv[1]), throwaway=True)
    print("started", flush=True)
    supervisor.watch()
except Stopped:
    pass
finally:
    supervisor.stop()
"""
NOT_OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")


@pytest.fixture
def launch(tmp_path, monkeypatch):
    """Start the engines on the same folder, in a process that is told when they answer."""
    started = []
    for name in NOT_OURS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))

    def one() -> subprocess.Popen:
        with (tmp_path / "log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", LAUNCHER, str(tmp_path)],
                cwd=found.ROOT, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        started.append(process)
        assert process.stdout.readline() == "started\n", (tmp_path / "log").read_text()
        return process

    yield one
    for process in started:
        process.terminate()
        process.wait(60)
        process.stdout.close()


def write(number: int) -> None:
    with psycopg.connect(found.database_url()) as connection:
        connection.execute("create table if not exists kept (n int)")
        connection.execute("insert into kept values (%s)", [number])


def written() -> list[int]:
    with psycopg.connect(found.database_url()) as connection:
        return [n for (n,) in connection.execute("select n from kept order by n")]


def is_gone(pid: int) -> bool:
    """Dead and waiting to be fetched is gone: it holds no port and no file."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP], ids=["killed", "terminal_closed"])
def test_the_next_start_goes_on_with_the_data(launch, number):
    first = launch()
    write(1)
    left = family(first.pid)[1:]
    assert len(left) > 3
    os.kill(first.pid, number)
    if number == signal.SIGHUP:
        first.wait(60)
    second = launch()
    write(2)
    assert written() == [1, 2]
    until(lambda: all(is_gone(pid) for pid in left), 60, why="something of the first start lives on")
    assert second.poll() is None
