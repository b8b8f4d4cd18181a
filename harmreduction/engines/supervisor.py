"""Starts programs, passes on what they print, restarts what dies, stops all in reverse."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from harmreduction.engines import child

TICK = 0.1
GIVE_UP_AFTER = 5
LONGEST_PAUSE = 15
SETTLED = 30


class Stopped(Exception):
    """We were asked to stop."""


class Failed(Exception):
    """A program does not get ready."""


@dataclass
class Program:
    name: str
    command: list[str]
    is_ready: Callable[[], bool] = lambda: True
    before_start: Callable[[], None] = lambda: None
    in_child: Callable[[], None] = lambda: None
    stop_signal: int = signal.SIGTERM
    grace: float = 10
    layer: int = 1  # the highest layer stops first
    stdin: bytes = b""
    env: dict[str, str] = field(default_factory=dict)
    options: dict = field(default_factory=dict)  # more for Popen


@dataclass
class Running:
    program: Program
    process: subprocess.Popen
    since: float
    deaths: int = 0
    again_at: float | None = None


class Supervisor:
    def __init__(self, out=None):
        self.out = out or sys.stdout
        self.running: list[Running] = []
        self.asked_to_stop = False

    def obey_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # nohup means it
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self.ask_to_stop)

    def ask_to_stop(self, *_) -> None:
        self.asked_to_stop = True

    def start(self, *programs: Program, timeout: float = 60) -> None:
        """Start them together and wait until each is ready."""
        self.running += [Running(one, self.spawn(one), time.monotonic()) for one in programs]
        until = time.monotonic() + timeout
        for one in programs:
            while not one.is_ready():
                if time.monotonic() > until or self.find(one).deaths >= GIVE_UP_AFTER:
                    raise Failed(f"{one.name} does not start: the reason stands above")
                self.tend()

    def run(self, program: Program) -> int:
        """Run to its end what does not stay."""
        process = self.spawn(program)
        try:
            while process.poll() is None:
                self.tend()
        except Stopped:
            ask_to_end(process, program)
            raise
        finally:
            wait_for_end(process, program)
        return process.returncode

    def watch(self) -> None:
        while True:
            self.tend()

    def stop(self) -> None:
        for layer in sorted({one.program.layer for one in self.running}, reverse=True):
            leaving = [one for one in reversed(self.running) if one.program.layer == layer]
            for one in leaving:
                ask_to_end(one.process, one.program)
            for one in leaving:
                wait_for_end(one.process, one.program)
        self.running = []

    def tend(self) -> None:
        """One step of watching: start again what died, a little later each time."""
        if self.asked_to_stop:
            raise Stopped
        now = time.monotonic()
        for one in self.running:
            if one.again_at is not None:
                if now >= one.again_at:
                    one.process, one.since, one.again_at = self.spawn(one.program), now, None
            elif one.process.poll() is not None:
                self.bury(one, now)
        time.sleep(TICK)

    def bury(self, one: Running, now: float) -> None:
        kill_group(one.process)
        one.deaths = 1 if now - one.since > SETTLED else one.deaths + 1
        pause = min(0.25 * 2**one.deaths, LONGEST_PAUSE)
        one.again_at = now + pause
        self.say(f"{one.program.name} ended ({one.process.returncode}); again in {pause:g} s")

    def spawn(self, program: Program) -> subprocess.Popen:
        """From the main thread only: the kernel takes that thread's end for the parent's."""
        program.before_start()
        process = subprocess.Popen(
            program.command,
            stdin=subprocess.PIPE if program.stdin else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **program.env},
            # Ctrl-C is for us alone: a group of its own, but still the session of the terminal.
            process_group=0,
            preexec_fn=partial(between_fork_and_exec, program),
            **program.options,
        )
        if process.stdin:
            with contextlib.suppress(BrokenPipeError), process.stdin:
                process.stdin.write(program.stdin)
        threading.Thread(target=self.pass_on, args=(program.name, process), daemon=True).start()
        return process

    def pass_on(self, name: str, process: subprocess.Popen) -> None:
        for line in process.stdout:
            self.say(line.decode(errors="replace").rstrip(), name)

    def say(self, line: str, name: str = "demo") -> None:
        # Whoever read us may be gone: the programs still need their pipes emptied.
        with contextlib.suppress(OSError, ValueError):
            self.out.write(f"{name:8} | {line}\n")
            self.out.flush()

    def find(self, program: Program) -> Running:
        return next(one for one in self.running if one.program is program)


def between_fork_and_exec(program: Program) -> None:
    program.in_child()
    # After a change of user, which would undo it.
    child.die_with_parent(program.stop_signal)


def ask_to_end(process: subprocess.Popen, program: Program) -> None:
    if process.poll() is None:
        process.send_signal(program.stop_signal)


def wait_for_end(process: subprocess.Popen, program: Program) -> None:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(program.grace)
    kill_group(process)
    process.wait()


def kill_group(process: subprocess.Popen) -> None:
    """What a dead program leaves behind would keep its port or its files."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
