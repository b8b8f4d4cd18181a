"""The rounds of `make bench`, inside a database that `__main__` has prepared."""

import json
import os
import platform
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harmreduction.settings")
django.setup()

from django.db import transaction  # noqa: E402 - models are read after the set-up
from django.db.models import Min  # noqa: E402

from harmreduction.engines import demo, found  # noqa: E402
from harmreduction.pg.scope import acting  # noqa: E402
from sites.indicators.services import recount_due  # noqa: E402
from sites.people.devices import enrol  # noqa: E402
from sites.places.models import Site  # noqa: E402
from sites.places.queries import last_closed_day  # noqa: E402
from sites.records.models import Record  # noqa: E402
from sites.reports.services import build_due  # noqa: E402
from sites.simulation.services import simulate  # noqa: E402
from tests.bench import exporting, reading, spending, steady, volume  # noqa: E402
from tests.bench.__main__ import parser  # noqa: E402
from tests.bench.reference import CLIENTS, Reference  # noqa: E402
from tests.bench.saving import arrivals, save, visits  # noqa: E402

MONTH = 30
BATCH = 100
ROWS, MANY_ROWS = 50_000, 1_000_000
EXPORTS = 3  # times each
SETTLE_S = 1


def main(args: list[str]) -> int:
    options = parser().parse_args(args)
    only = set(filter(None, options.only.split(",")))
    results: dict = {"machine": machine(), "rounds": options.rounds}
    for name, part in {"year": year, "records": records, "pages": pages, "exports": exports}.items():
        if not only or name in only:
            results |= part(options)
    if "volume" in only:
        results |= many_sites(options)
    if "steady" in only:
        results |= steady_load(options)
    print(json.dumps(results, ensure_ascii=False))
    return 0


def grow(options, days: int) -> list[Site]:
    """The sites with so many days of history, counted and reported."""
    with transaction.atomic():
        sites = list(Site.objects.order_by("code"))
    until = None
    if sites:
        with transaction.atomic(), acting(sites=[site.pk for site in sites]):
            first = Record.objects.aggregate(first=Min("service_date"))["first"]
        days, until = days - (last_closed_day(sites[0]) - first).days - 1, first - timedelta(1)
    made = simulate(sites=options.sites, days=days, seed=1, until=until, visits_per_day=options.visits)
    recount_due()
    build_due()
    return made


def first_month(options) -> list[Site]:
    with transaction.atomic():
        sites = list(Site.objects.order_by("code"))
    return sites or grow(options, MONTH)


def say(line: str) -> None:
    print(line, flush=True)


def machine() -> str:
    return f"{os.cpu_count()} × {platform.machine()}, Python {platform.python_version()}"


def records(options) -> dict:
    """Saves against the reference, the two by turns."""
    address, reference = (
        os.environ["BENCH_URL"],
        Reference(os.environ["BENCH_DATABASE"], Path(os.environ["DATA_DIR"])),
    )
    sites = first_month(options)
    tablets = [a_tablet(sites[n % len(sites)]) for n in range(CLIENTS)]
    one, many = arrivals(1), arrivals(BATCH)
    save(address, tablets, 2, one)  # connections, caches
    seen = []
    for number in range(options.rounds):
        base = reference.rate(options.seconds)
        single = save(address, tablets, options.seconds / 2, one)
        alone = save(address, tablets[:1], options.seconds / 4, one)
        batch = save(address, tablets, options.seconds / 2, many)
        seen.append((base, single, alone, batch))
        say(
            f"round {number + 1}: reference {base:.0f}/s; one a request {single.rate:.0f}/s = "
            f"{single.rate / base:.1%}, p50 {single.ms(50):.1f} ms, p95 {single.ms(95):.1f} ms; "
            f"one client p50 {alone.ms(50):.1f} ms; "
            f"{BATCH} a request {batch.rate:.0f}/s = {batch.rate / base:.1%}"
        )
        time.sleep(SETTLE_S)
    web, database = int(os.environ["BENCH_WEB"]), int(os.environ["BENCH_POSTGRES"])
    a_visit = spending.a_visit(
        os.environ["BENCH_DATABASE"],
        web,
        database,
        lambda: save(address, tablets, options.seconds / 2, visits(len(sites))),
    )
    say(
        f"a visit of {a_visit['visit_records']} records: {a_visit['visit_web_cpu_ms']} ms of CPU in the web, "
        f"{a_visit['visit_database_cpu_ms']} in PostgreSQL, {a_visit['visit_bytes']} bytes on the disk"
    )
    return a_visit | {
        "reference_tps": round(median(base for base, *_ in seen)),
        "records_single_ratio": round(median(single.rate / base for base, single, *_ in seen), 4),
        "records_single_p95_ms": round(median(single.ms(95) for _, single, *_ in seen), 1),
        "records_one_client_p50_ms": round(median(alone.ms(50) for *_, alone, _ in seen), 1),
        "records_batch_ratio": round(median(batch.rate / base for base, *_, batch in seen), 4),
    }


