from datetime import date

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST, require_safe

from sites.indicators.queries import first_day
from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.places.queries import last_closed_day
from sites.reports.models import DailyReport
from sites.reports.pages import ReportPage
from sites.reports.period_views import version_asked
from sites.reports.queries import (
    month_bounds,
    period_reports,
    report_of,
    reported_days,
    reports_between,
)
from sites.reports.reading import figures_only
from sites.reports.terms import PeriodGrain
from sites.reports.words import period_name
from sites.trail.services import note

PAGE = {"page": "reports"}
LATEST = 60


@require_safe
@staff_may(Permission.READ_REPORTS)
@figures_only
def reports(request):
    """The days of one month, or the latest weeks, months or quarters; the newest first."""
    grain = request.GET.get("grain", "")
    if grain in PeriodGrain.values:
        found = [
            (period_name(grain, row.first, row.last), row)
            for row in period_reports(request.site, grain, LATEST)
        ]
        return render(request, "reports/periods.html", PAGE | {"grain": grain, "periods": found})
    known = reported_days(request.site)
    month = _month(request.GET.get("month", "")) or (known[1] if known else last_closed_day(request.site))
    first, last = month_bounds(month)
    context = PAGE | {
        "month": first,
        "reports": reports_between(request.site, first, last),
        "before": month_bounds(first.replace(day=1) - date.resolution)[0]
        if known and known[0] < first
        else None,
        "after": last + date.resolution if known and known[1] > last else None,
    }
    return render(request, "reports/list.html", context)


@require_safe
@staff_may(Permission.READ_REPORTS)
@figures_only
def report(request, day):
    """One day's report: the newest version, or the one named."""
    asked = _day_or_404(day)
    found = report_of(request.site, asked, version_asked(request))
    if found is None:
        return _being_built(request, asked)
    _note(request, "report.read", found)
    shown = ReportPage(request.site, found, request.user)
    template = "reports/closed.html" if shown.is_closed_day else "reports/report.html"
    return render(request, template, PAGE | {"shown": shown, "report": found})


@require_POST
@staff_may(Permission.READ_REPORTS)
def printed(request, day):
    """Someone is about to print this version: the trail says so."""
    found = report_of(request.site, _day_or_404(day), version_asked(request))
    if found is None:
        raise Http404
    _note(request, "report.printed", found)
    address = reverse("report", args=[found.service_date.isoformat()])
    return redirect(f"{address}?version={found.version}")


def _note(request, action: str, found: DailyReport) -> None:
    about = f"{found.service_date} v{found.version}"
    note(action, actor=request.user.code, site_id=request.site.pk, about="report", about_id=about)


def _being_built(request, day: date):
    """Closed, and counted soon: the page says so. Anything else is not there."""
    first = first_day(request.site)
    if "version" in request.GET or first is None or not first <= day <= last_closed_day(request.site):
        raise Http404
    return render(request, "reports/building.html", PAGE | {"day": day})


def _day_or_404(text: str) -> date:
    day = _date(text)
    if day is None:
        raise Http404
    return day


def _date(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _month(text: str) -> date | None:
    return _date(f"{text}-01")
