import io
import signal
import sys
import time

import pytest

from harmreduction.engines import supervisor
from harmreduction.engines.supervisor import Failed, Program, Stopped, Supervisor

SLEEP = "import time; time.sleep(60)"
STUBBORN = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: None)
print("deaf", flush=True)
while True: time.sleep(60)
"""


def program(name, code, **options):
    return Program(name, [sys.executable, "-c", code], **options)


@pytest.fixture
def watching():
    ours = Supervisor(out=io.StringIO())
    yield ours
    ours.stop()


def tend_until(ours, condition, seconds=10):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        ours.tend()


def test_what_dies_is_started_again(watching):
    watching.start(program("sleeper", SLEEP))
    first = watching.running[0].process
    first.kill()
    tend_until(watching, lambda: watching.running[0].process is not first)
    assert watching.running[0].process.poll() is None
    assert "sleeper ended (-9)" in watching.out.getvalue()


def test_what_never_gets_ready_fails(watching, monkeypatch):
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 0)
    with pytest.raises(Failed, match="broken does not start"):
        watching.start(program("broken", "raise SystemExit(3)", is_ready=lambda: False))


def test_every_line_says_who_printed_it(watching):
    assert watching.run(program("talker", "print('one'); print('two')")) == 0
    tend_until(watching, lambda: "two" in watching.out.getvalue())
    assert watching.out.getvalue() == "talker   | one\ntalker   | two\n"


def test_the_end_of_a_run_is_reported(watching):
    assert watching.run(program("failing", "raise SystemExit(3)")) == 3


def test_higher_layers_stop_first(watching):
    last_words = "import signal, sys, time\n"
    last_words += "signal.signal(signal.SIGTERM, lambda *_: (print('bye', flush=True), sys.exit()))\n"
    last_words += "print('here', flush=True)\ntime.sleep(60)"
    watching.start(program("engine", last_words, layer=0), program("web", last_words, layer=1))
    tend_until(watching, lambda: watching.out.getvalue().count("here") == 2)
    watching.stop()
    time.sleep(0.1)
    said = watching.out.getvalue()
    assert said.index("web      | bye") < said.index("engine   | bye")


def test_the_deaf_are_killed(watching):
    watching.start(program("deaf", STUBBORN, grace=0.2))
    tend_until(watching, lambda: "deaf     | deaf" in watching.out.getvalue())
    process = watching.running[0].process
    watching.stop()
    assert process.returncode == -signal.SIGKILL


def test_a_request_to_stop_ends_the_watch(watching):
    watching.ask_to_stop()
    with pytest.raises(Stopped):
        watching.watch()


def test_standard_input_reaches_the_program(watching):
    watching.run(program("reader", "print(input())", stdin=b"secret\n"))
    tend_until(watching, lambda: "secret" in watching.out.getvalue())
