"""Several machines on one: copies of the tests’ database server, a pooler before it, watched queues."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection, connections

from harmreduction.engines import binaries, found, ports, postgres, vault
from harmreduction.engines.supervisor import Program, Supervisor

SECOND = "second"


@contextmanager
def supervised(folder: Path) -> Iterator[Supervisor]:
    with (folder / "log").open("w") as log:
        supervisor = Supervisor(out=log)
        try:
            yield supervisor
        finally:
            supervisor.stop()


# --- PostgreSQL --------------------------------------------------------------------------
def ours() -> postgres.Server:
    """The throwaway server of the tests."""
    port = int(connection.settings_dict["PORT"])
    return postgres.Server(found.data_dir(), port, vault.passwords(found.data_dir()))


def copied(source: postgres.Server, folder: Path, *words: str) -> postgres.Server:
    """Another server with the same content; with `-R` it follows the source."""
    made = postgres.Server(vault.make_private(folder), ports.free(), source.passwords)
    command = [postgres.place(binaries.postgres(), folder) / "pg_basebackup", "-D", made.files]
    command += ["-d", source.url(postgres.SUPERUSER, "postgres"), "-X", "stream", "-c", "fast", *words]
    subprocess.run(
        [str(word) for word in command], check=True, cwd="/", preexec_fn=postgres.disguise(),
        **postgres.other_user(),
    )  # fmt: skip
    return made


def program(server: postgres.Server, name: str) -> Program:
    made = postgres.program(server)
    made.name = name
    made.command += [f"--cluster_name={name}", "--hot_standby_feedback=on"]
    return made


def as_superuser(server: postgres.Server, statement: str, database: str = "postgres"):
    with psycopg.connect(server.url(postgres.SUPERUSER, database), autocommit=True) as session:
        done = session.execute(statement)
        return done.fetchall() if done.description else []


def kill(supervisor: Supervisor, which: Program) -> None:
    """All its processes at once, as a machine that loses its power."""
    os.killpg(supervisor.find(which).process.pid, signal.SIGKILL)
    supervisor.find(which).process.wait()


@contextmanager
def talking_to(port: int) -> Iterator[dict]:
    """Every connection made meanwhile goes to this port. Gives the settings, to turn elsewhere."""
    given = connections.settings["default"]
    before = given["PORT"]
    connections.close_all()
    given["PORT"] = str(port)
    try:
        yield given
    finally:
        connections.close_all()
        given["PORT"] = before


# --- PgBouncer ---------------------------------------------------------------------------
def pooler(folder: Path, server: postgres.Server) -> tuple[Program, int]:
    """In transaction mode, with one connection to the server for everyone."""
    bouncer = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if bouncer is None:
        raise binaries.Missing("No PgBouncer found: apt-get install pgbouncer (Debian), then run this again.")
    port, database = ports.free(), connection.settings_dict["NAME"]
    (folder / "users").write_text(f'"scs" "{server.passwords["scs"]}"\n')
    (folder / "ini").write_text(
        f"[databases]\n{database} = host=127.0.0.1 port={server.port}\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = scram-sha-256\nauth_file = {folder / 'users'}\n"
        "pool_mode = transaction\ndefault_pool_size = 1\nmax_client_conn = 50\nquery_wait_timeout = 0\n"
    )
    made = Program(
        name="pgbouncer",
        command=[bouncer, str(folder / "ini")],
        is_ready=lambda: answers(port, server),
        in_child=postgres.disguise(),
        options={"cwd": "/", **postgres.other_user()},
    )
    return made, port


def answers(port: int, server: postgres.Server) -> bool:
    url = postgres.Server(server.folder, port, server.passwords).url("scs", connection.settings_dict["NAME"])
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


# --- Valkey and its sentinels ------------------------------------------------------------
PASSWORD = "valkey of the tests"


def queue(folder: Path, name: str, port: int, follows: int | None = None) -> Program:
    lines = [
        f"port {port}",
        f'requirepass "{PASSWORD}"',
        f'masterauth "{PASSWORD}"',
        "repl-diskless-sync-delay 0",
    ]
    lines += [f"replicaof 127.0.0.1 {follows}"] if follows else []
    return _valkey(folder, name, port, lines)


def sentinel(folder: Path, name: str, port: int, leader: int) -> Program:
    lines = [f"port {port}", f"sentinel monitor scs 127.0.0.1 {leader} 2"]
    lines += [f'sentinel auth-pass scs "{PASSWORD}"', "sentinel down-after-milliseconds scs 3000"]
    lines += ["sentinel failover-timeout scs 20000"]
    return _valkey(folder, name, port, lines, "--sentinel")


def _valkey(folder: Path, name: str, port: int, lines: list[str], *words: str) -> Program:
    home = vault.make_private(folder / name)
    lines += ["bind 127.0.0.1", f'dir "{home}"', 'save ""', "loglevel notice"]
    (home / "conf").write_text("\n".join(lines) + "\n")
    return Program(name=name, command=[str(binaries.valkey()), str(home / "conf"), *words])
