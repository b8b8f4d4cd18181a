from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from sites.naloxone.counting import CountSheet, to_count
from sites.naloxone.pages import lot_or_404, signed_words
from sites.naloxone.queries import lots_on_hand
from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.records.pages import WRITTEN
from sites.records.undo import noted

FORM = ["GET", "HEAD", "POST"]


@require_http_methods(FORM)
@staff_may(Permission.USE_STOCK)
def count_all(request):
    """Everything on the shelves, on one sheet."""
    return _sheet(request, CountSheet(request, to_count(request.site)), "stock")


@require_http_methods(FORM)
@staff_may(Permission.USE_STOCK)
def count(request, lot):
    """Blind: what is expected is told only once a figure is there."""
    row = lot_or_404(request.site, lot)
    held = [one for one in lots_on_hand(request.site) if one.lot.pk == row.pk]
    return _sheet(request, CountSheet(request, held, alone=True), "stock-lot", lot=row)


def _sheet(request, sheet: CountSheet, then: str, lot=None) -> HttpResponse:
    if request.method == "POST" and sheet.is_valid():
        receipts, off = sheet.write(request)
        if all(receipt.status in WRITTEN for receipt in receipts):
            noted(request, receipts, _said(list(off.values())))
            return redirect(then, lot.ref) if lot else redirect(then)
        sheet.problem = _("Certains comptes n’ont pas été pris : les refaire.")
    status = 422 if request.method == "POST" else 200
    return render(
        request, "naloxone/count.html", {"sheet": sheet, "lot": lot, "page": "stock"}, status=status
    )


def _said(off: list[int]) -> str:
    apart = [units for units in off if units]
    if not apart:
        return _("Le compte est juste.")
    if len(apart) == 1:
        words = ngettext("Écart de %(n)s unité.", "Écart de %(n)s unités.", abs(apart[0]))
        return words % {"n": signed_words(apart[0])}
    return _("Écarts : %(list)s.") % {"list": ", ".join(map(signed_words, apart))}
