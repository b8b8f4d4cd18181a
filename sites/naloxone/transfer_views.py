from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sites.naloxone import sending
from sites.naloxone.transit import on_its_way
from sites.naloxone.views import refused
from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.records.undo import noted


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(Permission.USE_STOCK)
def transfers(request):
    form = sending.SendFields(request.POST if request.method == "POST" else None, site=request.site)
    if request.method == "POST" and form.is_valid():
        receipt = sending.send_away(request, form)
        if not refused(form, receipt):
            noted(request, [receipt], _("Parti. Reste en route jusqu’à sa réception."))
            return redirect("stock-transfers")
    return _page(request, form)


@require_POST
@staff_may(Permission.USE_STOCK)
def take_in(request, transfer):
    if not sending.is_known(request.site, transfer):
        raise Http404
    form = sending.TakeInFields(request.POST)
    if form.is_valid() and sending.is_arriving(request.site, transfer):
        receipt = sending.take_in(request, transfer, form.cleaned_data)
        if not refused(form, receipt):
            noted(request, [receipt], _("Reçu."))
            return redirect("stock-transfers")
    if not sending.is_arriving(request.site, transfer):
        return redirect("stock-transfers")
    return _page(request, sending.SendFields(site=request.site), (transfer, form))


def _page(request, form, taken=None) -> HttpResponse:
    open_id, typed = taken or (None, None)
    arriving = [
        (way, typed if way.transfer == open_id else sending.TakeInFields(initial={"quantity": way.units}))
        for way in sending.arriving(request.site)
    ]
    here = {way.transfer for way, _form in arriving}
    context = {
        "form": form,
        "arriving": arriving,
        "others": [way for way in on_its_way(request.site) if way.transfer not in here],
        "page": "stock",
    }
    status = 422 if form.errors or taken else 200
    return render(request, "naloxone/transfers.html", context, status=status)
