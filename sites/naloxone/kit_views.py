from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.naloxone import assembling, handing
from sites.naloxone.views import refused
from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.places.queries import today
from sites.records.undo import noted


@require_safe
@staff_may(Permission.RECORD_VISITS)
def kits(request):
    return _page(request)


@require_POST
@staff_may(Permission.RECORD_VISITS)
def give(request):
    form = handing.GivenFields(request.POST, day=today(request.site))
    if form.is_valid():
        receipt = handing.give(request, form.cleaned_data)
        if not refused(form, receipt):
            noted(request, [receipt])
            return redirect("kits")
    return _page(request, given=form)


@require_POST
@staff_may(Permission.RECORD_VISITS)
def used(request):
    form = handing.UsedFields(request.POST, day=today(request.site))
    if form.is_valid():
        receipt = handing.tell_used(request, form.cleaned_data)
        if not refused(form, receipt):
            noted(request, [receipt], _("Noté. Merci de l’avoir dit."))
            return redirect("kits")
    return _page(request, used=form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(Permission.USE_STOCK)
def assemble(request):
    form = assembling.AssembleFields(request.POST if request.method == "POST" else None, site=request.site)
    if request.method == "POST" and form.is_valid():
        receipt = assembling.assemble(request, form)
        if not refused(form, receipt):
            noted(request, [receipt], _("Trousses préparées."))
            return redirect("stock")
    status = 422 if form.errors else 200
    return render(request, "naloxone/assemble.html", {"form": form, "page": "stock"}, status=status)


def _page(request, given=None, used=None) -> HttpResponse:
    site, day = request.site, today(request.site)
    context = {
        "given": given or handing.GivenFields(day=day),
        "used": used or handing.UsedFields(day=day),
        "ready": handing.ready(site),
        "today": handing.today_of(site),
        "page": "stock",
    }
    return render(request, "naloxone/kits.html", context, status=422 if given or used else 200)
