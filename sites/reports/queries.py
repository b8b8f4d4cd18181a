"""Reports as they are read, and what the days they speak of still lack."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet

from sites.indicators.models import CountedDay
from sites.places.models import Site
from sites.places.queries import last_closed_day
from sites.records.models import Record
from sites.records.terms import Status
from sites.reports.models import DailyReport, PeriodReport
from sites.review.kinds import KINDS
from sites.review.queries import Wanted, items


def due_days(sites: list[Site], day: date | None = None) -> list[tuple[Site, date]]:
    """Closed days whose counts were not reported, the newest first. One query, whatever the history."""
    by_id = {site.pk: site for site in sites}
    closed = {site.pk: last_closed_day(site) for site in sites}
    rows = CountedDay.objects.filter(site__in=by_id).exclude(sha256=F("reported_sha256"))
    if day:
        rows = rows.filter(service_date=day)
    pairs = rows.order_by("-service_date", "site_id").values_list("site_id", "service_date")
    return [(by_id[site_id], due) for site_id, due in pairs if due <= closed[site_id]]


def report_of(site: Site, day: date, version: int | None = None) -> DailyReport | None:
    """One version of a day's report; the newest when none is named."""
    reports = DailyReport.objects.at(site).filter(service_date=day)
    if version is not None:
        reports = reports.filter(version=version)
    return reports.order_by("-version").first()


def newest_reports(site: Site, days: Iterable[date]) -> dict[date, DailyReport]:
    """The newest version of each of these days that has a report."""
    rows = DailyReport.objects.at(site).filter(service_date__in=days)
    newest = rows.order_by("service_date", "-version").distinct("service_date")
    return {report.service_date: report for report in newest}


def newest_period(site: Site, grain: str, first: date, version: int | None = None) -> PeriodReport | None:
    """One version of a period's report; the newest when none is named."""
    reports = PeriodReport.objects.at(site).filter(grain=grain, first=first)
    if version is not None:
        reports = reports.filter(version=version)
    return reports.order_by("-version").first()


def period_reports(site: Site, grain: str, limit: int) -> list[PeriodReport]:
    """The newest version of the latest periods, the newest period first."""
    rows = PeriodReport.objects.at(site).filter(grain=grain).order_by("-first", "-version").distinct("first")
    return list(rows.defer("indicators", "changed", "incomplete")[:limit])


def period_versions(site: Site, grain: str, first: date) -> list[int]:
    rows = PeriodReport.objects.at(site).filter(grain=grain, first=first)
    return list(rows.order_by("version").values_list("version", flat=True))


def lacks_of_period(site: Site, first: date, last: date) -> list[dict]:
    """What the days of a period still lack: [{"kind", "why", "count"}]."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    lacks = Counter(
        (lack["kind"], lack["why"]) for day in incomplete_days(site, days).values() for lack in day
    )
    return [{"kind": kind, "why": why, "count": n} for (kind, why), n in sorted(lacks.items())]


def latest_report(site: Site) -> DailyReport | None:
    """The report of the newest day that has one, in its newest version."""
    return DailyReport.objects.at(site).order_by("-service_date", "-version").first()


def reports_between(site: Site, first: date, last: date) -> list[DailyReport]:
    """The newest version of each day, the newest day first."""
    rows = DailyReport.objects.at(site).filter(service_date__range=(first, last))
    return list(
        rows.order_by("-service_date", "-version")
        .distinct("service_date")
        .defer("indicators", "changed", "incomplete")
    )


def reported_days(site: Site) -> tuple[date, date] | None:
    """The first and the last day that have a report."""
    rows = DailyReport.objects.at(site)
    first = rows.order_by("service_date").values_list("service_date", flat=True).first()
    last = rows.order_by("-service_date").values_list("service_date", flat=True).first()
    return (first, last) if first and last else None


def neighbours(site: Site, day: date) -> tuple[QuerySet, QuerySet]:
    """The days before and after that have a report: one each, or none."""
    days = DailyReport.objects.at(site).values_list("service_date", flat=True)
    before = days.filter(service_date__lt=day).order_by("-service_date")
    after = days.filter(service_date__gt=day).order_by("service_date")
    return before[:1], after[:1]


def versions_of(site: Site, day: date) -> QuerySet:
    rows = DailyReport.objects.at(site).filter(service_date=day)
    return rows.order_by("version").values_list("version", flat=True)


def incomplete_days(site: Site, days: Collection[date]) -> dict[date, list[dict]]:
    """What each of these days still lacks: [{"kind", "id", "why"}], in the order in which it happened."""
    found: dict[date, list[dict]] = {day: [] for day in days}
    lacking = [kind for kind in KINDS.values() if kind.lacks]
    for item in items(site, lacking, Wanted(days=days)):
        kind, why = KINDS[item.kind].lacks or ("", "")
        found[item.day].append({"kind": kind, "id": str(item.ref), "why": why})
    return found


def came_since(site: Site, report: DailyReport, before: DailyReport) -> list[Record]:
    """Records received between two versions that speak of the day, or of a visit or event of the day."""
    received = Record.objects.at(site).filter(
        received_at__gt=before.data_cutoff, received_at__lte=report.data_cutoff, status=Status.CREATED
    )
    that_day = Record.objects.at(site).filter(service_date=report.service_date, subject__isnull=False)
    about = Q(service_date=report.service_date) | Q(subject__in=that_day.values("subject"))
    return list(received.filter(about).order_by("received_at", "id")[:50])


def month_bounds(month: date) -> tuple[date, date]:
    first = month.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
