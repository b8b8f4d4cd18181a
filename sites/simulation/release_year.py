"""A year of releases of many sites, timed: counts drawn directly, then sealed, gated, built and written.

Everything happens in one transaction that is taken back, with keys and files in a folder of its own.
"""

import random
import resource
import sys
import time as clock
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from harmreduction.pg.scope import SEAL, acting
from sites.clockwork.services import replaying
from sites.indicators.models import DailyCount
from sites.places.models import Site
from sites.places.services import WeekHours, add_site, ensure_region, injection_room
from sites.releases.models import GateLog, LedgerCell, Stop
from sites.releases.planning import make_default
from sites.releases.publishing import build_due, write_out
from sites.releases.released import BY_CODE
from sites.releases.sealing import seal_due

YEAR = 2026
SITES_A_REGION = 4
SIZES = (20, 32, 60, 120)
ZONE = ZoneInfo("America/Toronto")
DAY = timedelta(days=1)
EVENTS = ("reversals", "naloxone_doses_staff", "visits_with_emergency", "ems_calls", "new_clients")
BREAKDOWNS = ("visits_by_substance", "visits_by_age")


@dataclass(frozen=True)
class Measured:
    """What a year took; `peak_mib` is that of the whole process so far."""

    release_year_s: float
    release_peak_mib: float
    cells: int
    releases: int
    programs: int
    other_neighbour: int
    stops: int

    def as_json(self) -> dict:
        return asdict(self)


def measure(sites: int, days: int = 365) -> Measured:
    """Seal, gate, build and write each morning of a year. Refuses (ValueError) a database with sites."""
    with TemporaryDirectory() as folder, _keys_in(Path(folder) / "keys"), transaction.atomic():
        if Site.objects.exists():
            raise ValueError("a year is measured in a database without sites")
        places = [_make(number) for number in range(sites)]
        for number, place in enumerate(places):
            with acting(sites=[place.pk]):
                make_default(place, f"{YEAR}", date(YEAR, 1, 1), {"visits": SIZES[number % len(SIZES)]})
                DailyCount.objects.bulk_create(_counts(place, SIZES[number % len(SIZES)], days))
        measured = _mornings(places, days, Path(folder) / "out")
        transaction.set_rollback(True)
    return measured


@contextmanager
def _keys_in(folder: Path) -> Iterator[None]:
    """Keys in another folder until the block ends."""
    before, settings.KEYS_DIR = settings.KEYS_DIR, folder
    try:
        yield
    finally:
        settings.KEYS_DIR = before


def _make(number: int) -> Site:
    site = add_site(
        code=f"B{number + 1:02}", name_fr=f"Mesure {number + 1}", name_en="", organisation="Mesure",
        region=ensure_region(f"R{number // SITES_A_REGION + 1:02}"), zone="America/Toronto", cutover=time(6),
        rooms=[injection_room(4)], hours=WeekHours(time(14), time(2)), by="bench",
    )  # fmt: skip
    site.opened_on = date(YEAR, 1, 1)
    site.save()
    return site


def _counts(site: Site, visits: int, days: int) -> Iterator[DailyCount]:
    rng = random.Random(site.code)  # noqa: S311 - plausible counts, no secret
    for n in range(days):
        day = date(YEAR, 1, 1) + n * DAY
        came = max(0, round(rng.gauss(visits, visits**0.5)))
        yield _row(site, day, "visits", came)
        for code in (
            "reversals",
            "naloxone_doses_staff",
            "visits_with_emergency",
            "ems_calls",
            "new_clients",
        ):
            mean = visits * BY_CODE[code].typical / 30
            yield _row(site, day, BY_CODE[code].series, int(mean) + (rng.random() < mean % 1))
        for code in BREAKDOWNS:
            parts = BY_CODE[code].cuts[0]
            drawn = rng.choices([p.code for p in parts], [p.share for p in parts], k=came)
            yield _row(site, day, code, came)
            for part in parts:
                yield _row(site, day, code, drawn.count(part.code), part.code)


def _row(site: Site, day: date, indicator: str, value: int, category: str = "ALL") -> DailyCount:
    return DailyCount(site=site, service_date=day, indicator=indicator, category=category, value=value)


def _mornings(places: list[Site], days: int, out: Path) -> Measured:
    begun = clock.monotonic()
    for n in range(days):
        at = datetime.combine(date(YEAR, 1, 3) + n * DAY, time(6), tzinfo=ZONE)
        with transaction.atomic(), replaying(at):
            seal_due()
            build_due()
    releases = len(write_out(out))
    seconds = clock.monotonic() - begun
    with acting(role=SEAL, sites=[place.pk for place in places]):
        logs = list(GateLog.objects.values_list("programs", "other_neighbour"))
        return Measured(
            release_year_s=round(seconds, 1),
            release_peak_mib=round(_peak_mib(), 1),
            cells=LedgerCell.objects.count(),
            releases=releases,
            programs=sum(programs for programs, _other in logs),
            other_neighbour=sum(other for _programs, other in logs),
            stops=Stop.objects.count(),
        )


def _peak_mib() -> float:
    """Linux counts in KiB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
