"""The publication plan of a site: the one in force, the next one, those before."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.places.queries import today
from sites.releases.forms import PlanForm
from sites.releases.plan_page import history, known_means, plan_on, rows_of, stops_of
from sites.releases.planning import adopt_next, begins

PAGE = {"page": "releases"}


@require_safe
@staff_may(Permission.READ_REGISTERS)
def plan(request):
    site = request.site
    coming = plan_on(site, begins(site))
    context = PAGE | {
        "current": rows_of(plan_on(site, today(site))),
        "coming": rows_of(coming),
        "begins": begins(site),
        "is_decided": any(line.in_force_from == begins(site) for line in coming),
        "versions": history(site),
        "stops": stops_of(site),
    }
    return render(request, "releases/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(Permission.PLAN_RELEASES)
def plan_next(request):
    """What is typed is shown as a plan first; it is written when the person says so."""
    site = request.site
    typed = request.POST if request.method == "POST" else None
    form = PlanForm(typed, known=known_means(site))
    if form.is_valid() and typed is not None and typed.get("act") == "adopt":
        adopt_next(site, form.proposed, by=request.user.code)
        messages.success(
            request, _("Le plan est adopté : il vaudra à partir du %(day)s.") % {"day": begins(site)}
        )
        return redirect("release-plan")
    context = PAGE | {"form": form, "asked": form.asked(), "begins": begins(site)}
    status = 422 if typed is not None and form.errors else 200
    return render(request, "releases/plan_next.html", context, status=status)
