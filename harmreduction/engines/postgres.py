"""PostgreSQL as a child of ours: its files, its program, its roles."""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import psycopg
from psycopg import sql

from harmreduction.engines import binaries, child, vault
from harmreduction.engines.supervisor import Failed, Program

SUPERUSER = "postgres"
DATABASE = "scs"
OUTSIDE = Path("/var/tmp")  # noqa: S108 - the owner of the folder below is checked
# The log never holds a value of a row: no statement, no parameter, no detail, no error of a query
# (whoever asked has it already). deploy/install and compose.yaml say the same.
QUIET = {
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass
class Server:
    folder: Path
    port: int
    passwords: dict[str, str]
    throwaway: bool = False

    def url(self, role: str, database: str = DATABASE) -> str:
        password = self.passwords["superuser" if role == SUPERUSER else role]
        return f"postgres://{role}:{password}@127.0.0.1:{self.port}/{database}"

    @property
    def files(self) -> Path:
        return home(self.folder) / "postgres"


def program(server: Server) -> Program:
    """Makes the files first when there are none."""
    bin = place(binaries.postgres(), server.folder)
    if not (server.files / "PG_VERSION").exists():
        create(bin, server)
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(server.port),
        "unix_socket_directories": "",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        **QUIET,
        **(THROWAWAY if server.throwaway else {}),
    }
    refuse_other_major(bin, server.files)
    return Program(
        name="postgres",
        command=[str(bin / "postgres"), "-D", str(server.files)]
        + [f"--{name}={value}" for name, value in settings.items()],
        is_ready=lambda: answers(server),
        before_start=lambda: drop_stale_pid(server.files),
        in_child=disguise(),
        stop_signal=signal.SIGINT,  # fast shutdown: open connections do not hold it up
        grace=20,
        layer=0,
        env={"LC_ALL": "C", "TZ": "UTC"},
        options={"cwd": "/", **other_user()},
    )


def create(bin: Path, server: Server) -> None:
    """Renamed when complete: an interrupted start leaves nothing half made."""
    part = server.files.with_name("postgres.part")
    shutil.rmtree(part, ignore_errors=True)
    password = part.with_name("superuser")
    vault.write(password, server.passwords["superuser"])
    if needs_other_user():
        os.chown(password, *child.NOBODY)
    command = [bin / "initdb", "-D", part, "-U", SUPERUSER, f"--pwfile={password}"]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums"]
    if binaries.major(bin / "postgres") >= 17:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    else:
        command += ["--locale=C.UTF-8"]
    if server.throwaway:
        command += ["--no-sync"]
    made = subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        cwd="/",
        process_group=0,
        preexec_fn=disguise(),
        **other_user(),
    )
    password.unlink()
    if made.returncode:
        raise Failed(f"initdb: {made.stderr.decode().strip()}")
    part.rename(server.files)


def refuse_other_major(bin: Path, files: Path) -> None:
    theirs, ours = binaries.version((files / "PG_VERSION").read_text()), binaries.major(bin / "postgres")
    if theirs != ours:
        raise Failed(
            f"{files} was written by PostgreSQL {theirs}, this is {ours}: "
            "use that version through DATABASE_URL, or start over with --fresh"
        )


def answers(server: Server) -> bool:
    try:
        psycopg.connect(server.url(SUPERUSER, "postgres"), connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def drop_stale_pid(files: Path) -> None:
    """After a `kill -9` or a restarted container, the number may be another program's by now."""
    path = files / "postmaster.pid"
    if not path.exists() or not Path("/proc/self").exists():
        return
    owner = Path("/proc", path.read_text().split("\n")[0], "cmdline")
    if not owner.exists() or str(files).encode() not in owner.read_bytes():
        path.unlink()


def set_up(server: Server) -> None:
    """The roles and the database, as often as you like."""
    with psycopg.connect(server.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        make_role(connection, "scs", server.passwords["scs"], "createdb createrole")
        make_role(connection, "scs_dump", server.passwords["scs_dump"], "bypassrls inherit")
        connection.execute("grant pg_read_all_data to scs_dump")
        known = connection.execute("select 1 from pg_database where datname = %s", [DATABASE])
        if not known.fetchone():
            connection.execute(f"create database {DATABASE} owner scs template template0")


def make_role(connection: psycopg.Connection, name: str, password: str, rights: str) -> None:
    if not connection.execute("select 1 from pg_roles where rolname = %s", [name]).fetchone():
        command = sql.SQL("create role {} login nosuperuser password {} " + rights)
        connection.execute(command.format(sql.Identifier(name), sql.Literal(password)))


# --- Root ------------------------------------------------------------------------------
def disguise():
    return child.look_like_nobody if child.is_root() and child.namespaces_work() else nothing


def nothing() -> None:
    pass


def other_user() -> dict:
    if not needs_other_user():
        return {}
    uid, gid = child.NOBODY
    return {"user": uid, "group": gid, "extra_groups": []}


def needs_other_user() -> bool:
    return child.is_root() and not child.namespaces_work()


def home(folder: Path) -> Path:
    """Nobody cannot enter a folder of root's, so without namespaces the files live elsewhere."""
    if not needs_other_user():
        return folder
    outside = OUTSIDE / f"harmreduction-{sha256(str(folder).encode()).hexdigest()[:12]}"
    if not outside.exists():
        vault.make_private(outside)
        os.chown(outside, *child.NOBODY)
    if outside.stat().st_uid != child.NOBODY[0]:
        raise Failed(f"{outside} belongs to someone else")
    return outside


def place(bin: Path, folder: Path) -> Path:
    """The programs, too, when they are in the checkout, with the wheel's libraries beside them."""
    if not needs_other_user() or bin.is_relative_to("/usr"):
        return bin
    package = bin.parents[1]
    for part in package.parent.glob(package.name + "*"):
        if not part.name.endswith(".dist-info"):
            shutil.copytree(part, home(folder) / "programs" / part.name, dirs_exist_ok=True)
    return home(folder) / "programs" / bin.relative_to(package.parent)
