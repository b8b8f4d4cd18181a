"""What a visit costs: milliseconds of CPU in the web and in the database, and bytes that stay on the disk."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg

from tests.bench.saving import A_VISIT, Saved

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
# Marks of days to count go again within the minute.
KEPT = (
    "select sum(pg_total_relation_size(oid))::bigint from pg_class where relkind = 'r'"
    " and relnamespace = 'public'::regnamespace and relname <> 'scs_dirtymark'"
)


def cpu_s(pid: int) -> float:
    """Of a process and all that came from it and lives: seconds. 0 where the system does not tell."""
    parents, spent = {}, {}
    for folder in PROC.glob("[0-9]*"):
        with suppress(OSError):
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            parents[int(folder.name)], spent[int(folder.name)] = int(fields[1]), sum(map(int, fields[11:13]))
    ours = {pid}
    while more := {one for one, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(spent.get(one, 0) for one in ours) / TICKS


def a_visit(url: str, webs: int, database: int, save_visits: Callable[[], Saved]) -> dict:
    """Measured in a second round: in the first one freed places are made that visits go on using."""
    save_visits()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("vacuum analyze")
        before = connection.execute(KEPT).fetchone()[0], cpu_s(webs), cpu_s(database)
        visits = save_visits().records / len(A_VISIT)
        after = connection.execute(KEPT).fetchone()[0], cpu_s(webs), cpu_s(database)
    size, web_s, database_s = (late - early for late, early in zip(after, before, strict=True))
    return {
        "visit_records": len(A_VISIT),
        "visit_bytes": round(size / visits),
        "visit_web_cpu_ms": round(web_s * 1000 / visits, 2),
        "visit_database_cpu_ms": round(database_s * 1000 / visits, 2),
    }
