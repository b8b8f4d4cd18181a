"""Different people of a day and of a month: counted from tokens while these exist, then as they were counted.

Nobody can count them again once the keys are gone, so a rebuild keeps what is stored.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Count

from sites.clients.models import Client, DayToken, MonthToken
from sites.clients.services import KEY_LIVES, month_end
from sites.clockwork.services import now
from sites.indicators.models import CountedDay, DailyCount
from sites.indicators.terms import ALL, MONTH_CLIENTS, UNIQUE_CLIENTS
from sites.places.models import Site
from sites.places.queries import day_bounds, last_closed_day


def unique_clients(site: Site, days: Collection[date]) -> dict[date, int]:
    """By day token. Once the day's key is gone its figure stays as it was counted."""
    tokens: dict[date, int] = defaultdict(int)
    rows = DayToken.objects.at(site).filter(day__in=days).order_by().values("day").annotate(n=Count("pk"))
    for row in rows:
        tokens[row["day"]] = row["n"]
    stored = _stored(site, days, UNIQUE_CLIENTS)
    return {
        day: stored[day] if day in stored and now() >= day_bounds(site, day)[1] + KEY_LIVES else tokens[day]
        for day in days
    }


def month_clients(site: Site, days: Collection[date]) -> dict[date, int | None]:
    """From the first of the month to the end of each day, fixed once counted after it closed.

    Tokens say nothing of their day: what was not counted in time can only be told for a whole month.
    """
    stored, counted_at = _stored(site, days, MONTH_CLIENTS), _counted_at(site, days)
    present = last_closed_day(site)
    fixed = {day for day in stored if counted_at[day] >= day_bounds(site, day)[1]}
    countable = [day for day in days if day not in fixed and (day >= present or day == month_end(day))]
    tokens = _month_tokens(site, {day.replace(day=1) for day in countable})
    found: dict[date, int | None] = {day: stored.get(day) for day in days}
    for day in countable:
        month = day.replace(day=1)
        if month in tokens:
            found[day] = tokens[month]
        elif day >= present:
            found[day] = 0
    return found


def new_clients(site: Site, days: Collection[date]) -> dict[date, int]:
    agreed = Client.objects.at(site).filter(first_agreed_on__in=days).order_by().values("first_agreed_on")
    found = {row["first_agreed_on"]: row["n"] for row in agreed.annotate(n=Count("pk"))}
    return {day: found.get(day, 0) for day in days}


def _stored(site: Site, days: Collection[date], code: str) -> dict[date, int]:
    rows = DailyCount.objects.at(site).filter(
        service_date__in=days, indicator=code, category=ALL, value__isnull=False
    )
    return {day: int(value) for day, value in rows.values_list("service_date", "value")}


def _counted_at(site: Site, days: Collection[date]) -> dict[date, datetime]:
    rows = CountedDay.objects.at(site).filter(service_date__in=days)
    return dict(rows.values_list("service_date", "counted_at"))


def _month_tokens(site: Site, months: Collection[date]) -> dict[date, int]:
    rows = MonthToken.objects.at(site).filter(month__in=months).order_by().values("month")
    return {row["month"]: row["n"] for row in rows.annotate(n=Count("pk"))}
