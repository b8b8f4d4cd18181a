"""One page from one shift to the next: what is open, what is to be said, who takes it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sites.people.access import staff_may
from sites.people.pins import Refused, prove_at_desk
from sites.people.terms import Permission
from sites.records.envelopes import as_uuid
from sites.records.pages import new_id, tapped_at
from sites.records.together import write
from sites.records.undo import noted
from sites.shifts.models import Remark
from sites.shifts.queries import latest, next_leads, still_open
from sites.shifts.services import SAID, SETTLED
from sites.shifts.terms import COUNTED
from sites.signals.queries import warnings_at

REFUSED = 422


@require_safe
@staff_may(Permission.REVIEW)
def hand_over(request):
    return _page(request)


def _page(request, problems=()):
    found = still_open(request.site)
    context = {
        "page": "review",
        "open": found,
        "tiles": [(label, found.counts()[name], name) for name, label in COUNTED.items()],
        "warnings": warnings_at(request.site),
        "leads": next_leads(request.site, request.user.code),
        "signed": latest(request.site),
        "counted": COUNTED,
        "typed": request.POST,
        "problems": problems,
    }
    return render(request, "shifts/page.html", context, status=REFUSED if problems else 200)


def _write(request, kind: str, data: dict, said: str = ""):
    sent = as_uuid(request.POST.get("record_id")) or new_id()
    outcome = write(request, [(sent, kind, data)], tapped_at(request))
    if outcome.problems:
        return _page(request, outcome.problems)
    noted(request, outcome.receipts, said)
    return redirect("shift")


@require_POST
@staff_may(Permission.REVIEW)
def remark(request):
    ref = as_uuid(request.POST.get("subject")) or new_id()
    return _write(request, SAID, {"remark": str(ref), "text": request.POST.get("text", "").strip()})


@require_POST
@staff_may(Permission.REVIEW)
def settle(request, ref):
    row = get_object_or_404(Remark.objects.at(request.site), ref=ref)
    if row.settled_at:
        messages.info(request, _("C’est déjà réglé."))
        return redirect("shift")
    return _write(request, SETTLED, {"remark": str(ref)}, _("Réglé."))


@require_POST
@staff_may(Permission.REVIEW)
def sign(request):
    """The next lead signs with a PIN, beside who gives the shift."""
    code = request.POST.get("taken_by", "")
    if code not in {lead.code for lead in next_leads(request.site, request.user.code)}:
        return _page(request, [("taken_by", _("Choisir qui prend le quart."))])
    try:
        prove_at_desk(request.site, code, request.POST.get("pin", ""))
    except Refused as refused:
        return _page(request, [("pin", _why(refused))])
    data = {"taken_by": code} | still_open(request.site).counts()
    return _write(request, "shift.handed_over", data, _("Le quart est remis."))


def _why(refused: Refused) -> str:
    if refused.code == "paused":
        return _("Cinq codes faux : une personne responsable doit donner un nouveau code.")
    return _("Ce n’est pas le code de cette personne.")
