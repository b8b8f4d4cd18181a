from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.naloxone import pages
from sites.naloxone.forms import BoxFields, HandlingFields
from sites.naloxone.models import Lot
from sites.naloxone.queries import lots_on_hand
from sites.naloxone.rules import keep_rules, rule_rows
from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.records.pages import WRITTEN
from sites.records.undo import noted

FORM = ["GET", "HEAD", "POST"]


def refused(form, receipt) -> bool:
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
    return render(request, "naloxone/stock.html", {"stock": pages.StockPage(request.site), "page": "stock"})


@require_http_methods(FORM)
@staff_may(Permission.USE_STOCK)
def receive(request):
    initial = {name: request.GET.get(name, "") for name in BoxFields.base_fields}
    form = BoxFields(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and pages.fits_its_lot(request.site, form):
        receipt = pages.receive(request, form)
        if not refused(form, receipt):
            noted(request, [receipt], _("Lot reçu."))
            return redirect("stock")
    return _form(request, form, "naloxone/receive.html")


@require_safe
@staff_may(Permission.USE_STOCK)
def lot(request, lot):
    return _lot_page(request, pages.lot_or_404(request.site, lot), HandlingFields())


def _lot_page(request, row: Lot, form, status: int = 200) -> HttpResponse:
    on_hand = next((held for held in lots_on_hand(request.site) if held.lot.pk == row.pk), None)
    context = {"lot": row, "on_hand": on_hand, "form": form, "page": "stock"}
    context["passages"] = pages.passages(request.site, row)
    return render(request, "naloxone/lot.html", context, status=status)


@require_POST
@staff_may(Permission.USE_STOCK)
def move(request, lot):
    row = pages.lot_or_404(request.site, lot)
    form = HandlingFields(request.POST)
    if form.is_valid():
        receipt = pages.move(request, row, form.cleaned_data)
        if not refused(form, receipt):
            noted(request, [receipt])
            return redirect("stock-lot", row.ref)
    return _lot_page(request, row, form, status=422)


@require_POST
@staff_may(Permission.CORRECT)
def void(request, lot, record_id):
    row = pages.lot_or_404(request.site, lot)
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


@require_http_methods(FORM)
@staff_may(Permission.SET_UP)
def rules(request):
    rows = rule_rows(request.site, request.POST if request.method == "POST" else None)
    if request.method == "POST" and all([row.form.is_valid() for row in rows]):
        keep_rules(request.site, rows, request.user.code)
        messages.success(request, _("Enregistré."))
        return redirect("stock-rules")
    status = 422 if request.method == "POST" else 200
    return render(request, "naloxone/rules.html", {"rows": rows, "page": "stock"}, status=status)
