from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sites.clockwork.services import now
from sites.naloxone import pages
from sites.naloxone.queries import on_hand
from sites.naloxone.recall import drill, numbers
from sites.naloxone.terms import MOVED, Move, kind_for
from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.records.forms import clean_text
from sites.records.pages import WRITTEN, submit_page
from sites.records.undo import noted

LANGUAGES = (("fr-ca", "fr"), ("en", "en"))


@require_safe
@staff_may(Permission.USE_STOCK)
def recall(request):
    """One page, in both languages at once: whoever it is handed to reads it in theirs."""
    asked = request.GET.get("lot", "").strip()[:40]
    found = drill(request.sites, asked) if asked and clean_text(asked) else None
    context = {"asked": asked, "drill": found, "numbers": numbers(request.sites)[:200], "page": "stock"}
    context |= {"sides": LANGUAGES, "as_of": now(), "told_sites": request.sites}
    return render(request, "naloxone/recall.html", context)


@require_POST
@staff_may(Permission.USE_STOCK)
def withdraw(request, lot):
    """Take everything that is left of a lot off the shelf, as recalled."""
    row = pages.lot_or_404(request.site, lot)
    units = on_hand(request.site).get(row.ref, 0)
    if units > 0:
        data = {"lot": str(row.ref), "move": Move.RECALLED, "quantity": units}
        receipt = submit_page(request, kind_for(MOVED, row.product.kind), data)
        if receipt.status in WRITTEN:
            noted(request, [receipt], _("Retiré du stock."))
    return redirect("stock-lot", row.ref)
