from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.clockwork.services import now
from sites.logbook.models import Incident, LeftBehind
from sites.logbook.pages import SHEETS, Sheet, about, record
from sites.logbook.queries import (
    day_of,
    deadlines,
    due_at,
    kept_away,
    named,
    steps_of,
    still_here,
    to_follow,
)
from sites.logbook.services import SIGNED
from sites.logbook.terms import FOUND, GONE
from sites.people.access import looked, staff_may
from sites.people.terms import Permission
from sites.places.queries import today
from sites.records.corrections import blank_fields
from sites.records.envelopes import as_uuid
from sites.records.history import history_of
from sites.records.pages import new_id, tapped_at
from sites.records.together import write
from sites.records.undo import noted
from sites.records.views import back_to

REFUSED = 422
FORM = ["GET", "HEAD", "POST"]
PAGE = {"page": "logbook"}
# What may be written of an incident after its report.
NOTIFY = Sheet("incident.notified", gettext_lazy("Autorité avertie"), subject="incident")
CLOSE = Sheet("incident.closed", gettext_lazy("Fermer l’incident"), subject="incident")
NEXT_STEP = Sheet(
    "leftbehind.recorded", gettext_lazy("Étape suivante"), subject="left", left_out=("place", "description")
)


@require_safe
@staff_may(Permission.RECORD_VISITS)
def logbook(request):
    """What is to follow, and what was written of one service day."""
    site, running = request.site, today(request.site)
    day = _day(request.GET.get("day", "")) or running
    looked(request, "logbook of a day", day)
    context = PAGE | {
        "day": day,
        "is_today": day == running,
        "written": day_of(site, day),
        "incidents": to_follow(site),
        "left": still_here(site),
        "kept_away": kept_away(site),
        "sheets": {name: one for name, one in SHEETS.items() if request.user.may(one.permission)},
    }
    return render(request, "logbook/index.html", context)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@require_http_methods(FORM)
@staff_may(Permission.RECORD_VISITS)
def new(request, sheet):
    if sheet not in SHEETS:
        raise Http404
    asked = SHEETS[sheet]
    if not request.user.may(asked.permission):
        raise PermissionDenied
    typed = request.POST if request.method == "POST" else request.GET
    subject = (as_uuid(typed.get("subject")) or new_id()) if asked.subject else None
    problems = []
    if request.method == "POST":
        outcome = record(request, asked, subject)
        problems = outcome.problems
        if not problems:
            noted(request, outcome.receipts)
            return back_to(request, _after(sheet, subject))
    context = PAGE | {
        "sheet": asked,
        "fields": _fields(request, asked, typed),
        "about": about(request.site),
        "linked": named(request.site, as_uuid(typed.get("visit"))) if "visit" in asked.links else None,
        "subject": subject,
        "problems": problems,
        "typed": typed,
        "next": typed.get("next", ""),
    }
    return render(request, "logbook/form.html", context, status=REFUSED if problems else 200)


def _fields(request, sheet: Sheet, typed) -> list:
    every = blank_fields(request.site, sheet.kind, now(), typed)
    return [field for field in every if field.name not in sheet.left_out]


def _after(sheet: str, subject) -> str:
    page = {"incident": "incident", "left": "left-behind"}.get(sheet)
    return reverse(page, args=[subject]) if page else reverse("logbook")


# --- Incidents --------------------------------------------------------------------------
def _incident(request, ref) -> Incident:
    found = Incident.objects.at(request.site).filter(ref=ref).first()
    if found is None:
        raise Http404
    return found


@require_safe
@staff_may(Permission.RECORD_VISITS)
def incident(request, incident):
    found = _incident(request, incident)
    looked(request, "incident", incident)
    return _incident_page(request, found)


def _incident_page(request, row: Incident, problems=(), form: str = ""):
    context = PAGE | {
        "incident": row,
        "due_at": due_at(row, deadlines(request.site)),
        "now": now(),
        "history": history_of(request.site, row.ref),
        "notify": blank_fields(request.site, NOTIFY.kind, now(), request.POST),
        "close": blank_fields(request.site, CLOSE.kind, now(), request.POST),
        "problems": problems,
        "form": form,
    }
    return render(request, "logbook/incident.html", context, status=REFUSED if problems else 200)


@require_POST
@staff_may(Permission.RECORD_VISITS)
def incident_told(request, incident):
    return _add(request, _incident(request, incident), NOTIFY)


@require_POST
@staff_may(Permission.CORRECT)
def incident_close(request, incident):
    return _add(request, _incident(request, incident), CLOSE)


def _add(request, row: Incident, sheet: Sheet):
    outcome = record(request, sheet, row.ref)
    if outcome.problems:
        return _incident_page(request, row, outcome.problems, sheet.kind)
    noted(request, outcome.receipts)
    return redirect("incident", row.ref)


# --- Substances left behind -------------------------------------------------------------
def _left(request, ref) -> LeftBehind:
    found = LeftBehind.objects.at(request.site).filter(ref=ref).first()
    if found is None:
        raise Http404
    return found


@require_safe
@staff_may(Permission.RECORD_VISITS)
def left_behind(request, item):
    found = _left(request, item)
    looked(request, "left behind", item)
    return _left_page(request, found)


def _left_page(request, row: LeftBehind, problems=()):
    context = PAGE | {
        "item": row,
        "gone": row.step in GONE,
        "steps": steps_of(request.site, row.ref),
        "fields": _next_step(request),
        "history": history_of(request.site, row.ref),
        "problems": problems,
    }
    return render(request, "logbook/left.html", context, status=REFUSED if problems else 200)


def _next_step(request) -> list:
    """It was found already."""
    fields = _fields(request, NEXT_STEP, request.POST)
    for field in fields:
        field.choices = [choice for choice in field.choices if choice[0] != FOUND]
    return fields


@require_POST
@staff_may(Permission.RECORD_VISITS)
def left_step(request, item):
    row = _left(request, item)
    outcome = record(request, NEXT_STEP, row.ref)
    if outcome.problems:
        return _left_page(request, row, outcome.problems)
    noted(request, outcome.receipts)
    return redirect("left-behind", row.ref)


@require_POST
@staff_may(Permission.RECORD_VISITS)
def left_sign(request, item, record_id):
    """The second signature, by whoever is signed in: not by who wrote the step."""
    row = _left(request, item)
    if not any(step.telling.record_id == record_id for step in steps_of(request.site, row.ref)):
        raise Http404
    data = {"left": str(row.ref), "signs": str(record_id)}
    sent = as_uuid(request.POST.get("record_id")) or new_id()
    outcome = write(request, [(sent, SIGNED, data)], tapped_at(request))
    if outcome.problems:
        return _left_page(request, row, outcome.problems)
    noted(request, outcome.receipts, _("Signé."))
    return HttpResponseRedirect(reverse("left-behind", args=[row.ref]))
