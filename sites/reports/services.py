"""Inside reports of closed service days: built from their counts, a new version only when these differ."""

import time
from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import F

from harmreduction.pg.scope import acting
from sites.indicators.models import CountedDay
from sites.indicators.queries import counts_of_days
from sites.indicators.services import hold_day_locks
from sites.places.models import Site
from sites.places.queries import day_bounds
from sites.reports.building import build_periods_due, mark_periods
from sites.reports.models import DailyReport
from sites.reports.queries import due_days, incomplete_days, newest_reports
from sites.reports.rows import changes, indicator_rows, orders, report_sha256
from sites.reports.signing import sign

DAYS_AT_ONCE = 31


def build_due(*, seconds: float | None = None, site: Site | None = None, day: date | None = None) -> int:
    """Build what closed days, then closed periods, lack; stop after that many seconds. How many were built.

    With a day, its report alone.
    """
    until = None if seconds is None else time.monotonic() + seconds
    with transaction.atomic():
        sites = [site] if site else list(Site.objects.all())
        with acting(sites=[s.pk for s in sites]):
            due = due_days(sites, day)
    built = 0
    for due_site, days in _batches(due):
        if until is not None and time.monotonic() > until:
            return built
        built += len(build(due_site, days))
    return built if day else built + build_periods_due(until=until, only=site)


def _batches(due: list[tuple[Site, date]]) -> list[tuple[Site, list[date]]]:
    """The due days of each site, a month at a time; the batch with the newest day first."""
    of_site: dict[Site, list[date]] = {}
    for site, day in due:
        of_site.setdefault(site, []).append(day)
    batches = [
        (site, days[n : n + DAYS_AT_ONCE])
        for site, days in of_site.items()
        for n in range(0, len(days), DAYS_AT_ONCE)
    ]
    return sorted(batches, key=lambda batch: batch[1][0], reverse=True)


def build(site: Site, days: Collection[date]) -> list[DailyReport]:
    """Write the next version of each counted day that changed, in one transaction; what was written.

    Two builders take turns at the days' locks, and the second finds nothing left to do.
    """
    with transaction.atomic(), acting(sites=[site.pk]):
        hold_day_locks(site, days)
        counted = list(
            CountedDay.objects.at(site).filter(service_date__in=days).exclude(sha256=F("reported_sha256"))
        )
        reports = _next_versions(site, counted)
        sign(site, reports)
        DailyReport.objects.bulk_create(reports)
        mark_periods(site, [row.service_date for row in counted])
        _mark_reported(site, counted)
        return reports


def _mark_reported(site: Site, counted: list[CountedDay]) -> None:
    rows = CountedDay.objects.at(site).filter(pk__in=[day.pk for day in counted])
    rows.update(reported_sha256=F("sha256"))


def _next_versions(site: Site, counted: list[CountedDay]) -> list[DailyReport]:
    days = [row.service_date for row in counted]
    before, counts, places = newest_reports(site, days), counts_of_days(site, days), orders()
    rows = {day: indicator_rows(counts[day], places, day) for day in days}
    changed = [row for row in counted if not _says(before.get(row.service_date), rows[row.service_date])]
    lacks = incomplete_days(site, [row.service_date for row in changed])
    return [
        _version(site, row, before.get(row.service_date), rows[row.service_date], lacks[row.service_date])
        for row in changed
    ]


def _says(report: DailyReport | None, indicators: list[dict]) -> bool:
    return report is not None and report.indicators == indicators


def _version(
    site: Site, counted: CountedDay, before: DailyReport | None, indicators: list[dict], lacks: list[dict]
) -> DailyReport:
    day, version = counted.service_date, before.version + 1 if before else 1
    return DailyReport(
        site=site,
        service_date=day,
        version=version,
        closed_at=day_bounds(site, day)[1],
        data_cutoff=counted.counted_at,
        sha256=report_sha256(site.code, day, version, indicators),
        indicators=indicators,
        changed=changes(before.indicators, indicators) if before else [],
        incomplete=lacks,
    )


def as_json(site: Site, report: DailyReport) -> dict:
    return {
        "site": site.code,
        "service_date": report.service_date.isoformat(),
        "version": report.version,
        "status": str(report.status),
        "data_cutoff": report.data_cutoff.isoformat(),
        "sha256": report.sha256,
        "indicators": report.indicators,
        "changed": report.changed,
        "incomplete": report.incomplete,
    }
