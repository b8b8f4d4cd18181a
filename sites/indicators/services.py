"""Exact daily counts: only the days that a fact touched are counted again, never the history."""

import hashlib
import time
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from random import SystemRandom

from django.db import connection, transaction

from harmreduction.pg.scope import acting
from sites.clients.models import DayToken
from sites.clients.services import KEY_LIVES
from sites.clockwork.services import now
from sites.holds.services import TOKENS, held_days, outside
from sites.indicators.facts import DayFacts, load_days
from sites.indicators.models import CountedDay, CountedSpan, DailyCount, FrozenCounts
from sites.indicators.queries import days_to_count, first_day, frozen_through, to_count
from sites.indicators.registry import count_day
from sites.indicators.terms import Value
from sites.places.each import all_in_sight
from sites.places.models import DirtyMark, Site
from sites.places.queries import day_bounds
from sites.records.locks import hold_locks

DAYS_AT_ONCE = 31
TAKE_MARKS = "delete from scs_dirtymark where site_id = %s and service_date = any(%s)"


def recount_due(*, seconds: float | None = None) -> None:
    """Count every day that has changed, and closed days nobody wrote about; stop after that many seconds."""
    until = None if seconds is None else time.monotonic() + seconds
    with all_in_sight() as sites:
        waiting = [one for one in to_count(sites) if one.days or one.span]
    if until is not None:
        # So that no site is last at every tick, and two workers seldom meet at one.
        SystemRandom().shuffle(waiting)
    for one in waiting:
        for n in range(0, len(one.days), DAYS_AT_ONCE):
            if until is not None and time.monotonic() > until:
                return
            recount(one.site, one.days[n : n + DAYS_AT_ONCE])
        if one.span:
            _counted_through(one.site, *one.span)


def _counted_through(site: Site, first: date, last: date) -> None:
    """Every day of these was counted since it closed."""
    with transaction.atomic(), acting(sites=[site.pk]):
        spans = CountedSpan.objects.at(site)
        if not spans.filter(first__lte=first, last__gte=last).exists():
            spans.bulk_create(
                [CountedSpan(site=site, first=first, last=last)],
                update_conflicts=True,
                unique_fields=["site"],
                update_fields=["first", "last"],
            )


def forget_counted_people() -> None:
    """Delete the tokens of days whose figure is fixed: their key is gone, and the figure stays (H2, H3)."""
    with all_in_sight() as sites:
        known = set(DayToken.objects.order_by().values_list("site", "day").distinct())
    for site in sites:
        over = {day for pk, day in known if pk == site.pk and now() >= day_bounds(site, day)[1] + KEY_LIVES}
        if not over:
            continue
        with transaction.atomic(), acting(sites=[site.pk]):
            counted = CountedDay.objects.at(site).filter(service_date__in=over)
            dirty = DirtyMark.objects.at(site).filter(service_date__in=over)
            over &= set(counted.values_list("service_date", flat=True))
            over -= set(dirty.values_list("service_date", flat=True))
            held = outside(held_days(site, TOKENS), "day")
            DayToken.objects.at(site).filter(held, day__in=over).delete()


def rebuild(site: Site, days: list[date]) -> int:
    """Count these days anew and write them all, whatever they hash to; how many came out different."""
    return sum(
        len(recount(site, days[n : n + DAYS_AT_ONCE], write_all=True))
        for n in range(0, len(days), DAYS_AT_ONCE)
    )


def recount(site: Site, days: Iterable[date], *, write_all: bool = False) -> list[date]:
    """Count these days anew, in one transaction; those that came out different.

    Two at once take turns; a mark set meanwhile stays. A day whose facts were destroyed keeps its counts.
    """
    days = sorted(days)
    with transaction.atomic(), acting(sites=[site.pk]):
        hold_day_locks(site, days)
        with connection.cursor() as cursor:
            cursor.execute(TAKE_MARKS, [site.pk, days])
        # Read under the locks: whoever destroys takes them first.
        frozen = frozen_through(site) or date.min
        days = [day for day in days if day > frozen]
        return _write_counts(site, load_days(site, days), write_all) if days else []


def freeze(site: Site, last: date) -> bool:
    """Counts up to this day are final: facts of it are about to be destroyed. In the caller’s transaction.

    False while one of these days is still to be counted, or is being counted: nothing may go then.
    """
    first, frozen = first_day(site), frozen_through(site) or date.min
    if first is None or first > last:
        return True
    if any(frozen < day <= last for day in days_to_count(site)):
        return False
    FrozenCounts.objects.bulk_create(
        [FrozenCounts(site=site, first=first, last=last)],
        update_conflicts=True,
        unique_fields=["site"],
        update_fields=["last"],
    )
    return True


def hold_day_locks(site: Site, days: Iterable[date]) -> None:
    hold_locks(site, [f"counts of {day}" for day in days])


def _write_counts(site: Site, loaded: dict[date, DayFacts], write_all: bool) -> list[date]:
    counted = {day: count_day(facts) for day, facts in loaded.items()}
    hashes = {day: counts_sha256(counts) for day, counts in counted.items()}
    before = dict(
        CountedDay.objects.at(site).filter(service_date__in=loaded).values_list("service_date", "sha256")
    )
    changed = [day for day in counted if hashes[day] != before.get(day)]
    written = list(counted) if write_all else changed
    DailyCount.objects.at(site).filter(service_date__in=written).delete()
    DailyCount.objects.bulk_create(
        DailyCount(site=site, service_date=day, indicator=code, category=category, value=value)
        for day in written
        for (code, category), value in counted[day].items()
    )
    CountedDay.objects.bulk_create(
        [CountedDay(site=site, service_date=day, counted_at=now(), sha256=hashes[day]) for day in counted],
        update_conflicts=True,
        unique_fields=["site", "service_date"],
        update_fields=["counted_at", "sha256", "looked_over"],
    )
    return changed


def counts_sha256(counts: dict[tuple[str, str], Value]) -> str:
    """What a day's counts hash to: sorted lines of indicator, category and value."""
    return hashlib.sha256("\n".join(_lines(counts)).encode()).hexdigest()


def _lines(counts: dict[tuple[str, str], Value]) -> Iterator[str]:
    for (code, category), value in sorted(counts.items(), key=lambda item: item[0]):
        yield f"{code},{category},{'' if value is None else format(Decimal(value).normalize(), 'f')}"
