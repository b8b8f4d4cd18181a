"""Many sites, in two sizes of history: what a visit takes on the disk, and what grows with it."""

import time
from math import log

from django.db import connection, transaction

from harmreduction.pg.scope import acting
from sites.places.models import Site
from sites.tasks import tick
from sites.visits.models import Visit
from tests.bench import reading

PERIODS = {
    "day": "/dashboard/?period=yesterday",
    "month": "/dashboard/?period=month",
    "year": "/dashboard/?period=year",
}
LARGEST = (
    "select relname, pg_total_relation_size(oid), pg_indexes_size(oid) from pg_class"
    " where relkind = 'r' and relnamespace = 'public'::regnamespace order by 2 desc limit 6"
)


def stored(sites: list[Site]) -> dict:
    """Visits and bytes; of the largest tables, MB and the share that is indexes."""
    with transaction.atomic(), acting(sites=[site.pk for site in sites]), connection.cursor() as cursor:
        visits = Visit.objects.count()
        cursor.execute("select pg_database_size(current_database())")
        (size,) = cursor.fetchone()
        cursor.execute(LARGEST)
        largest = {
            name: f"{total / 1e6:.0f} MB, {index / total:.0%}" for name, total, index in cursor.fetchall()
        }
    return {"visits": visits, "bytes": size, "largest": largest}


def looked_at(site: Site, client) -> dict:
    """Milliseconds in the server: pages of a day, a month and a year, and a day counted and reported anew."""
    found = {name: round(reading.ms(lambda path=path: client.get(path)), 1) for name, path in PERIODS.items()}
    return found | {
        "board": round(reading.ms(lambda: client.get(reading.BOARD)), 1),
        "recount": round(reading.report_ms(site), 1),
    }


def measured(grow, save, days: int) -> dict:
    """`grow(days)` gives the sites with so much history, `save(sites)` a round of records."""
    begun = time.perf_counter()
    sites = grow(days)
    grown_s = time.perf_counter() - begun
    with transaction.atomic():
        sites = list(Site.objects.order_by("code"))
    elsewhere = sites[-1]  # where tablets save, thousands arrive who never leave
    client = reading.signed_in(reading.a_manager(elsewhere, f"bench-{days}"))
    looked = looked_at(elsewhere, client)
    saved = save(sites)
    tick()  # counts what was just saved; the next one finds nothing to do
    begun = time.perf_counter()
    tick()
    tick_s = time.perf_counter() - begun
    return {
        "days": days,
        "sites": len(sites),
        "grown_s": round(grown_s),
        **stored(sites),
        **looked,
        "idle_tick_s": round(tick_s, 1),
        "save_rate": round(saved.rate),
        "save_p95": round(saved.ms(95), 1),
    }


def growth(small: dict, large: dict) -> dict:
    """The power of the number of visits by which each cost grows: 0 is flat, 1 as the visits do."""
    times = log(large["visits"] / small["visits"])
    costs = ["bytes", *PERIODS, "board", "recount", "save_p95"]
    return {name: round(log(large[name] / small[name]) / times, 2) for name in costs}
