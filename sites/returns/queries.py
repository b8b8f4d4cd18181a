from datetime import date

from sites.indicators.queries import first_day
from sites.places.models import Site
from sites.places.queries import today
from sites.returns.models import StatutoryReturn


def newest_return(site: Site, month: date, version: int | None = None) -> StatutoryReturn | None:
    found = StatutoryReturn.objects.at(site).filter(month=month)
    if version is not None:
        found = found.filter(version=version)
    return found.order_by("-version").first()


def months_to_return(site: Site, limit: int = 24) -> list[tuple[date, StatutoryReturn | None]]:
    """The latest months that began since the first fact, the newest first, with the return of each."""
    first = first_day(site)
    if first is None:
        return []
    made = {
        row.month: row
        for row in StatutoryReturn.objects.at(site)
        .order_by("month", "-version")
        .distinct("month")
        .defer("rows")
    }
    months: list[tuple[date, StatutoryReturn | None]] = []
    month = today(site).replace(day=1)
    while month >= first.replace(day=1) and len(months) < limit:
        months.append((month, made.get(month)))
        month = (month - date.resolution).replace(day=1)
    return months
