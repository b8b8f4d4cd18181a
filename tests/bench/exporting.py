"""Exports that people take along, beside COPY and gzip of the same rows."""

import gzip
import resource
import subprocess
import time
from datetime import date, timedelta
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection, transaction

from harmreduction.engines import demo, found
from harmreduction.pg.scope import acting
from sites.indicators.registry import additive
from sites.oversight.chain import FIELDS
from sites.oversight.queries import trail
from sites.people.downloads import csv_download
from sites.places.models import Site

COUNTS = (
    "select s.code, r.code, service_date, service_date, indicator, category, value from scs_dailycount c"
    " join scs_site s on s.id = c.site_id join scs_region r on r.id = s.region_id"
    " where service_date between '{first}' and '{last}' and indicator in ({codes})"
    " order by c.site_id, service_date"
)
TRAIL = f"select {', '.join(FIELDS)} from scs_trailentry order by id desc limit {{rows}}"  # noqa: S608
MORE_TRAIL = """
insert into scs_trailentry (at, actor, device, site_id, action, about, about_id, why)
select now() - n * interval '1 second', 's01-01', '', %s, 'looked', 'visit', gen_random_uuid(), ''
from generate_series(1, %s) n
"""


def counts(folder: Path, first: date, last: date) -> tuple[float, int]:
    """Seconds, rows"""
    target = folder / "counts.csv"
    begun = time.perf_counter()
    call_command("daily_counts", "--csv", str(target), "--from", f"{first}", "--to", f"{last}")
    seconds = time.perf_counter() - begun
    with target.open("rb") as file:
        return seconds, sum(1 for _ in file) - 1


def counts_copied(url: str, folder: Path, first: date, last: date) -> tuple[float, int]:
    codes = ", ".join(f"'{indicator.code}'" for indicator in additive())
    return copied(url, folder, COUNTS.format(first=first, last=last, codes=codes))


def copied(url: str, folder: Path, query: str) -> tuple[float, int]:
    """Seconds of COPY into gzip and the rows of it, by a login that row security hides nothing from."""
    begun, lines = time.perf_counter(), 0
    with (
        psycopg.connect(url) as plain,
        plain.cursor().copy(f"copy ({query}) to stdout with csv") as rows,
        gzip.open(folder / "copied.gz", "wb", compresslevel=6) as target,
    ):
        for row in rows:
            target.write(row)
            lines += 1
    return time.perf_counter() - begun, lines


def grow_trail(site: Site, rows: int) -> None:
    with transaction.atomic(), acting(sites=[site.pk]), connection.cursor() as cursor:
        cursor.execute(MORE_TRAIL, [site.pk, rows])


def trail_file(sites: list[Site], rows: int) -> float:
    """Seconds from being asked until the last byte of so many rows."""
    begun = time.perf_counter()
    with transaction.atomic(), acting(sites=[site.pk for site in sites]):
        found_rows = trail(actor="", action="", first=None, last=None)[:rows].values_list(*FIELDS)
        sent = csv_download("trail", FIELDS, found_rows.iterator())
        lines = sum(piece.count(b"\n") for piece in sent.streaming_content)
        sent.close()
    assert lines == rows + 1, lines
    return time.perf_counter() - begun


def trail_copied(url: str, folder: Path, rows: int) -> float:
    seconds, lines = copied(url, folder, TRAIL.format(rows=rows))
    assert lines == rows, lines
    return seconds


def peak_mib(folder: Path, first: date, last: date) -> float:
    """Of a process that writes the daily counts, Django included."""
    command = demo.python("manage.py", "daily_counts", "--csv", str(folder / "counts.csv"))
    command += ["--from", f"{first}", "--to", f"{last}"]
    subprocess.run(command, cwd=found.ROOT, check=True, capture_output=True)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def own_peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def span(last: date, rows_a_day: int, wanted: int, most: int) -> date:
    """The first day of so many that about this number of rows comes out."""
    return last - timedelta(max(1, min(wanted // max(rows_a_day, 1), most)))
