"""What the person who answers for privacy reads: the trail, what stands out in it, and that it holds."""

from datetime import UTC, date, datetime, time, timedelta

from allauth.account.decorators import reauthentication_required
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sites.oversight import queries
from sites.oversight.chain import FIELDS, last_link
from sites.oversight.forms import PeriodForm, TrailFilter
from sites.oversight.heads import told
from sites.oversight.terms import MOST_SHOWN, PERIOD_DAYS
from sites.people.access import staff_may
from sites.people.downloads import csv_download
from sites.people.terms import Permission
from sites.trail.models import TrailAnchor, TrailHead
from sites.trail.services import note

PAGE_ROWS = 100


@require_safe
@staff_may(Permission.READ_TRAIL, site=False)
def oversight(request):
    """Look-ups without a visit, bursts, what left, closed hours and a line for each person."""
    form = PeriodForm(request.GET)
    first, last = _period(form)
    since, until = _instant(first), _instant(last + timedelta(days=1))
    note("trail read", actor=request.user.code, about="days", about_id=f"{first}/{last}")
    alone = queries.without_visit(since, until)
    left = queries.what_left(since, until)
    refusals = queries.refusals(since, until)
    closed = queries.out_of_hours(request.sites, since, until)
    context = {
        "page": "oversight",
        "form": PeriodForm(initial={"first": first, "last": last}),
        "alone": alone[:MOST_SHOWN],
        "alone_count": alone.count(),
        "bursts": queries.bursts(since, until),
        "left": left[:MOST_SHOWN],
        "left_count": left.count(),
        "refusals": refusals[:MOST_SHOWN],
        "refusal_count": refusals.count(),
        "closed": closed[:MOST_SHOWN],
        "closed_count": len(closed),
        "people": queries.by_person(since, until),
        "link": last_link(),
        "head": TrailHead.objects.order_by("-pk").first(),
        "anchor": TrailAnchor.objects.order_by("-position").first(),
        "sites": _codes(request),
    }
    return render(request, "oversight/overview.html", context)


def _period(form: PeriodForm) -> tuple[date, date]:
    form.is_valid()
    present = timezone.now().date()
    last = form.cleaned_data.get("last") or present
    first = form.cleaned_data.get("first") or last - timedelta(days=PERIOD_DAYS - 1)
    return min(first, last), last


def _codes(request) -> dict[int, str]:
    return {site.pk: site.code for site in request.sites}


def _instant(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _asked(request) -> tuple[TrailFilter, dict]:
    form = TrailFilter(request.GET)
    form.is_valid()
    wanted = {name: form.cleaned_data.get(name) for name in ("actor", "action", "first", "last")}
    return form, wanted


@require_safe
@staff_may(Permission.READ_TRAIL, site=False)
def trail(request):
    """Rows of the trail, from the number asked for downwards."""
    form, wanted = _asked(request)
    note("trail read", actor=request.user.code)
    rows = queries.trail(**wanted)
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    shown = list(rows[: PAGE_ROWS + 1])
    query = request.GET.copy()
    query.pop("before", None)
    context = {
        "page": "oversight",
        "form": form,
        "rows": shown[:PAGE_ROWS],
        "older": shown[PAGE_ROWS - 1].pk if len(shown) > PAGE_ROWS else None,
        "query": query.urlencode(),
        "sites": _codes(request),
    }
    return render(request, "oversight/trail.html", context)


@require_safe
@staff_may(Permission.READ_TRAIL, site=False)
@reauthentication_required
def trail_csv(request):
    """The same rows as a file: it stays inside."""
    note("trail exported", actor=request.user.code)
    rows = queries.trail(**_asked(request)[1]).values_list(*FIELDS).iterator()
    return csv_download(_("piste"), FIELDS, rows)


@require_safe
@staff_may(Permission.READ_TRAIL, site=False)
def signed_head(request):
    """The signed end of the chain, to keep outside: it proves later that nothing before it changed."""
    row = TrailHead.objects.order_by("-pk").first()
    if row is None:
        raise Http404
    note("trail head read", actor=request.user.code)
    return JsonResponse(
        told(row),
        headers={"Content-Disposition": f'attachment; filename="trail-head-{row.at:%Y-%m-%d}.json"'},
    )
