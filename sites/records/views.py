from django.contrib import messages
from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.records.envelopes import as_uuid
from sites.records.undo import undo


def back_to(request, fallback: str = "/") -> HttpResponseRedirect:
    """To the page that the form names, if it is one of ours."""
    target = request.POST.get("next") or fallback
    ours = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return HttpResponseRedirect(target if ours else fallback)


@require_POST
@staff_may(Permission.RECORD_OVERDOSE)
def undo_records(request, record_id):
    """Take back what was written less than a minute ago: this record and the others of the same tap."""
    targets = [t for t in map(as_uuid, request.POST.getlist("target")) if t] or [record_id]
    if undo(request.site, request.user.code, targets):
        messages.info(request, _("Annulé."))
    else:
        messages.error(request, _("Trop tard pour annuler : la corriger, avec une raison."))
    return back_to(request)
