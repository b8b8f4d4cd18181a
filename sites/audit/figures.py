"""Whether what is shown agrees with itself: parts with wholes, reports with counts, periods with days."""

from collections.abc import Iterator
from datetime import date

from django.db.models import F, Q, Sum

from sites.audit.ledgers import Fault
from sites.indicators.declaring import breakdown_codes
from sites.indicators.models import CountedDay, DailyCount
from sites.indicators.queries import counts_of_days, read_period
from sites.indicators.registry import shown
from sites.indicators.terms import ALL
from sites.places.models import Site
from sites.reports.models import PeriodReport, PeriodToBuild
from sites.reports.queries import newest_reports
from sites.reports.rows import indicator_rows, orders, period_sha256, report_sha256

DAYS_AT_ONCE = 31


def partition_faults(site: Site, since: date) -> Iterator[Fault]:
    """Categories of each breakdown that is exhaustive and disjoint add up to the whole, every day."""
    for indicator in shown():
        for name in indicator.partitions():
            codes = breakdown_codes(name)
            days = (
                DailyCount.objects.at(site)
                .filter(indicator=indicator.code, service_date__gte=since)
                .order_by()
                .values("service_date")
                .annotate(
                    whole=Sum("value", filter=Q(category=ALL), default=0),
                    parts=Sum("value", filter=Q(category__in=codes), default=0),
                )
                .exclude(whole=F("parts"))
            )
            for day in days:
                yield Fault(
                    "partitions", day["service_date"].isoformat(), f"{indicator.code}/{name}",
                    f"{day['whole']:f}", f"{day['parts']:f}",
                )  # fmt: skip


def report_faults(site: Site, since: date) -> Iterator[Fault]:
    """The newest report of each day says what is counted, and hashes to what it carries."""
    counted = CountedDay.objects.at(site).filter(service_date__gte=since, sha256=F("reported_sha256"))
    days = sorted(counted.values_list("service_date", flat=True))
    for n in range(0, len(days), DAYS_AT_ONCE):
        some = days[n : n + DAYS_AT_ONCE]
        reports, counts, places = newest_reports(site, some), counts_of_days(site, some), orders()
        for day in some:
            report, rows = reports.get(day), indicator_rows(counts[day], places, day)
            if report is None or report.indicators != rows:
                yield _differs("reports", day, rows, report.indicators if report else [])
            elif report.sha256 != report_sha256(site.code, day, report.version, report.indicators):
                yield Fault("reports", day.isoformat(), "sha256", "", report.sha256[:12])


def period_faults(site: Site, since: date) -> Iterator[Fault]:
    """The newest report of each period is the sum of its days, unless it is about to be built again."""
    waiting = set(PeriodToBuild.objects.at(site).values_list("grain", "first"))
    newest = (
        PeriodReport.objects.at(site)
        .filter(last__gte=since)
        .order_by("grain", "first", "-version")
        .distinct("grain", "first")
    )
    for report in newest:
        if (report.grain, report.first) in waiting:
            continue
        reading = read_period(site, report.first, report.last)
        rows = indicator_rows(reading.counts, orders(), report.last)
        if report.indicators != rows:
            yield _differs("periods", report.first, rows, report.indicators)
        elif report.sha256 != period_sha256(site.code, report.span, report.version, report.indicators):
            yield Fault("periods", report.first.isoformat(), "sha256", "", report.sha256[:12])


def _differs(check: str, day: date, counted: list[dict], told: list[dict]) -> Fault:
    """The first number that differs."""
    ours = {(row["code"], row["category"]): row["value"] for row in counted}
    theirs = {(row["code"], row["category"]): row["value"] for row in told}
    for key in [*ours, *theirs]:
        if ours.get(key) != theirs.get(key):
            return Fault(check, day.isoformat(), "/".join(key), str(ours.get(key)), str(theirs.get(key)))
    return Fault(check, day.isoformat(), "rows", str(len(counted)), str(len(told)))
