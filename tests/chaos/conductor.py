"""Who kills what and when, from a seed, and how long it takes until everything runs again by itself."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

import psycopg

from harmreduction.engines.supervisor import Running, Supervisor
from tests.chaos.disk import SizeLimit, Tmpfs, family
from tests.chaos.processor import Watch
from tests.chaos.tablets import Gate, Hand, Tablet
from tests.tablet_app.proxy import Line

PROGRAMS = ("web", "worker", "beat", "postgres", "valkey")
# How much of a program dies: its first process, all that it started too, or one of these alone.
WAYS = ("first", "all", "one")
FLUSH, DISK = "FLUSHALL", "disk"
FLUSHES = 3
TWO_AT_ONCE = 0.2
CUTS_A_FAULT = 4
ANSWER, REQUEST = 400, 4000  # bytes within which a line breaks
PATIENCE_S = 240
FULL_AT_MOST_S, FULL_FOR_S = 20, 3  # until the first refusal, and after it
TICKED = "select at from scs_heartbeat where name = 'tick'"


class NeverAgain(Exception):
    """Something did not come back, or never went away."""


@dataclass(frozen=True)
class Blow:
    """What is struck at one moment: programs by name and way, or FLUSH, or DISK."""

    at: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return " + ".join(f"{name} ({way})" if way else name for name, way in self.at)


def blows(chance: Random, kills: int) -> Iterator[Blow]:
    """At least so many kills, each program as often as any other; flushes and a full disk in between."""
    waiting = [PROGRAMS[n % len(PROGRAMS)] for n in range(kills)]
    chance.shuffle(waiting)
    others = [FLUSH] * FLUSHES + [DISK]
    every = max(1, kills // (len(others) + 1))
    done = 0
    while waiting or others:
        if others and (not waiting or done >= every):
            yield Blow(((others.pop(), ""),))
            done = 0
            continue
        names = [waiting.pop()]
        if waiting and waiting[-1] != names[0] and chance.random() < TWO_AT_ONCE:
            names.append(waiting.pop())
        yield Blow(tuple((name, chance.choice(WAYS)) for name in names))
        done += len(names)


@dataclass
class Conductor:
    supervisor: Supervisor
    disk: Tmpfs | SizeLimit
    database_url: str
    flush: Callable[[], None]
    line: Line
    gate: Gate
    tablets: list[Tablet]
    hand: Hand
    chance: Random
    say: Callable[[str], None]
    struck: datetime = field(default_factory=lambda: datetime.now(UTC))
    watch: Watch = field(default_factory=Watch)
    kills: int = 0
    flushes: int = 0
    refused_while_full: int = 0
    recoveries: list[tuple[float, float]] = field(default_factory=list)

    def conduct(self, planned: list[Blow]) -> None:
        each = len(self.tablets[0].outbox) / (len(planned) + 1)
        for number, blow in enumerate(planned):
            self.gate.let(round(each * (number + 1)))
            self._cut_lines()
            self._flow(round(each * len(self.tablets) * self.chance.uniform(0.05, 0.5)))
            self.strike(blow)
            seconds, alone = self.wait_until_whole()
            self.recoveries.append((seconds, alone))
            took = f"{seconds:.1f} s ({alone:.1f} s alone)"
            self.say(f"{number + 1:3}/{len(planned)} {blow}: {took}; {self.acknowledged} acknowledged")
        self.gate.let(len(self.tablets[0].outbox))

    @property
    def acknowledged(self) -> int:
        return sum(len(tablet.receipts) for tablet in self.tablets)

    def until(self, true: Callable[[], bool], why: str, seconds: float = PATIENCE_S) -> None:
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                raise NeverAgain(why)
            self.supervisor.tend()

    def _flow(self, records: int) -> None:
        """Let the tablets send so many, or all that they may."""
        enough = min(self.acknowledged + records, self.gate.open * len(self.tablets))
        self.until(lambda: self.acknowledged >= enough, "the tablets do not get on")

    def _cut_lines(self) -> None:
        for _cut in range(CUTS_A_FAULT):
            down = self.chance.random() < 0.75
            bytes_left = self.chance.randrange(ANSWER if down else REQUEST)
            self.line.cuts.append(("down" if down else "up", bytes_left))

    # --- Blows ----------------------------------------------------------------------------
    def strike(self, blow: Blow) -> None:
        self.struck, self.watch = datetime.now(UTC), Watch()
        for name, way in blow.at:
            if name == FLUSH:
                self.flush()
                self.flushes += 1
            elif name == DISK:
                self._fill_disk()
            else:
                self._kill(self.program(name), way)

    def program(self, name: str) -> Running:
        return next(one for one in self.supervisor.running if one.program.name == name)

    def _kill(self, one: Running, way: str) -> None:
        first, *others = family(one.process.pid) or [one.process.pid]
        chosen = {"first": [first], "all": [first, *others], "one": [self.chance.choice(others or [first])]}
        for pid in chosen[way]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.kills += 1

    def _fill_disk(self) -> None:
        server = self.program("postgres")
        self.disk.fill(server)
        if not self.disk.is_full(server):
            raise NeverAgain("the disk did not fill")
        before = self._refusals()
        end = time.monotonic() + FULL_AT_MOST_S
        self.until(lambda: self._refusals() > before or time.monotonic() > end, "")
        end = time.monotonic() + FULL_FOR_S
        self.until(lambda: time.monotonic() > end, "")
        self.refused_while_full = self._refusals() - before
        self.disk.free(server)
        self.struck, self.watch = datetime.now(UTC), Watch()

    def _refusals(self) -> int:
        """By the server itself: no answer at all may be a line that was cut."""
        return sum(one.answers[503] for one in [*self.tablets, self.hand.tablet])

    # --- And after ------------------------------------------------------------------------
    def wait_until_whole(self) -> tuple[float, float]:
        """From the blow until a save that began later was taken, and later work was found and done: seconds,
        and those that it would have been without what others used of the processors.
        """
        self.until(self.is_whole, "not everything runs again")
        return self.watch.seconds, self.watch.alone

    def is_whole(self) -> bool:
        running = all(one.again_at is None and one.process.poll() is None for one in self.supervisor.running)
        if not running or self.hand.taken_from <= self.watch.begun:
            return False
        last_start = max(one.since for one in self.supervisor.running)
        again = datetime.now(UTC) - timedelta(seconds=time.monotonic() - last_start)
        return self.has_ticked_since(max(again, self.struck))

    def has_ticked_since(self, instant: datetime) -> bool:
        try:
            with psycopg.connect(self.database_url, connect_timeout=3) as connection:
                ticked = connection.execute(TICKED).fetchone()
                return ticked is not None and ticked[0] > instant
        except psycopg.Error:
            return False
