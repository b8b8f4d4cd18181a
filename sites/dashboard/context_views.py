from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.association.pages import is_waited_for, shown_fit
from sites.context.forms import ContextForm
from sites.context.models import ContextEvent
from sites.context.services import add_context, remove_context
from sites.dashboard.comparing import windows
from sites.dashboard.trends import Trends
from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.places.queries import last_closed_day
from sites.reports.reading import figures_only
from sites.trail.services import note

PAGE = {"page": "reports", "tab": "trends"}


def _event(request, pk: int) -> ContextEvent:
    return get_object_or_404(ContextEvent.objects.at(request.site).filter(removed_at=None), pk=pk)


@require_safe
@staff_may(Permission.READ_REPORTS)
@figures_only
def trends(request):
    """Several years, season against season, and what happened around."""
    shown = Trends(request.site)
    note("trends read", actor=request.user.code, site_id=request.site.pk)
    return render(request, "dashboard/trends.html", PAGE | {"shown": shown})


@require_POST
@staff_may(Permission.READ_REPORTS)
def trends_printed(request):
    note("trends printed", actor=request.user.code, site_id=request.site.pk)
    return redirect("trends")


@require_safe
@staff_may(Permission.READ_REPORTS)
def context_event(request, pk):
    """What happened, and the days before and after it."""
    event = _event(request, pk)
    try:
        compared = windows(request.site, event.first, event.until, last_closed_day(request.site))
    except OverflowError:
        raise Http404 from None
    note("context read", actor=request.user.code, site_id=request.site.pk, about="context", about_id=event.pk)
    context = PAGE | {
        "event": event,
        "windows": compared,
        "fit": shown_fit(event),
        "waited_for": is_waited_for(event),
    }
    return render(request, "dashboard/context.html", context)


@require_POST
@staff_may(Permission.READ_REPORTS)
def context_printed(request, pk):
    event = _event(request, pk)
    note("context printed", actor=request.user.code, site_id=request.site.pk, about="context",
         about_id=event.pk)  # fmt: skip
    return redirect("context-event", event.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(Permission.ACT_ON_SIGNALS)
def context_new(request):
    form = ContextForm(request.POST or None, site=request.site, instance=ContextEvent())
    if request.method == "POST" and form.is_valid():
        event = add_context(form.instance, site=request.site, by=request.user.code)
        messages.success(request, _("C’est enregistré."))
        return redirect("context-event", event.pk)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "dashboard/context_form.html", PAGE | {"form": form}, status=status)


@require_POST
@staff_may(Permission.ACT_ON_SIGNALS)
def context_remove(request, pk):
    remove_context(_event(request, pk), by=request.user.code)
    messages.success(request, _("C’est retiré des graphiques."))
    return redirect("trends")
