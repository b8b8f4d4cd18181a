"""Service days and opening hours (design §7).

A service day begins at the site's cut-over in its own time zone and ends at the next one, so it
has 23, 24 or 25 hours. Intervals are half-open.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from harmreduction.pg.at_once import read
from sites.clockwork.services import now
from sites.places.models import OpeningException, OpeningHours, Site
from sites.places.terms import Weekday

ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=8192)
def _boundary(zone: str, cutover: time, day: date) -> datetime:
    """The instant at which the service day begins, in UTC.

    An hour that the clocks skip counts as if they had not; one that comes twice, the first time.
    """
    return datetime.combine(day, cutover, tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


def day_bounds(site: Site, day: date) -> tuple[datetime, datetime]:
    """[start, end) of a service day, in UTC."""
    return _boundary(site.zone, site.cutover, day), _boundary(site.zone, site.cutover, day + ONE_DAY)


def service_date(site: Site, instant: datetime) -> date:
    day = instant.astimezone(ZoneInfo(site.zone)).date()
    if instant < _boundary(site.zone, site.cutover, day):
        return day - ONE_DAY
    if instant >= _boundary(site.zone, site.cutover, day + ONE_DAY):
        return day + ONE_DAY
    return day


# The concepts above say here whether they keep something dated by a site's service days.
dated: list[Callable[[Site], bool]] = []


def keeps_dates(site: Site) -> bool:
    """Service days are derived once: after that, neither the zone nor the cut-over may change."""
    return any(ask(site) for ask in dated)


def week_of(site: Site, day: date) -> dict[int, tuple[time, time]]:
    """Hours by weekday of the week in force on a day."""
    weekly = [h for h in OpeningHours.objects.at(site) if _from(h) <= day]
    newest = max(map(_from, weekly), default=date.min)
    return {h.weekday: (h.opens, h.closes) for h in weekly if _from(h) == newest}


def drawn_week(site: Site, week: dict[int, tuple[time, time]]) -> list[tuple[str, list[tuple[int, bool]]]]:
    """Each weekday with its 24 hours in the order of the service day: [(name, [(hour, open)])]."""
    hours = [(site.cutover.hour + n) % 24 for n in range(24)]
    return [
        (str(day.label), [(hour, day in week and _covers(*week[day], hour)) for hour in hours])
        for day in Weekday
    ]


def _covers(opens: time, closes: time, hour: int) -> bool:
    begins, ends = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute
    length = (ends - begins) % (24 * 60) or 24 * 60
    return any((hour * 60 + minute - begins) % (24 * 60) < length for minute in range(60))


def today(site: Site) -> date:
    """The service day that is running."""
    return service_date(site, now())


def last_closed_day(site: Site) -> date:
    """The latest service day whose cut-over has passed."""
    return today(site) - ONE_DAY


def local(site: Site, instant: datetime) -> datetime:
    return timezone.localtime(instant, ZoneInfo(site.zone))


def openings(site: Site, day: date) -> list[tuple[datetime, datetime]]:
    """Planned openings of a service day, from the posted calendar: [(opens, closes)], UTC."""
    return opening_calendar(site, day, day)[day]


def opening_calendar(site: Site, first: date, last: date) -> dict[date, list[tuple[datetime, datetime]]]:
    """Planned openings of each day from first to last, both included."""
    return opening_calendars([site], first, last)[site.pk]


def opening_calendars(
    sites: Collection[Site], first: date, last: date
) -> dict[int, dict[date, list[tuple[datetime, datetime]]]]:
    """The same of many sites, by their pk."""
    return drawn_calendars(sites, first, last, *read(*posted(sites, first, last)))


def posted(
    sites: Collection[Site], first: date, last: date
) -> tuple[QuerySet[OpeningHours], QuerySet[OpeningException]]:
    """What the calendars of those days are drawn from."""
    pks = [site.pk for site in sites]
    excepted = OpeningException.objects.filter(site__in=pks, day__range=(first, last))
    return OpeningHours.objects.filter(site__in=pks), excepted


def drawn_calendars(
    sites: Collection[Site],
    first: date,
    last: date,
    hours: Iterable[OpeningHours],
    excepted: Iterable[OpeningException],
) -> dict[int, dict[date, list[tuple[datetime, datetime]]]]:
    """`opening_calendars` from what was read."""
    weekly: dict[int, list[OpeningHours]] = {site.pk: [] for site in sites}
    for row in hours:
        weekly[row.site_id].append(row)
    exceptions = {(row.site_id, row.day): row for row in excepted}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return {
        site.pk: {day: _openings(site, day, weekly[site.pk], exceptions.get((site.pk, day))) for day in days}
        for site in sites
    }


def _openings(site, day, weekly, exception) -> list[tuple[datetime, datetime]]:
    if not _in_operation(site, day) or (exception and exception.closed):
        return []
    if exception:
        return [_span(site, day, exception.opens, exception.closes)]
    # A week replaces the one before it as a whole: a day it does not name is closed.
    newest = max((_from(h) for h in weekly if _from(h) <= day), default=date.min)
    rows = [h for h in weekly if h.weekday == day.weekday() and _from(h) == newest]
    return [_span(site, day, h.opens, h.closes) for h in rows]


def _from(hours: OpeningHours) -> date:
    return hours.valid_from or date.min


def _in_operation(site: Site, day: date) -> bool:
    return not (site.opened_on and day < site.opened_on) and not (site.closed_on and day >= site.closed_on)


def _span(site: Site, day: date, opens: time, closes: time) -> tuple[datetime, datetime]:
    """Hours before the cut-over belong to the following calendar day."""
    zone = ZoneInfo(site.zone)
    starts = day if opens >= site.cutover else day + ONE_DAY
    ends = starts if closes > opens else starts + ONE_DAY
    utc = ZoneInfo("UTC")
    return (
        datetime.combine(starts, opens, tzinfo=zone).astimezone(utc),
        datetime.combine(ends, closes, tzinfo=zone).astimezone(utc),
    )


def open_minutes(site: Site, day: date) -> int:
    return sum(int((closes - opens).total_seconds() // 60) for opens, closes in openings(site, day))
