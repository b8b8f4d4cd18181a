"""A load that waits for nobody, while beat and worker count, report, seal and chain beside it."""

import json
import os
import time
from pathlib import Path
from urllib.request import urlopen

from django.db import transaction

from harmreduction.engines import demo
from harmreduction.engines.supervisor import Supervisor
from harmreduction.pg.scope import acting
from sites.oversight.chain import unchained
from sites.places.models import DirtyMark, Site
from sites.releases.models import ReleaseFile
from sites.reports.models import DailyReport
from tests.bench.saving import A_VISIT, Saved, arrivals, save, visits

VISITS_A_S, RECORDS_A_S = 25, 125
TABLETS = 50  # one a site; a line that is silent for two seconds is hung up
SETTLED_WITHIN_S = 900


def held(address: str, tablets: list[tuple[str, str]], sites: list[Site], minutes: int, say) -> dict:
    """The first load, the second for half as long; every answer must be good. Then until nothing is due."""
    folder, many = Path(os.environ["DATA_DIR"]), len(tablets)
    before = done(sites)
    with (folder / "steady.log").open("w") as log:
        supervisor = Supervisor(out=log)
        try:
            supervisor.start(demo.worker())
            supervisor.start(demo.beat(folder))
            by_visits = save(
                address, tablets, 60 * minutes, visits(many), gap=many / VISITS_A_S / len(A_VISIT)
            )
            say(f"{VISITS_A_S} visits a second: {told(by_visits)}")
            by_records = save(address, tablets, 30 * minutes, arrivals(1), gap=many / RECORDS_A_S)
            say(f"{RECORDS_A_S} records a second: {told(by_records)}")
            settled = settled_s(address, sites)
        finally:
            supervisor.stop()
    after = done(sites)
    return {
        "steady_visits": told(by_visits),
        "steady_records": told(by_records),
        "steady_settled_s": round(settled),
        "steady_done": {name: after[name] - before[name] for name in after},
    }


def told(saved: Saved) -> dict:
    return {"records_a_s": round(saved.rate, 1)} | {f"p{n}_ms": round(saved.ms(n), 1) for n in (50, 95, 99)}


def done(sites: list[Site]) -> dict:
    """What the worker has made so far."""
    with transaction.atomic(), acting(sites=[site.pk for site in sites]):
        return {"reports": DailyReport.objects.count(), "release_files": ReleaseFile.objects.count()}


def settled_s(address: str, sites: list[Site]) -> float:
    """Until every day is counted, every row of the trail chained, and the system says that it is well."""
    since = time.monotonic()
    while True:
        with transaction.atomic(), acting(sites=[site.pk for site in sites]):
            waits = DirtyMark.objects.exists() or unchained().exists()
        if not waits and json.load(urlopen(f"{address}/readyz"))["ready"]:  # noqa: S310 - our own address
            return time.monotonic() - since
        assert time.monotonic() - since < SETTLED_WITHIN_S
        time.sleep(5)
