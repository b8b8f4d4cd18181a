from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.naloxone import pages
from sites.naloxone.forms import CountedFields, HandlingFields, ReceivedFields
from sites.naloxone.models import Lot
from sites.naloxone.queries import lots_on_hand
from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.records.pages import WRITTEN
from sites.records.undo import noted

FORM = ["GET", "HEAD", "POST"]


def _lot(request, lot) -> Lot:
    return get_object_or_404(Lot.objects.at(request.site).select_related("product"), ref=lot)


def _refused(form, receipt) -> bool:
    """Put what stands against the record on the form; True when something does."""
    if receipt.status in WRITTEN:
        return False
    for name, errors in receipt.errors.items():
        for error in errors:
            form.add_error(name if name in form.fields else None, error["message"])
    return True


@require_safe
@staff_may(Permission.USE_STOCK)
def stock(request):
    return render(request, "naloxone/stock.html", {"shelves": pages.shelves(request.site), "page": "stock"})


@require_http_methods(FORM)
@staff_may(Permission.USE_STOCK)
def receive(request):
    form = ReceivedFields(request.POST or None)
    if request.method == "POST" and form.is_valid() and pages.fits_its_lot(request.site, form):
        receipt = pages.receive(request, form.cleaned_data)
        if not _refused(form, receipt):
            noted(request, [receipt], _("Lot reçu."))
            return redirect("stock")
    return _form(request, form, "naloxone/receive.html")


@require_safe
@staff_may(Permission.USE_STOCK)
def lot(request, lot):
    return _lot_page(request, _lot(request, lot), HandlingFields())


def _lot_page(request, row: Lot, form, status: int = 200) -> HttpResponse:
    on_hand = next((held for held in lots_on_hand(request.site) if held.lot.pk == row.pk), None)
    context = {"lot": row, "on_hand": on_hand, "form": form, "page": "stock"}
    context["passages"] = pages.passages(request.site, row)
    return render(request, "naloxone/lot.html", context, status=status)


@require_POST
@staff_may(Permission.USE_STOCK)
def move(request, lot):
    row = _lot(request, lot)
    form = HandlingFields(request.POST)
    if form.is_valid():
        receipt = pages.move(request, row, form.cleaned_data)
        if not _refused(form, receipt):
            noted(request, [receipt])
            return redirect("stock-lot", row.ref)
    return _lot_page(request, row, form, status=422)


@require_http_methods(FORM)
@staff_may(Permission.USE_STOCK)
def count(request, lot):
    """Blind: what is expected is told only after the count is written."""
    row = _lot(request, lot)
    form = CountedFields(request.POST or None)
    if request.method == "POST" and form.is_valid():
        receipt, off = pages.count(request, row, form.cleaned_data["quantity"])
        if not _refused(form, receipt):
            noted(request, [receipt], _said(off))
            return redirect("stock-lot", row.ref)
    return _form(request, form, "naloxone/count.html", lot=row)


def _said(off: int) -> str:
    if not off:
        return _("Le compte est juste.")
    words = ngettext("Écart de %(n)s unité.", "Écart de %(n)s unités.", abs(off))
    return words % {"n": pages.signed_words(off)}


@require_POST
@staff_may(Permission.CORRECT)
def void(request, lot, record_id):
    row = _lot(request, lot)
    if not any(p.record_id == record_id and p.voidable for p in pages.passages(request.site, row)):
        raise Http404
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, _("Dire pourquoi."))
        return _lot_page(request, row, HandlingFields(), status=422)
    receipt = pages.void(request, record_id, reason)
    if receipt.status in WRITTEN:
        messages.info(request, _("Annulé."))
        gone = not Lot.objects.at(request.site).filter(pk=row.pk).exists()
        return redirect("stock") if gone else redirect("stock-lot", row.ref)
    messages.error(request, _("D’autres mouvements de ce lot en dépendent : les annuler d’abord."))
    return _lot_page(request, row, HandlingFields(), status=422)


def _form(request, form, template: str, **more) -> HttpResponse:
    context = {"form": form, "page": "stock", **more}
    return render(request, template, context, status=422 if form.errors else 200)
