"""The product as it runs for people: `manage.py demo` and what it starts, seen over HTTP, SQL and /proc."""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from http.cookiejar import CookieJar
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import psycopg
import uuid6

from harmreduction.engines import found, ports, postgres
from tests.people.doors import codes

# What the tests' own engines put into the environment must not reach the demo.
OURS = {
    "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DEBUG", "HOST", "ALLOWED_HOSTS", "KEYS_DIR", "HTTPS",
    "DJANGO_ALLOW_ASYNC_UNSAFE",
}  # fmt: skip
DAYS = 70
TICK_SECONDS = 5
# For what must come true on any machine, however busy.
PATIENCE = 240
ZONE = ZoneInfo("America/Toronto")
CUTOVER = timedelta(hours=6)
FIELD = re.compile(rb'name="(csrfmiddlewaretoken|visit|record_id)" value="([^"]+)"')


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self):
        return json.loads(self.body)


def until(condition, seconds: float = PATIENCE, *, every: float = 0.1, why: str = ""):
    """What `condition` gives as soon as it gives something."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, why or "it took too long"
        time.sleep(every)
    return value


def last_closed_day() -> date:
    return (datetime.now(ZONE) - CUTOVER).date() - timedelta(days=1)


def new_id() -> str:
    return str(uuid6.uuid7())


def record(kind: str, data: dict, when: datetime | None = None) -> dict:
    now = datetime.now(UTC)
    return {
        "id": new_id(),
        "kind": kind,
        "occurred_at": (when or now).isoformat(),
        "entered_at": now.isoformat(),
        "seq": 1,
        "by": "s01-01",
        "data": data,
    }


class Demo:
    """One `manage.py demo` on a folder of its own."""

    def __init__(self, folder: Path):
        self.folder = folder / "data"
        self.port = ports.free()
        self.url = f"http://localhost:{self.port}"
        self.log = folder / "log"
        self.env = {name: value for name, value in os.environ.items() if name not in OURS}
        self.env |= {
            "DATA_DIR": str(self.folder), "PORT": str(self.port), "TICK_SECONDS": str(TICK_SECONDS),
        }  # fmt: skip
        with self.log.open("w") as log:
            self.process = self.start("demo", "--sites=1", f"--days={DAYS}", stdout=log)

    # --- Commands ----------------------------------------------------------------------
    def start(self, *words: str, stdout=subprocess.PIPE) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "manage.py", *words],
            cwd=found.ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip

    def command(self, *words: str) -> str:
        running = self.start(*words)
        said = running.communicate(timeout=PATIENCE)[0]
        assert running.returncode == 0, said
        return said

    # --- HTTP --------------------------------------------------------------------------
    def ask(self, path: str, headers: dict | None = None, body: bytes | None = None, opener=None) -> Answer:
        request = urllib.request.Request(self.url + path, body, headers or {})
        try:
            with (opener or urllib.request.build_opener()).open(request, timeout=30) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(refused.code, refused.headers, refused.read())

    @cached_property
    def tablet(self) -> dict:
        token = json.loads(self.command("enrol_device", "--site", "S01", "--json"))["token"]
        return {"Authorization": f"Device {token}", "Content-Type": "application/json"}

    def answers(self) -> bool:
        try:
            return self.ask("/healthz").status == 200
        except OSError:
            return False

    def send(self, *records: dict) -> Answer:
        return self.ask("/api/v1/records", self.tablet, json.dumps({"records": records}).encode())

    def released(self, path: str = "") -> Answer:
        headers = {"Authorization": f"Bearer {self.told['recipients'][0]['token']}"}
        return self.ask(f"/api/v1/releases{path}", headers)

    def release_files(self) -> dict[tuple[str, str], bytes]:
        """(release id, format) → bytes, of every file that a recipient can pull."""
        files = {}
        for release in until(lambda: self.released().json(), why="no release"):
            for form in release["formats"]:
                answer = self.released(f"/{release['id']}/{form}")
                assert answer.status == 200
                files[release["id"], form] = answer.body
        return files

    def sign_in(self, role: str) -> "Person":
        user = next(user for user in self.told["users"] if user["role"] == role)
        return Person(self, user["code"], user["password"], user["totp_secret"])

    # --- What it told ------------------------------------------------------------------
    @property
    def told(self) -> dict:
        return json.loads((self.folder / "demo.json").read_text())

    def has_told(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return (self.folder / "demo.json").exists() and self.told["url"] == self.url

    def sql(self, query: str, *values) -> list[tuple]:
        with psycopg.connect(self.told["database_url"], connect_timeout=3) as connection:
            return connection.execute(query, values).fetchall()

    def one(self, query: str, *values):
        return self.sql(query, *values)[0][0]

    def heartbeat(self) -> datetime:
        return self.one("select at from scs_heartbeat where name = 'tick'")

    def has_ticked_since(self, instant: datetime) -> bool:
        return self.heartbeat() > instant and self.ask("/readyz").status == 200

    # --- Processes ---------------------------------------------------------------------
    def processes(self) -> dict[int, str]:
        """Everything under the demo: process id → command line."""
        parents, lines = {}, {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                stat, line = (entry / "stat").read_text(), (entry / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
            lines[int(entry.name)] = line.replace(b"\0", b" ").decode(errors="replace")
        ours = {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
            ours |= more
        return {pid: lines[pid] for pid in sorted(ours)}

    def pids(self, pattern: str) -> list[int]:
        return [pid for pid, line in self.processes().items() if re.search(pattern, line)]

    def signal(self, pattern: str, number: signal.Signals) -> None:
        pids = self.pids(pattern)
        assert pids, f"nothing runs as {pattern}"
        for pid in pids:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(30)

    def files(self) -> list[Path]:
        """Everything it wrote; PostgreSQL's files may lie elsewhere."""
        places = {self.folder.parent, postgres.home(self.folder)}
        return [path for place in places for path in place.rglob("*") if path.is_file()]

    def clean(self) -> None:
        """Stop it and keep its log alone."""
        if self.process.poll() is None:
            self.stop()
        for place in {self.folder, postgres.home(self.folder)}:
            shutil.rmtree(place, ignore_errors=True)


class Person:
    """Someone signed in, with cookies as a browser keeps them."""

    def __init__(self, demo: Demo, code: str, password: str, totp_secret: str | None = None):
        self.demo = demo
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        answer = self.post("/accounts/login/", login=code, password=password)
        assert answer.status == 200, answer.body
        assert b'name="password"' not in answer.body
        for digits in codes(totp_secret) if totp_secret else ():
            answer = self.post("/accounts/code/", code=digits)
            if b'name="code"' not in answer.body:
                break
        assert b'name="code"' not in answer.body

    def get(self, path: str) -> Answer:
        return self.demo.ask(path, opener=self.opener)

    def post(self, path: str, **typed: str) -> Answer:
        """Fill the form of a page and send it, its hidden fields as they stand."""
        form = dict(FIELD.findall(self.get(path).body))
        form = {name.decode(): value.decode() for name, value in form.items()} | typed
        body = urllib.parse.urlencode(form).encode()
        return self.demo.ask(path, {"Origin": self.demo.url}, body, self.opener)
