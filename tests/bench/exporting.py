"""Exact daily counts written as CSV, beside COPY and gzip of the same rows."""

import gzip
import resource
import subprocess
import time
from datetime import date
from pathlib import Path

import psycopg
from django.core.management import call_command

from harmreduction.engines import demo, found

COPY = (
    "copy (select site_id, service_date, service_date, indicator, category, value from scs_dailycount"
    " where service_date between '{first}' and '{last}' order by site_id, service_date) to stdout with csv"
)


def ours(folder: Path, first: date, last: date) -> tuple[float, int]:
    """Seconds, rows"""
    target = folder / "counts.csv"
    begun = time.perf_counter()
    call_command("daily_counts", "--csv", str(target), "--from", f"{first}", "--to", f"{last}")
    seconds = time.perf_counter() - begun
    with target.open("rb") as file:
        return seconds, sum(1 for _ in file) - 1


def copied(url: str, folder: Path, first: date, last: date) -> float:
    """Seconds of COPY into gzip, as the one who owns the tables."""
    begun = time.perf_counter()
    with (
        psycopg.connect(url) as connection,
        connection.cursor().copy(COPY.format(first=first, last=last)) as rows,
        gzip.open(folder / "copied.gz", "wb", compresslevel=6) as target,
    ):
        for row in rows:
            target.write(row)
    return time.perf_counter() - begun


def peak_mib(folder: Path, first: date, last: date) -> float:
    """Of a process that writes them, Django included."""
    command = demo.python("manage.py", "daily_counts", "--csv", str(folder / "counts.csv"))
    command += ["--from", f"{first}", "--to", f"{last}"]
    subprocess.run(command, cwd=found.ROOT, check=True, capture_output=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
