"""What the worker does for `retention`: dry runs, what is due at night, and what was begun."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from sites.places.models import Site
from sites.retention import mirror
from sites.retention.services import begin, carry_on, carry_on_dry_runs, every_site, sites_with_open_runs

SECONDS_A_TICK = 20
NIGHT = range(3, 6)  # hours of the site’s own clock: the rewriting of a table holds its writers a second
HOUSE_ZONE = "America/Toronto"
BY = "beat"


def count_what_would_go() -> None:
    carry_on_dry_runs(SECONDS_A_TICK)


def destroy_due() -> None:
    if mirror.behind():
        return  # a restored database: `purge` must run first, by hand
    begun = sites_with_open_runs()
    for site in every_site():
        if (site and site.pk) not in begun and not _is_night(site):
            continue
        run = begin(site, by=BY)
        if run is not None:
            carry_on(run, seconds=SECONDS_A_TICK)


def _is_night(site: Site | None) -> bool:
    zone = ZoneInfo(site.zone if site else HOUSE_ZONE)
    return datetime.astimezone(timezone.now(), zone).hour in NIGHT
