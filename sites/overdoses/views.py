from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.clockwork.services import now
from sites.overdoses import pages
from sites.overdoses.closing import Closing, as_recorded, judged, known_answers, posted_answers
from sites.overdoses.corrections import CorrectionForm, ReasonForm
from sites.overdoses.deaths import declare
from sites.overdoses.models import OverdoseEvent
from sites.overdoses.queries import recent_events, version
from sites.overdoses.recorder import Recorder, read
from sites.overdoses.services import OPENED
from sites.overdoses.terms import DEATHS
from sites.people.access import looked, looks_on, staff_may
from sites.people.terms import Permission
from sites.records.forms import storable_text
from sites.records.pages import WRITTEN
from sites.records.stories import Telling

FRAGMENT = "X-Fragment"


def _event(request, event) -> OverdoseEvent:
    return get_object_or_404(OverdoseEvent.objects.at(request.site), ref=event)


def _opened(request, event) -> None:
    """A form about an event shows it, too; what is posted is a row of its own."""
    if request.method != "POST":
        looked(request, "overdose event", event)


def _show(request, recorder: Recorder, status: int = 200, **more) -> HttpResponse:
    """The whole page, or only its live parts when a script asks for them."""
    fragment = FRAGMENT in request.headers
    closed = recorder.event.closed_at is not None
    template = "overdoses/_live.html" if fragment else "overdoses/recorder.html"
    if closed:
        template = "overdoses/_gone.html" if fragment else "overdoses/closed.html"
    context = {"recorder": recorder, "event": recorder.event, "now": now(), **more}
    if closed:
        context["closing"] = Closing(recorder, known_answers(recorder))
    response = render(request, template, context, status=status)
    response.headers[FRAGMENT] = "live" if fragment else "page"
    return response


def _tapped(request, row: OverdoseEvent, receipt, said: str = "") -> HttpResponse:
    """After a tap: back to the recorder as it now stands."""
    if receipt.status not in WRITTEN:
        messages.error(request, pages.why_not(receipt))
    elif said:
        messages.warning(request, said)
    if FRAGMENT in request.headers:
        row.refresh_from_db()
        return _show(request, read(request.site, row))
    return redirect("overdose", row.ref)


@require_safe
@staff_may(Permission.RECORD_OVERDOSE)
def overdoses(request):
    looked(request, "overdose events", "")
    return render(
        request, "overdoses/list.html", {"events": recent_events(request.site), "page": "overdoses"}
    )


@require_POST
@staff_may(Permission.RECORD_OVERDOSE)
def start(request):
    return redirect("overdose", pages.start(request))


@require_safe
@staff_may(Permission.RECORD_OVERDOSE)
def overdose(request, event):
    row = _event(request, event)
    looked(request, "overdose event", event)
    return _show(request, read(request.site, row))


@require_safe
@staff_may(Permission.RECORD_OVERDOSE)
def live(request, event):
    """The live parts of the recorder; 304 while nothing was written."""
    row = _event(request, event)
    looks_on(request, "overdose event", event)
    etag = f'"{version(request.site, row.ref)}-{get_language()}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        request.META["HTTP_X_FRAGMENT"] = "live"
        response = _show(request, read(request.site, row))
    response.headers["ETag"] = etag
    return response


@require_POST
@staff_may(Permission.RECORD_OVERDOSE)
def step(request, event):
    row = _event(request, event)
    receipt = pages.record_step(request, row)
    if receipt is None:
        messages.error(request, _("Écrire un nombre, comme 88 ou 36,5."))
        typed = {"measure": request.POST.get("measure", ""), "text": request.POST.get("typed", "")}
        return _show(request, read(request.site, row), status=422, typed=typed)
    return _tapped(request, row, receipt)


@require_POST
@staff_may(Permission.RECORD_OVERDOSE)
def dose(request, event):
    row = _event(request, event)
    receipt, emptied = pages.record_dose(request, row)
    return _tapped(request, row, receipt, _("Noté. Stock à recompter.") if emptied else "")


@require_POST
@staff_may(Permission.RECORD_OVERDOSE)
def place(request, event):
    row = _event(request, event)
    return _tapped(request, row, pages.change_place(request, row, read(request.site, row).folded))


def _told(recorder: Recorder, record_id, *, removable: bool = False) -> Telling:
    """One record of this event as it reads now; 404 for any other. The opening goes as a false alarm."""
    folded = recorder.folded
    told = [*folded.steps, *folded.doses, *folded.after_closing, *([folded.closed] if folded.closed else [])]
    if not removable:
        told.append(folded.opened)
    found = next((t for t in told if t.record_id == record_id), None)
    if found is None:
        raise Http404
    return found


