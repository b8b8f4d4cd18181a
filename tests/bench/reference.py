"""What the same server can do at most: one visit row and one audit row in a transaction, by pgbench."""

import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from harmreduction.engines import binaries

CLIENTS = 8
TABLES = """
create schema if not exists bench;
create table if not exists bench.visit (
    id uuid primary key, site_id integer not null, arrived_at timestamptz not null, state text not null,
    substances text[] not null, route text not null);
create index if not exists bench_visit_by_site on bench.visit (site_id, arrived_at);
create table if not exists bench.audit (
    id bigint generated always as identity primary key, at timestamptz not null, actor text not null,
    action text not null, about uuid not null);
"""
SCRIPT = """
\\set site random(1, 20)
begin;
insert into bench.visit values (gen_random_uuid(), :site, now(), 'waiting', '{fentanyl}', 'inject_iv');
insert into bench.audit (at, actor, action, about)
    values (now(), 's01-01', 'visit.arrived', gen_random_uuid());
end;
"""


class Reference:
    """pgbench against the database of this run, which keeps its promises (`synchronous_commit=on`)."""

    def __init__(self, url: str, folder: Path):
        self.parts = urlsplit(url)
        self.script = folder / "reference.sql"
        self.script.write_text(SCRIPT)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(TABLES)
            for name in ("fsync", "synchronous_commit"):
                said = connection.execute("select current_setting(%s)", [name]).fetchone()
                assert said == ("on",), name

    def rate(self, seconds: float) -> float:
        """Transactions a second."""
        command = [
            str(binaries.postgres() / "pgbench"), "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2",
            "-T", str(max(1, round(seconds))), "-f", str(self.script), "-h", self.parts.hostname,
            "-p", str(self.parts.port), "-U", self.parts.username, self.parts.path.lstrip("/"),
        ]  # fmt: skip
        environment = os.environ | {"PGPASSWORD": self.parts.password or ""}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return float(re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE).group(1))
