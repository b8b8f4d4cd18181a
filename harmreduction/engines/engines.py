"""The engines that nobody gave us an address for."""

import json
import os
from pathlib import Path

from harmreduction.engines import found, ports, postgres, valkey, vault
from harmreduction.engines.supervisor import Supervisor


def start(supervisor: Supervisor, folder: Path, throwaway: bool = False) -> dict[str, str]:
    """Start what is needed; the addresses by name, also left in the folder for manage.py."""
    passwords = vault.passwords(vault.make_private(folder))
    ours = {}
    programs = []
    database = None
    if not os.environ.get("DATABASE_URL"):
        database = postgres.Server(folder, ports.free(), passwords, throwaway)
        programs.append(postgres.program(database))
        ours["database_url"] = database.url("scs")
        ours["dump_url"] = database.url("scs_dump")
    if not os.environ.get("REDIS_URL"):
        queue = valkey.Server(folder, ports.free(), passwords["valkey"])
        programs.append(valkey.program(queue))
        ours["redis_url"] = queue.url
    supervisor.start(*programs)
    if database:
        postgres.set_up(database)
    if not os.environ.get("SECRET_KEY"):
        vault.ensure_secret_key(folder / found.SECRET_KEY)
    vault.write(folder / found.ENGINES, json.dumps({**ours, "pid": os.getpid()}))
    return ours
