"""Reports of weeks, months and quarters: built once each time one has closed and its days have settled.

A day that is reported anew leaves a row for each period it lies in (`PeriodToBuild`). Whoever builds the
period takes the row away in the transaction that writes the report: two builders cannot both have it, and
one that dies leaves it there. A day reported meanwhile waits for that transaction and leaves its row again.
"""

import time
from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef

from harmreduction.pg.scope import acting
from sites.indicators.models import CountedDay, CountedSpan
from sites.indicators.periods import containing
from sites.indicators.queries import read_period
from sites.places.each import all_in_sight
from sites.places.models import DirtyMark, Site
from sites.places.queries import day_bounds, last_closed_day
from sites.reports.models import DailyReport, PeriodReport, PeriodToBuild
from sites.reports.queries import lacks_of_period, newest_period
from sites.reports.rows import changes, indicator_rows, orders, period_sha256
from sites.reports.signing import sign
from sites.reports.terms import PeriodGrain

Claim = tuple[str, date]


def mark_periods(site: Site, days: Iterable[date]) -> None:
    """Say, in the transaction that reports these days, that their periods have a report to build."""
    periods = {(grain, *containing(grain, day)) for day in days for grain in PeriodGrain.values}
    PeriodToBuild.objects.bulk_create(
        [
            PeriodToBuild(site=site, grain=grain, first=first, last=last)
            for grain, first, last in sorted(periods)
        ],
        update_conflicts=True,
        unique_fields=["site", "grain", "first"],
        update_fields=["last"],
    )


def build_periods_due(*, until: float | None = None, only: Site | None = None) -> int:
    """Build what closed periods lack, the newest first; stop at that monotonic time. How many were built."""
    with all_in_sight() as sites:
        due = _due([only] if only else sites)
    built = 0
    for site, claims in due:
        for claim in claims:
            if until is not None and time.monotonic() > until:
                return built
            built += build_period(site, claim) is not None
    return built


def _due(sites: list[Site]) -> list[tuple[Site, list[Claim]]]:
    """The closed periods of these sites that wait, the newest first."""
    _begin(sites)
    waiting: dict[int, list[tuple[Claim, date]]] = {site.pk: [] for site in sites}
    rows = PeriodToBuild.objects.filter(site__in=waiting).order_by("-last", "grain")
    for pk, grain, first, last in rows.values_list("site", "grain", "first", "last"):
        waiting[pk].append(((grain, first), last))
    closed = {site.pk: last_closed_day(site) for site in sites}
    return [(site, [claim for claim, last in waiting[site.pk] if last <= closed[site.pk]]) for site in sites]


def _begin(sites: list[Site]) -> None:
    """Sites whose days were reported before periods were: every period of their history is to build."""
    known = [Exists(model.objects.filter(site=OuterRef("pk"))) for model in (PeriodToBuild, PeriodReport)]
    reported = Exists(DailyReport.objects.filter(site=OuterRef("pk")))
    for site in Site.objects.filter(reported, ~known[0], ~known[1], pk__in=[site.pk for site in sites]):
        days = DailyReport.objects.at(site).order_by().values_list("service_date", flat=True).distinct()
        mark_periods(site, days)


def build_period(site: Site, claim: Claim) -> PeriodReport | None:
    """Write the next version of a closed period when it differs from the one before, in one transaction.

    None when someone else is at it, when its days are not settled, or when nothing changed.
    """
    grain, first = claim
    with transaction.atomic(), acting(sites=[site.pk]):
        row = (
            PeriodToBuild.objects.at(site)
            .filter(grain=grain, first=first)
            .select_for_update(skip_locked=True)
            .first()
        )
        if row is None or not settled(site, row.first, row.last):
            return None
        report = _next_version(site, row)
        if report is not None:
            sign(site, [report])
            report.save(force_insert=True)
        row.delete()
        return report


def settled(site: Site, first: date, last: date) -> bool:
    """Closed, every day counted since it closed and reported, and none about to be counted again."""
    if last > last_closed_day(site) or not CountedSpan.objects.at(site).filter(last__gte=last).exists():
        return False
    between = {"service_date__range": (first, last)}
    unreported = CountedDay.objects.at(site).filter(**between).exclude(sha256=F("reported_sha256"))
    return not unreported.exists() and not DirtyMark.objects.at(site).filter(**between).exists()


def _next_version(site: Site, row: PeriodToBuild) -> PeriodReport | None:
    before = newest_period(site, row.grain, row.first)
    reading = read_period(site, row.first, row.last)
    indicators = indicator_rows(reading.counts, orders(), row.last)
    if before is not None and before.indicators == indicators:
        return None
    version = before.version + 1 if before else 1
    counted = CountedDay.objects.at(site).filter(service_date__range=(row.first, row.last))
    return PeriodReport(
        site=site,
        grain=row.grain,
        first=row.first,
        last=row.last,
        days=reading.days,
        version=version,
        closed_at=day_bounds(site, row.last)[1],
        data_cutoff=counted.aggregate(at=Max("counted_at"))["at"],
        sha256=period_sha256(site.code, (row.grain, row.first, row.last), version, indicators),
        indicators=indicators,
        changed=changes(before.indicators, indicators) if before else [],
        incomplete=lacks_of_period(site, row.first, row.last),
    )
