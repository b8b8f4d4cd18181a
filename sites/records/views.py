from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sites.people.access import looked, staff_may
from sites.people.terms import Permission
from sites.places.queries import local
from sites.places.services import mark_dirty
from sites.records.corrections import changes_of, fields_of, target_of
from sites.records.envelopes import as_uuid
from sites.records.forms import clean_text
from sites.records.models import Record
from sites.records.pages import new_id, tapped_at
from sites.records.queries import is_here, kept
from sites.records.stories import CORRECTED, VOIDED
from sites.records.together import write
from sites.records.undo import noted, undo
from sites.records.words import kind_words
from sites.trail.services import note

REFUSED = 422


# Not `reason`: that is a field of what is corrected, for a visit left or a turn-away.
WHY = "why"


def back_to(request, fallback: str = "/") -> HttpResponseRedirect:
    """To the page that the form names, if it is one of ours."""
    target = request.POST.get("next") or fallback
    ours = clean_text(target) and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return HttpResponseRedirect(target if ours else fallback)


@require_POST
@staff_may(Permission.RECORD_OVERDOSE)
def undo_records(request, record_id):
    """Take back what was written less than a minute ago: this record and the others of the same tap."""
    if not is_here(request.site, record_id):
        raise Http404
    targets = [t for t in map(as_uuid, request.POST.getlist("target")) if t] or [record_id]
    if undo(request.site, request.user.code, targets):
        messages.info(request, _("Annulé."))
    else:
        messages.error(request, _("Trop tard pour annuler : la corriger, avec une raison."))
    return back_to(request)


# --- Corrections ------------------------------------------------------------------------


def _target(request, record_id):
    found = target_of(request.site, record_id)
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(Permission.CORRECT)
def correct(request, record_id):
    record, telling = _target(request, record_id)
    if request.method != "POST":
        looked(request, "record", record_id)
        return _correct_page(request, record, telling)
    try:
        changes = changes_of(request.site, telling, request.POST)
    except ValueError as error:
        return _correct_page(request, record, telling, [("time", str(error))])
    if not changes:
        return _correct_page(request, record, telling, [("time", _("Rien n’a changé."))])
    data = {"target": str(record_id), "data": changes, "reason": request.POST.get(WHY, "")}
    return _change(request, record, telling, CORRECTED, data)


@require_POST
@staff_may(Permission.CORRECT)
def withdraw(request, record_id):
    """Void a record at any time, with a reason."""
    record, telling = _target(request, record_id)
    data = {"target": str(record_id), "reason": request.POST.get(WHY, "")}
    return _change(request, record, telling, VOIDED, data)


def _change(request, record, telling, kind, data):
    row = (as_uuid(request.POST.get("record_id")) or new_id(), kind, data)
    outcome = write(request, [row], tapped_at(request))
    if outcome.problems:
        problems = [
            (WHY if name == "reason" and not data["reason"].strip() else name, said)
            for name, said in outcome.problems
        ]
        return _correct_page(request, record, telling, problems)
    messages.info(request, _("Corrigé.") if kind == CORRECTED else _("Annulé."))
    return back_to(request)


def _correct_page(request, record, telling, problems=()):
    at = local(request.site, telling.occurred_at)
    context = {
        "record": record,
        "kind": kind_words(record.kind),
        "day": request.POST.get("day") or f"{at:%Y-%m-%d}",
        "time": request.POST.get("time") or f"{at:%H:%M}",
        "typed": request.POST,
        "fields": fields_of(request.site, telling, request.POST if WHY in request.POST else None),
        "problems": problems,
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return render(request, "records/correct.html", context, status=REFUSED if problems else 200)


# --- What waits for a person ------------------------------------------------------------


def kept_record(request, record_id) -> Record:
    record = kept(request.site).filter(record_id=record_id).first()
    if record is None:
        raise Http404
    return record


def settle_record(request, record: Record, action: str) -> None:
    record.settled_at = timezone.now()
    record.save(update_fields=["settled_at"])
    mark_dirty(request.site, [record.service_date])
    note(
        action,
        actor=request.user.code,
        site_id=request.site.pk,
        about="record",
        about_id=record.record_id,
    )


@require_POST
@staff_may(Permission.REVIEW)
def settle(request, record_id):
    settle_record(request, kept_record(request, record_id), "record.settled")
    messages.info(request, _("Classé."))
    return back_to(request, "/review/")


@require_POST
@staff_may(Permission.REVIEW)
def take_again(request, record_id):
    """Send the same data again as one's own record; the kept one is settled when it is taken."""
    record = kept_record(request, record_id)
    row = (as_uuid(request.POST.get("record_id")) or new_id(), record.kind, record.data)
    outcome = write(request, [row], record.occurred_at)
    if outcome.problems:
        why = "; ".join(message for _name, message in outcome.problems)
        messages.error(request, _("Toujours refusé : %(why)s") % {"why": why})
    else:
        settle_record(request, record, "record.taken_again")
        noted(request, outcome.receipts)
    return back_to(request, "/review/")