def _may_change(request, row: OverdoseEvent) -> None:
    """While it runs, everyone who responds; once closed, who may correct."""
    if row.closed_at and not request.user.may(Permission.CORRECT):
        raise PermissionDenied


@require_POST
@staff_may(Permission.RECORD_OVERDOSE)
def undo(request, event, record_id):
    row = _event(request, event)
    _may_change(request, row)
    told = _told(read(request.site, row), record_id, removable=True)
    return _tapped(request, row, pages.void(request, told.record_id))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(Permission.RECORD_OVERDOSE)
def correct(request, event, record_id):
    """Change one line, or take it out, with a reason."""
    row = _event(request, event)
    _may_change(request, row)
    _opened(request, event)
    recorder = read(request.site, row)
    posted = request.POST if request.method == "POST" else None
    removing = posted is not None and "remove" in posted
    told = _told(recorder, record_id, removable=removing)
    form = CorrectionForm(posted, site=request.site, event=row, telling=told)
    why = ReasonForm(posted) if removing else form
    if posted is not None and why.is_valid():
        if removing:
            receipt = pages.void(request, told.record_id, why.why)
        else:
            receipt = pages.correct(request, told.record_id, form.changes, form.why)
        if receipt.status in WRITTEN:
            return redirect("overdose", row.ref)
        why.add_error(None, pages.why_not(receipt))
    context = {"form": form, "why": why, "told": told, "event": row, "recorder": recorder, "opening": OPENED}
    context["line"] = next((line for line in recorder.lines if line.record_id == told.record_id), None)
    return render(request, "overdoses/correct.html", context, status=422 if why.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(Permission.RECORD_OVERDOSE)
def close(request, event):
    """The four answers. Of a closed event they may be corrected, with a reason."""
    row = _event(request, event)
    _may_change(request, row)
    _opened(request, event)
    recorder = read(request.site, row)
    closing = Closing(recorder, known_answers(recorder))
    why = ReasonForm(request.POST or None) if row.closed_at else None
    if request.method == "POST":
        closing.answers = posted_answers(request.POST)
        closing.form = judged(recorder, closing.answers)
        complete = closing.form.is_valid() and (why is None or why.is_valid())
        if complete and (response := _close(request, closing, why)):
            return response
    wrong = bool(closing.missing) or bool(why and why.errors)
    context = {"closing": closing, "recorder": recorder, "event": row, "why": why, "now": now()}
    return render(request, "overdoses/close.html", context, status=422 if wrong else 200)


def _close(request, closing: Closing, why: ReasonForm | None) -> HttpResponse | None:
    row, folded = closing.recorder.event, closing.recorder.folded
    answers = as_recorded(closing.answers)
    if why is None:
        receipt = pages.close(request, row, answers)
    else:
        receipt = pages.correct(request, folded.closed.record_id, answers, why.why)
    if receipt.status not in WRITTEN:
        closing.form.add_error(None, pages.why_not(receipt))
        return None
    if answers["outcome"] in DEATHS:
        messages.warning(request, _("La ou le gestionnaire du site est avisé : un avis est sur son tableau."))
    return redirect("overdose", row.ref)


@require_POST
@staff_may(Permission.RECORD_OVERDOSE)
def later(request, event):
    """The response is over; its answers wait on the list of what is to finish."""
    row = _event(request, event)
    if row.ended_at is None:
        pages.end(request, row)
    return redirect("board")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(Permission.RECORD_OVERDOSE)
def false_alarm(request, event):
    """Nothing had happened: take everything back. A dose that was given did happen."""
    row = _event(request, event)
    _may_change(request, row)
    _opened(request, event)
    recorder = read(request.site, row)
    if request.method == "POST" and not recorder.folded.doses:
        if pages.take_back(request, row):
            messages.success(request, _("Fausse alerte notée. Rien n’est compté."))
            return redirect("board")
        messages.error(request, _("Une étape ne se laisse pas annuler : l’annuler d’abord."))
    refused = bool(recorder.folded.doses)
    context = {"event": row, "recorder": recorder, "refused": refused, "now": now()}
    status = 422 if refused and request.method == "POST" else 200
    return render(request, "overdoses/false_alarm.html", context, status=status)


@require_POST
@staff_may(Permission.REVIEW)
def declared(request, event):
    """The authority was told of this death."""
    row = get_object_or_404(OverdoseEvent.objects.at(request.site), ref=event, outcome__in=DEATHS)
    reference = storable_text(request.POST.get("reference", "").strip(), 60)
    declare(request.site, row.ref, reference=reference, by=request.user.code)
    messages.success(request, _("Noté."))
    return redirect("review")
