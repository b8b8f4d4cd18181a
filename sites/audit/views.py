"""Whether the figures agree with one another, as it was last looked at."""

from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sites.audit.models import AuditState
from sites.people.access import staff_may
from sites.people.terms import Permission

PAGE = {"page": "reports"}
WORDS = {
    "doses": _("Doses données = unités sorties du stock"),
    "people": _("Arrivées − départs = personnes à l’intérieur"),
    "counts": _("Comptes du jour = faits du jour"),
    "hashes": _("Comptes du jour = empreinte du jour"),
    "partitions": _("Les catégories s’additionnent au total"),
    "reports": _("Rapport du jour = comptes du jour"),
    "periods": _("Rapport de la période = somme de ses jours"),
}


@require_safe
@staff_may(Permission.READ_REPORTS)
def audit(request):
    state = AuditState.objects.at(request.site).first()
    found = state.faults if state else []
    wrong = {fault["check"] for fault in found}
    context = {
        "state": state,
        "checks": [(words, check in wrong) for check, words in WORDS.items()],
        "faults": _told(found),
    }
    return render(request, "audit/audit.html", PAGE | context)


def _told(faults: list[dict]) -> list[dict]:
    return [fault | {"words": WORDS.get(fault["check"], ""), "day": _day(fault["day"])} for fault in faults]


def _day(text: str):
    return parse_date(text) if text else None
