"""Counts of days and planned sites, as the tests of releases need them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from harmreduction.pg.scope import RELEASE, SEAL, acting
from sites.clockwork.services import replaying
from sites.indicators.models import DailyCount
from sites.places.models import Site
from sites.releases.models import LedgerCell, SealedCount
from sites.releases.planning import adopt, propose, typed_means
from sites.releases.released import BY_CODE
from sites.releases.sealing import seal_due

BUSY = {"visits": 120, "reversals": 20, "naloxone_doses_staff": 45}
SERIES = ("visits", "reversals", "naloxone_doses_staff_capped")


def plan(site, version="2026-1", year=2026, **estimates):
    """A plan of these indicators alone: visits, reversals and doses, and those that are named."""
    wanted = BUSY | estimates
    proposed = [propose(BY_CODE[code], typed_means(BY_CODE[code], mean)) for code, mean in wanted.items()]
    with transaction.atomic(), acting(sites=[site.pk]):
        return adopt(site, version, date(year, 1, 1), proposed)


def count(site, day: date, **values) -> None:
    """Set the exact counts of a service day, as a recount would."""
    with transaction.atomic(), acting(sites=[site.pk]):
        for indicator, value in values.items():
            DailyCount.objects.update_or_create(
                site=site, service_date=day, indicator=indicator, category="ALL", defaults={"value": value}
            )


def history(site, first: date, last: date, visits=lambda n: 100 + n % 7, doses=1, reversals=1) -> None:
    with transaction.atomic(), acting(sites=[site.pk]):
        DailyCount.objects.bulk_create(
            DailyCount(site=site, service_date=first + timedelta(days=n), indicator=indicator, value=value)
            for n in range((last - first).days + 1)
            for indicator, value in zip(SERIES, (visits(n), reversals, doses), strict=True)
        )


def local(text: str, zone="America/Toronto") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def seal(text: str) -> int:
    with transaction.atomic(), replaying(local(text)):
        return seal_due()


def cells(**where) -> list[LedgerCell]:
    with transaction.atomic(), acting(role=RELEASE, sites=list(Site.objects.values_list("pk", flat=True))):
        return list(LedgerCell.objects.filter(**where).order_by("indicator", "period_start", "site"))


def held(**where) -> dict[str, int]:
    with transaction.atomic(), acting(role=SEAL, sites=list(Site.objects.values_list("pk", flat=True))):
        return dict(SealedCount.objects.filter(**where).values_list("cell_id", "value"))
