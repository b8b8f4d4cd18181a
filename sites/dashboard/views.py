from datetime import date

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST, require_safe

from sites.dashboard.behind import LISTS, MOST, behind
from sites.dashboard.pages import PERIODS, Dashboard
from sites.indicators.registry import REGISTRY
from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.reports.dictionary import entry
from sites.reports.reading import figures_only
from sites.trail.services import note

PAGE = {"page": "reports", "tab": "dashboard"}


@require_safe
@staff_may(Permission.READ_REPORTS)
@figures_only
def dashboard(request):
    period = request.GET.get("period", "today")
    if period not in PERIODS:
        raise Http404
    shown = Dashboard(request.site, period)
    note("dashboard read", actor=request.user.code, site_id=request.site.pk, about="period", about_id=period)
    context = PAGE | {
        "shown": shown,
        "numbers": shown.numbers(),
        "chart": shown.chart(),
        "period": period,
    }
    return render(request, "dashboard/dashboard.html", context)


@require_POST
@staff_may(Permission.READ_REPORTS)
def dashboard_printed(request):
    """Someone is about to print it: the trail says so."""
    period = request.GET.get("period", "today")
    note("dashboard printed", actor=request.user.code, site_id=request.site.pk, about="period",
         about_id=period[:10])  # fmt: skip
    return redirect(f"{reverse('dashboard')}?period={period if period in PERIODS else 'today'}")


@require_safe
@staff_may(Permission.CORRECT)
def number_behind(request, code):
    """A number's definition and the records it counts: for who may correct them, and in the trail."""
    first, last = _day(request, "first"), _day(request, "last")
    if code not in LISTS or first > last or not request.user.may(Permission.READ_REPORTS):
        raise Http404
    rows, count = behind(request.site, code, first, last)
    about = f"{code} {first}/{last}"
    note("records behind a number read", actor=request.user.code, site_id=request.site.pk, about="number",
         about_id=about[:60])  # fmt: skip
    context = PAGE | {
        "entry": entry(REGISTRY[code]),
        "rows": rows,
        "count": count,
        "most": MOST,
        "first": first,
        "last": last,
    }
    return render(request, "dashboard/behind.html", context)


def _day(request, name: str) -> date:
    try:
        found = parse_date(request.GET.get(name, ""))
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found
