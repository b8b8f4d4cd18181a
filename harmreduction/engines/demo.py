"""`make demo`: engines, migrations, demo history, web, worker and beat, until Ctrl-C."""

import argparse
import contextlib
import fcntl
import json
import os
import shutil
import sys
import time
import urllib.request
from pathlib import Path

from harmreduction.engines import binaries, child, engines, found, ports, postgres, vault
from harmreduction.engines.supervisor import Failed, Program, Stopped, Supervisor

OURS = ["valkey", "keys", "secrets.json", "secret_key", "demo.json", found.ENGINES]
READY_WITHIN = 120
NOT_NEWS = "ignore:You're running the worker with superuser privileges"


class Refused(Exception):
    """Nothing was started; says why in one line."""


def main(args: list[str]) -> int:
    options = parser().parse_args(args)
    os.umask(0o077)
    folder = vault.make_private(found.data_dir())
    os.environ["DATA_DIR"] = str(folder)
    if os.environ.get("MAKELEVEL"):
        child.die_with_parent()
    try:
        listens_on()
        with only_one(folder):
            check_port()
            wipe(folder, options)
            return serve(Supervisor(), folder, options)
    except (Refused, Failed, binaries.Missing) as why:
        print(why, file=sys.stderr)
        return 2


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.exit(2, f"{message}\n")


def parser() -> Parser:
    parser = Parser("manage.py demo", description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="forget what DATA_DIR holds")
    parser.add_argument("--sites", type=positive, default=3, help="sites (3)")
    parser.add_argument("--days", type=positive, default=200, help="days of history (200)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another history (1)")
    return parser


def positive(text: str) -> int:
    if (number := int(text)) < 1:
        raise ValueError
    return number


def serve(supervisor: Supervisor, folder: Path, options) -> int:
    supervisor.obey_signals()
    kept = (postgres.home(folder) / "postgres").exists()
    try:
        ours = engines.start(supervisor, folder)
        supervisor.say(f"Keeping the data of {folder}" if kept else f"New data in {folder}")
        if code := supervisor.run(preparation(options, ours)):
            raise Failed(f"The database could not be prepared ({code}): the reason stands above")
        refresh(folder / "demo.json", ours)
        supervisor.start(web(folder), worker())
        ready = is_ready_in_time(supervisor)
        # Last: the worker has looked by itself at what is due, and beat would slow the others down.
        supervisor.start(beat(folder))
        if ready:
            greet(supervisor, folder)
        supervisor.watch()
    except Stopped:
        supervisor.say("Stopping …")
    finally:
        supervisor.stop()
        (folder / found.ENGINES).unlink(missing_ok=True)
    supervisor.say("Stopped. The data stays; `make demo` goes on with it.")
    return 0


# --- Before anything starts --------------------------------------------------------------
def check_port() -> None:
    host, port = listens_on()
    try:
        if not ports.is_free(host, port):
            raise Refused(f"Port {port} of {host} is taken: make demo PORT={port + 1}")
    except (OSError, OverflowError) as error:
        raise Refused(f"Cannot listen on HOST={host} PORT={port}: {error}") from error


def address() -> str:
    host, port = listens_on()
    local = {"127.0.0.1", "0.0.0.0", "::", "::1"}  # noqa: S104 - compared, not bound
    return f"http://{'localhost' if host in local else host}:{port}"


def listens_on() -> tuple[str, int]:
    port = os.environ.get("PORT") or "8000"
    if not port.isdigit():
        raise Refused(f"PORT must be a number, not {port!r}")
    return os.environ.get("HOST") or "127.0.0.1", int(port)


@contextlib.contextmanager
def only_one(folder: Path):
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Refused(f"The demo already runs on {folder}: {lock.read().strip()}") from None
        lock.truncate(0)
        lock.write(address())
        lock.flush()
        yield


def wipe(folder: Path, options) -> None:
    if not options.fresh:
        return
    if os.environ.get("DATABASE_URL"):
        raise Refused("--fresh wipes only databases of DATA_DIR; DATABASE_URL names another")
    for path in [postgres.home(folder) / "postgres", *(folder / name for name in OURS)]:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


