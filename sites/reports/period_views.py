"""Reports of weeks, months and quarters, and the files of any report."""

from datetime import date

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST, require_safe

from sites.indicators.models import CountedDay
from sites.indicators.periods import containing
from sites.indicators.queries import first_day, series
from sites.people.access import must_be_sure, staff_may
from sites.people.terms import Permission
from sites.places.queries import last_closed_day
from sites.reports import charts
from sites.reports.drawing import day_place
from sites.reports.files.book import xlsx
from sites.reports.files.paper import pdf
from sites.reports.flags import flags, marked
from sites.reports.models import ReportVersion
from sites.reports.queries import newest_period, period_versions, report_of
from sites.reports.reading import figures_only
from sites.reports.sheet import sheet
from sites.reports.signing import signed_file
from sites.reports.terms import PeriodGrain
from sites.reports.words import period_name
from sites.trail.services import note

PAGE = {"page": "reports"}
PDF, XLSX, JSON = "pdf", "xlsx", "json"
TYPES = {
    PDF: "application/pdf",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    JSON: "application/json",
}


@require_safe
@staff_may(Permission.READ_REPORTS)
@figures_only
def period(request, grain, first):
    """One period's report: the newest version, or the one named."""
    bounds = _bounds_or_404(grain, first)
    found = newest_period(request.site, grain, bounds[0], version_asked(request))
    if found is None:
        return _being_built(request, grain, bounds)
    _note(request, "report.read", found)
    days = [found.first + n * date.resolution for n in range((found.last - found.first).days + 1)]
    marks = marked(request.site, found.first, found.last)
    context = {
        "sheet": sheet(request.site, found),
        "report": found,
        "grain": grain,
        "versions": period_versions(request.site, grain, found.first),
        "chart": _chart(request.site, days),
        "marks": marks,
        "flags": flags(marks, day_place(days)),
        "before": _neighbour(request.site, grain, found.first - date.resolution),
        "after": _neighbour(request.site, grain, found.last + date.resolution),
    }
    return render(request, "reports/period.html", PAGE | context)


@require_POST
@staff_may(Permission.READ_REPORTS)
def period_printed(request, grain, first):
    """Someone is about to print this version: the trail says so."""
    found = _report_or_404(request, grain, first)
    _note(request, "report.printed", found)
    return redirect(f"{reverse('period-report', args=[grain, first])}?version={found.version}")


@require_safe
@staff_may(Permission.READ_REPORTS)
def report_file(request, grain, first, file_format):
    """One version as PDF, as a workbook, or as the signed file that can be checked anywhere."""
    if file_format not in TYPES:
        raise Http404
    found = _report_or_404(request, grain, first)
    must_be_sure(request)
    _note(request, "report.exported", found, why=file_format)
    if file_format == JSON:
        answer: HttpResponse = JsonResponse(
            signed_file(request.site, found), json_dumps_params={"ensure_ascii": False}
        )
    else:
        body = {PDF: pdf, XLSX: xlsx}[file_format](sheet(request.site, found))
        answer = HttpResponse(body, content_type=TYPES[file_format])
    name = f"interne-{request.site.code}-{grain}-{first}-v{found.version}.{file_format}"
    answer["Content-Disposition"], answer["Cache-Control"] = f'attachment; filename="{name}"', "no-store"
    return answer


def version_asked(request) -> int | None:
    given = request.GET.get("version")
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 5):
        raise Http404
    return int(given)


def _bounds_or_404(grain: str, text: str) -> tuple[date, date]:
    """The period named by its grain and its own first day."""
    try:
        first = parse_date(text)
    except ValueError:
        first = None
    if first is None or grain not in PeriodGrain.values or containing(grain, first)[0] != first:
        raise Http404
    return containing(grain, first)


def _report_or_404(request, grain: str, first: str) -> ReportVersion:
    version = version_asked(request)
    if grain == "day":
        try:
            day = parse_date(first)
        except ValueError:
            day = None
        found: ReportVersion | None = report_of(request.site, day, version) if day else None
    else:
        found = newest_period(request.site, grain, _bounds_or_404(grain, first)[0], version)
    if found is None:
        raise Http404
    return found


def _note(request, action: str, found: ReportVersion, why: str = "") -> None:
    grain, first, _last = found.span
    about = f"{first} v{found.version}" if grain == "day" else f"{grain} {first} v{found.version}"
    note(action, actor=request.user.code, site_id=request.site.pk, about="report", about_id=about, why=why)


def _being_built(request, grain: str, bounds: tuple[date, date]):
    """Closed, and built once its days are counted: how many are. Anything else is not there."""
    first, last = bounds
    begun, site = first_day(request.site), request.site
    if version_asked(request) is not None or begun is None or last < begun or last > last_closed_day(site):
        raise Http404
    days = (last - max(first, begun)).days + 1
    counted = CountedDay.objects.at(site).filter(service_date__range=(first, last)).count()
    context = {"name": period_name(grain, first, last), "days": days, "counted": counted, "grain": grain}
    return render(request, "reports/period_building.html", PAGE | context)


def _neighbour(site, grain: str, day: date) -> date | None:
    first = containing(grain, day)[0]
    return first if newest_period(site, grain, first) else None


def _chart(site, days: list[date]) -> charts.DayChart:
    known = series(site, ["visits", "open_minutes", "arrivals"], days[0], days[-1])
    closed = {d for d in days if not known["open_minutes"].get(d) and not known["arrivals"].get(d)}
    return charts.day_chart(days, known["visits"], {}, closed)
