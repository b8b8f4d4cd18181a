"""One event a minute for three days round each change of clocks: every minute counts once, in one day."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction

from harmreduction.pg.scope import acting
from sites.indicators.queries import counts_of, read_period
from sites.indicators.services import recount_due
from sites.indicators.terms import ALL
from sites.places.models import Site
from sites.places.queries import day_bounds, service_date
from sites.records.services import Sender, submit
from tests.factories import make_site, record

# By half an hour on Lord Howe, and in October and April; Newfoundland is half an hour off.
ZONES = ["America/Toronto", "America/St_Johns", "Australia/Lord_Howe", "America/Tijuana"]
CUTOVER = time(6)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
YEAR = (date(2026, 7, 1), date(2027, 6, 30))
NOW = datetime(2027, 7, 2, 18, tzinfo=UTC)
AT_ONCE = 500


def changes(zone: str) -> list[tuple[date, int]]:
    """(the service day in which the clock changes, how many minutes it has), by the zone alone."""
    found = []
    mornings = [datetime.combine(YEAR[0] + n * DAY, CUTOVER, ZoneInfo(zone)) for n in range(365)]
    for morning, following in pairwise(mornings):
        minutes = (following.astimezone(UTC) - morning.astimezone(UTC)) // MINUTE
        if minutes != 1440:
            found.append((morning.date(), minutes))
    return found


def three_days(zone: str, changed: date) -> list[datetime]:
    """Every minute, from the cut-over before the day before to the one after the day after."""
    first = datetime.combine(changed - DAY, CUTOVER, ZoneInfo(zone)).astimezone(UTC)
    end = datetime.combine(changed + 2 * DAY, CUTOVER, ZoneInfo(zone)).astimezone(UTC)
    return [first + n * MINUTE for n in range((end - first) // MINUTE)]


def expected(changed: date, minutes: int) -> dict[date, int]:
    return {changed - DAY: 1440, changed: minutes, changed + DAY: 1440}


def test_the_zones_change_by_an_hour_or_a_half():
    assert {zone: [minutes for _day, minutes in changes(zone)] for zone in ZONES} == {
        "America/Toronto": [1500, 1380],
        "America/St_Johns": [1500, 1380],
        "Australia/Lord_Howe": [1410, 1470],
        "America/Tijuana": [1500, 1380],
    }


@pytest.mark.parametrize("zone", ZONES)
def test_every_minute_is_of_one_day(zone):
    site = Site(zone=zone, cutover=CUTOVER)
    for changed, minutes in changes(zone):
        days = Counter()
        for minute in three_days(zone, changed):
            day = service_date(site, minute)
            begins, ends = day_bounds(site, day)
            assert begins <= minute < ends
            days[day] += 1
        assert days == expected(changed, minutes)
        assert day_bounds(site, changed)[1] == day_bounds(site, changed + DAY)[0]


def counted_once(zone: str, every: timedelta, changed_on: list[date]) -> None:
    with transaction.atomic():
        site = make_site("S01", zone=zone, cutover=CUTOVER)
    told = Counter()
    for changed in changed_on:
        moments = three_days(zone, changed)[:: every // MINUTE]
        told.update(wall_day(moment, zone) for moment in moments)
        sent = [record("turnaway.recorded", {"reason": "full", "count": 1}, when=when) for when in moments]
        for n in range(0, len(sent), AT_ONCE):
            with transaction.atomic(), acting(sites=[site.pk]):
                submit(site=site, records=sent[n : n + AT_ONCE], sender=Sender(staff="s01-01"))
    recount_due()
    with transaction.atomic(), acting(sites=[site.pk]):
        assert {day: counts_of(site, day)["turned_away", ALL] for day in told} == told
        for first, last in periods(told):
            among = sum(count for day, count in told.items() if first <= day <= last)
            assert read_period(site, first, last).value("turned_away") == among, (first, last)


def wall_day(moment: datetime, zone: str) -> date:
    local = moment.astimezone(ZoneInfo(zone))
    return local.date() - (DAY if local.time() < CUTOVER else timedelta(0))


def periods(days) -> set[tuple[date, date]]:
    """The weeks and months of these days, and the year that holds them all."""
    weeks = {(day - day.weekday() * DAY, day + (6 - day.weekday()) * DAY) for day in days}
    starts = {day.replace(day=1) for day in days}
    months = {(first, (first + 32 * DAY).replace(day=1) - DAY) for first in starts}
    return weeks | months | {YEAR}


def test_days_weeks_months_and_the_year_agree(db):
    zone = "Australia/Lord_Howe"
    (changed, _minutes), _other = changes(zone)
    with time_machine.travel(datetime.combine(changed + 3 * DAY, time(0), UTC)):
        counted_once(zone, timedelta(minutes=30), [changed])


@pytest.mark.full
@pytest.mark.parametrize("zone", ZONES)
def test_every_minute_is_counted_once(transactional_db, zone):
    with time_machine.travel(NOW):
        counted_once(zone, MINUTE, [day for day, _minutes in changes(zone)])