def a_tablet(site: Site) -> tuple[str, str]:
    """(token, code of who holds it)"""
    with transaction.atomic(), acting(sites=[site.pk]):
        _device, token = enrol(site, "Bench")
    return token, f"{site.code.lower()}-01"


def year(options) -> dict:
    """A year of releases, before there is any site."""
    command = demo.python("manage.py", "bench_releases", f"--sites={options.sites}")
    done = subprocess.run(command, cwd=found.ROOT, check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    say(f"year of releases: {told}")
    return {name: told[name] for name in ("release_year_s", "release_peak_mib")}


def pages(options) -> dict:
    """Pages and reports with a month of history and with years of it."""
    site = first_month(options)[0]
    client = reading.signed_in(reading.a_manager(site))
    little, report_little = reading.pages(client), reading.report_ms(site)
    grow(options, 365 * options.years)
    much, report_much = reading.pages(client), reading.report_ms(site)
    for path, (queries, took) in much.items():
        say(f"{path}: {little[path][0]} → {queries} queries, {little[path][1]:.0f} → {took:.0f} ms")
    say(f"a day counted and reported anew: {report_little:.0f} → {report_much:.0f} ms")
    queries, took = much[reading.BOARD]
    return {
        "report_flat_ratio": round(report_much / report_little, 2),
        "report_ms": round(report_much, 1),
        "board_queries": queries,
        "board_ms": round(took, 1),
        "slowest_page_ms": round(max(took for _, took in much.values()), 1),
        "most_queries": max(queries for queries, _ in much.values()),
    }


def many_sites(options) -> dict:
    """A quarter of the days, then all of them."""
    address = os.environ["BENCH_URL"]

    def save_some(sites: list[Site]):
        tablets = [a_tablet(sites[n % len(sites)]) for n in range(CLIENTS)]
        save(address, tablets, 2, arrivals(1))
        return save(address, tablets, options.seconds, arrivals(1))

    sizes = []
    for days in (max(1, options.days // 4), options.days):
        sizes.append(volume.measured(lambda days: grow(options, days), save_some, days))
        say(json.dumps(sizes[-1]))
    return {"volume": sizes, "volume_growth": volume.growth(*sizes)}


def steady_load(options) -> dict:
    sites = first_month(options)
    tablets = [a_tablet(site) for site in sites[: steady.TABLETS]]
    return steady.held(os.environ["BENCH_URL"], tablets, sites, options.minutes, say)


def exports(options) -> dict:
    """Daily counts and the trail, each beside COPY and gzip of the same rows."""
    folder, url = Path(os.environ["DATA_DIR"]), os.environ["BENCH_DUMP"]
    sites = first_month(options)
    last = last_closed_day(sites[0])
    _, a_day = exporting.counts(folder, last, last)
    first = exporting.span(last, a_day, ROWS, 365 * options.years - 1)
    ours = [exporting.counts(folder, first, last) for _ in range(EXPORTS)]
    theirs = [exporting.counts_copied(url, folder, first, last) for _ in range(EXPORTS)]
    rows = ours[0][1]
    ratio = median(seconds for seconds, _ in ours) / median(seconds for seconds, _ in theirs)
    peak = exporting.peak_mib(folder, first, last)
    say(
        f"daily counts, {rows} rows ({theirs[0][1]} copied): {ratio:.1f} × COPY and gzip, peak {peak:.0f} MiB"
    )
    return trail_exports(sites, folder, url) | {
        "export_50k_ratio": round(ratio, 1),
        "export_peak_mib": round(peak),
        "export_rows": rows,
    }


def trail_exports(sites: list[Site], folder: Path, url: str) -> dict:
    exporting.grow_trail(sites[0], MANY_ROWS)
    ratios, peaks = {}, []
    for rows in (ROWS, MANY_ROWS):
        ours = median(exporting.trail_file(sites, rows) for _ in range(EXPORTS))
        ratios[rows] = ours / median(exporting.trail_copied(url, folder, rows) for _ in range(EXPORTS))
        peaks.append(exporting.own_peak_mib())
        say(f"trail, {rows} rows: {ours:.1f} s = {ratios[rows]:.1f} × COPY and gzip")
    return {
        "trail_50k_ratio": round(ratios[ROWS], 1),
        "trail_1m_ratio": round(ratios[MANY_ROWS], 1),
        "trail_1m_more_mib": round(peaks[1] - peaks[0]),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
