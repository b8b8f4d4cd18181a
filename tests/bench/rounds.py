"""The rounds of `make bench`, inside a database that `__main__` has prepared."""

import json
import os
import platform
import sys
import time
from pathlib import Path
from statistics import median

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harmreduction.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402 - models are read after the set-up

from harmreduction.pg.scope import acting  # noqa: E402
from sites.people.devices import enrol  # noqa: E402
from sites.places.models import Site  # noqa: E402
from sites.simulation.services import simulate  # noqa: E402
from tests.bench.__main__ import parser  # noqa: E402
from tests.bench.reference import CLIENTS, Reference  # noqa: E402
from tests.bench.saving import save  # noqa: E402

MONTH = 30
BATCH = 100
SETTLE_S = 1


def main(args: list[str]) -> int:
    options = parser().parse_args(args)
    only = set(filter(None, options.only.split(",")))
    results: dict = {"machine": machine(), "rounds": options.rounds}
    simulate(sites=options.sites, days=MONTH, seed=1, visits_per_day=options.visits)
    parts = {"records": records}
    for name, part in parts.items():
        if not only or name in only:
            results |= part(options)
    print(json.dumps(results))
    return 0


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
    tablets = [a_tablet(n) for n in range(CLIENTS)]
    save(address, tablets, 2)  # connections, caches
    seen = []
    for number in range(options.rounds):
        base = reference.rate(options.seconds)
        single = save(address, tablets, options.seconds / 2)
        alone = save(address, tablets[:1], options.seconds / 4)
        batch = save(address, tablets, options.seconds / 2, records=BATCH)
        seen.append((base, single, alone, batch))
        say(
            f"round {number + 1}: reference {base:.0f}/s; one a request {single.rate:.0f}/s = "
            f"{single.rate / base:.1%}, p50 {single.ms(50):.1f} ms, p95 {single.ms(95):.1f} ms; "
            f"one client p50 {alone.ms(50):.1f} ms; "
            f"{BATCH} a request {batch.rate:.0f}/s = {batch.rate / base:.1%}"
        )
        time.sleep(SETTLE_S)
    return {
        "reference_tps": round(median(base for base, *_ in seen)),
        "records_single_ratio": round(median(single.rate / base for base, single, *_ in seen), 4),
        "records_single_p95_ms": round(median(single.ms(95) for _, single, *_ in seen), 1),
        "records_one_client_p50_ms": round(median(alone.ms(50) for *_, alone, _ in seen), 1),
        "records_batch_ratio": round(median(batch.rate / base for base, *_, batch in seen), 4),
    }


def a_tablet(number: int) -> tuple[str, str]:
    """(token, code of who holds it)"""
    with transaction.atomic():
        sites = list(Site.objects.order_by("code"))
        site = sites[number % len(sites)]
        with acting(sites=[site.pk]):
            _device, token = enrol(site, "Bench")
    connection.close()
    return token, f"{site.code.lower()}-01"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