# --- The programs ------------------------------------------------------------------------
def preparation(options, ours: dict) -> Program:
    command = python("-m", "harmreduction.engines.prepare")
    command += [f"--{name}={getattr(options, name)}" for name in ("sites", "days", "seed")]
    if "database_url" not in ours:
        command += ["--foreign"]
    return Program("prepare", command, grace=5, **here())


def web(folder: Path) -> Program:
    host, port = listens_on()
    command = script("gunicorn", "harmreduction.wsgi", "--bind", f"{bracketed(host)}:{port}")
    command += ["--workers=2", "--threads=16", "--worker-class=gthread", "--preload"]
    command += ["--no-control-socket", "--graceful-timeout=5", "--log-level=warning"]
    command += ["--logger-class=harmreduction.logs.Gunicorn"]
    command += ["--worker-tmp-dir", "/dev/shm" if os.access("/dev/shm", os.W_OK) else str(folder)]  # noqa: S108
    return Program("web", command, layer=1, **here())


def worker() -> Program:
    command = script("celery", "--quiet", "-A", "harmreduction", "worker", "--loglevel=WARNING")
    command += ["--concurrency=1", "--without-gossip", "--without-mingle"]
    return Program("worker", command, layer=2, **here(PYTHONWARNINGS=NOT_NEWS))


def beat(folder: Path) -> Program:
    command = script("celery", "--quiet", "-A", "harmreduction", "beat", "--loglevel=WARNING")
    command += ["--schedule", str(folder / "celerybeat-schedule"), "--pidfile="]
    return Program("beat", command, layer=2, **here())


def python(*args: str) -> list[str]:
    return [sys.executable, *args]


def script(name: str, *args: str) -> list[str]:
    return python(str(Path(sys.executable).with_name(name)), *args)


def here(**env: str) -> dict:
    return {"env": {"PYTHONUNBUFFERED": "1", **env}, "options": {"cwd": found.ROOT}}


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


# --- Once it runs ------------------------------------------------------------------------
def refresh(path: Path, ours: dict) -> None:
    """The ports are new at every start."""
    if text := found.read(path):
        demo = json.loads(text)
        now = {"url": address(), "redis_url": found.redis_url()}
        now["database_url"] = ours.get("dump_url") or found.database_url()
        now["tablets"] = [
            {**link, "url": f"{address()}/tablet/#{link['url'].partition('#')[2]}"}
            for link in demo.get("tablets", [])
        ]
        vault.write(path, json.dumps({**demo, **now}, indent=1))


def is_ready_in_time(supervisor: Supervisor) -> bool:
    until = time.monotonic() + READY_WITHIN
    while not answers():
        if time.monotonic() > until:
            supervisor.say(f"Not ready yet: {address()}/readyz says why.")
            return False
        supervisor.tend()
    return True


def greet(supervisor: Supervisor, folder: Path) -> None:
    demo = json.loads(found.read(folder / "demo.json") or "{}")
    supervisor.say(f"Ready: {address()}")
    for user in demo.get("users", []):
        pin = f"PIN {user['pin']}" if user.get("pin") else ""
        who = f"{user['role']} {user.get('site') or ''}"
        supervisor.say(f"  {user['code']:<12} {user['password']}  {who:<20} {pin}".rstrip())
    if any(user.get("totp_secret") for user in demo.get("users", [])):
        supervisor.say("Managers and above also give a code: manage.py demo_code tells it.")
    for link in demo.get("tablets", [])[:1]:
        supervisor.say(f"A tablet of {link['site']}, once: {link['url']}")
    if demo:
        supervisor.say(f"Other tablets and recipients' tokens: {folder / 'demo.json'}")
    supervisor.say("Ctrl-C stops everything.")


def answers() -> bool:
    host, port = listens_on()
    reach = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    allowed = (os.environ.get("ALLOWED_HOSTS") or "localhost").split(",")[0].strip().lstrip(".")
    name = "localhost" if allowed in ("", "*") else allowed
    request = urllib.request.Request(  # noqa: S310
        f"http://{bracketed(reach)}:{port}/readyz", headers={"Host": name}
    )
    try:
        with urllib.request.urlopen(request, timeout=3) as answer:  # noqa: S310
            return answer.status == 200
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
