"""How each part of the system is, asked of database, disk and clock: no count, no person, no site."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Max, Min
from django.utils import timezone

from harmreduction.pg.replica import REPLICA, from_replica, there_is_one
from sites.clockwork.models import Heartbeat
from sites.keyring.escrow import EXPORTED, in_no_copy
from sites.keyring.services import missing_keys
from sites.operations import terms
from sites.operations.models import BackupMade
from sites.operations.terms import WORDS, Level, Words
from sites.oversight.chain import chained_before, unchained
from sites.people.models import Device
from sites.places.models import DirtyMark, Site
from sites.places.queries import day_bounds, last_closed_day
from sites.reports.models import DailyReport
from sites.trail.models import TrailEntry

TICK_LATE = timedelta(seconds=3 * settings.TICK_SECONDS)


@dataclass(frozen=True)
class Finding:
    """`at`: when it last went well. `share`: of what is full, from 0 to 1. `lag`: how far behind."""

    name: str
    level: Level
    at: datetime | None = None
    share: float | None = None
    lag: timedelta | None = None

    @property
    def words(self) -> Words:
        return WORDS[self.name]

    @property
    def percent(self) -> int:
        return round(100 * (self.share or 0))

    @property
    def is_good(self) -> bool:
        return self.level == Level.GOOD


def every_finding() -> list[Finding]:
    """All of them, for the sites in sight."""
    return [check() for check in CHECKS] + ([standby()] if there_is_one() else [])


def _level(size, late, stopped) -> Level:
    return Level.STOPPED if size >= stopped else Level.LATE if size >= late else Level.GOOD


def last_beat(name: str) -> datetime | None:
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()


def tick() -> Finding:
    """A tick goes from beat through the queue to a worker, so its age tells of all three."""
    at = last_beat("tick")
    if at is None:
        return Finding("tick", Level.LATE)
    lag = timezone.now() - at
    return Finding("tick", _level(lag, TICK_LATE, TICK_LATE), at=at, lag=lag)


def counts() -> Finding:
    """How long the oldest day that a fact touched waits; or how long ago days were looked at, if longer."""
    at = last_beat("count_days")
    oldest = DirtyMark.objects.order_by("pk").values_list("at", flat=True).first()
    lag = max((timezone.now() - since for since in (at, oldest) if since), default=None)
    level = _level(lag, terms.WORK_LATE, terms.WORK_STOPPED) if lag is not None else Level.LATE
    return Finding("counts", level, at=at, lag=lag)


def reports() -> Finding:
    """Of the sites in sight, how long the oldest closed day waits for its report."""
    last = dict(DailyReport.objects.order_by().values_list("site").annotate(Max("service_date")))
    built_at = DailyReport.objects.aggregate(at=Max("data_cutoff"))["at"]
    waits = [_waits(site, last[site.pk]) for site in Site.objects.filter(pk__in=last, closed_on=None)]
    lag = max(waits, default=timedelta(0))
    return Finding("reports", _level(lag, terms.REPORT_LATE, terms.REPORT_STOPPED), at=built_at, lag=lag)


def _waits(site: Site, reported) -> timedelta:
    closed = last_closed_day(site)
    if reported >= closed:
        return timedelta(0)
    return timezone.now() - day_bounds(site, reported + timedelta(days=1))[1]


def backup() -> Finding:
    """How long ago the last one was proven; without any, how long ago the first thing was written."""
    at = BackupMade.objects.aggregate(at=Max("verified_at"))["at"]
    since = at or TrailEntry.objects.order_by("pk").values_list("at", flat=True).first()
    if since is None:
        return Finding("backup", Level.LATE)
    lag = timezone.now() - since
    best = Level.GOOD if at else Level.LATE
    return Finding("backup", Level.STOPPED if lag >= terms.BACKUP_LATE else best, at=at, lag=lag)


def standby() -> Finding:
    """How far the replica is behind, or since when too far; pages of figures do without it meanwhile."""
    with from_replica() as as_of:
        if as_of is not None:
            return Finding(REPLICA, Level.GOOD, at=as_of, lag=max(timezone.now() - as_of, timedelta(0)))
    at = last_beat(REPLICA)
    lag = timezone.now() - at if at else None
    level = Level.LATE if lag is not None and lag < terms.WORK_STOPPED else Level.STOPPED
    return Finding(REPLICA, level, at=at, lag=lag)


def disk() -> Finding:
    usage = shutil.disk_usage(settings.DATA_DIR)
    share = usage.used / usage.total
    return Finding("disk", _level(share, terms.DISK_LATE, terms.DISK_STOPPED), share=share)


def clock() -> Finding:
    """How far the clock of this machine is from the database's."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        lag = abs(timezone.now() - cursor.fetchone()[0])
    return Finding("clock", _level(lag, terms.CLOCK_LATE, terms.CLOCK_STOPPED), lag=lag)


def trail() -> Finding:
    """How old the oldest trail row is that the chain does not hold; for a day also one that it will never."""
    since = min(chained_before(), timezone.now() - terms.TRAIL_SEEN)
    oldest = unchained().filter(at__gte=since).order_by().aggregate(at=Min("at"))["at"]
    lag = max(timezone.now() - oldest, timedelta(0)) if oldest else timedelta(0)
    return Finding("trail", _level(lag, terms.TRAIL_LATE, terms.TRAIL_STOPPED), lag=lag)


def keys() -> Finding:
    return Finding("keys", Level.STOPPED if missing_keys() else Level.GOOD)


def copy() -> Finding:
    """Whether every key that must outlive this machine is in a copy kept apart."""
    at = last_beat(EXPORTED)
    return Finding("copy", Level.LATE if in_no_copy(at) else Level.GOOD, at=at)


CHECKS: list[Callable[[], Finding]] = [tick, counts, reports, backup, disk, clock, trail, keys, copy]


@dataclass(frozen=True)
class Tablet:
    device: Device
    level: Level


def tablets() -> list[Tablet]:
    """Those in use at the sites in sight, longest unseen first."""
    since = timezone.now() - terms.TABLET_LATE
    living = Device.objects.filter(revoked_at=None).select_related("site")
    seen = sorted(living, key=lambda one: one.last_seen_at or one.enrolled_at)
    return [
        Tablet(one, Level.LATE if (one.last_seen_at or one.enrolled_at) < since else Level.GOOD)
        for one in seen
    ]
