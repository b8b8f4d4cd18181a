from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.people.access import looked, staff_may
from sites.people.terms import Permission
from sites.places.queries import today
from sites.records.envelopes import as_uuid
from sites.records.forms import clean_text
from sites.records.history import history_of
from sites.records.pages import new_id, tapped_at
from sites.records.together import Outcome, unreadable, write
from sites.records.undo import noted
from sites.records.views import back_to
from sites.visits.forms import chips
from sites.visits.pages import ACTS, Arrival, act_on, arrive, cares_for, free_for, known_about
from sites.visits.queries import Named, already_here_message, free_booths, numbered, turn_aways_of, visits_of

REFUSED = 422


def _text(request, name: str) -> str:
    """What was typed, as long as it can be shown and stored."""
    value = request.POST.get(name, "").strip()
    return value if clean_text(value) else value.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")


def _typed_arrival(request) -> dict:
    """What the arrival form holds, ids made where it has none."""
    act = request.POST.get("act", "wait")
    typed = {
        name: _text(request, name) for name in ("handle", "route", "gender", "age_band", "booth", "time")
    }
    if act.startswith("seat-"):
        act, typed["booth"] = "seat", act.removeprefix("seat-")
    if act == "anonymous":
        typed["handle"], act = "", "seat" if typed["route"] else "wait"
    return typed | {
        "act": act,
        "substances": request.POST.getlist("substances"),
        "record_id": as_uuid(request.POST.get("record_id")) or new_id(),
        "visit": as_uuid(request.POST.get("visit")) or new_id(),
        "agreed": _text(request, "agreed"),
        "someone_else": bool(request.POST.get("someone_else")),
        "anyway": bool(request.POST.get("anyway")),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(Permission.RECORD_VISITS)
def arrival(request):
    if request.method != "POST":
        typed = {"record_id": new_id(), "visit": new_id(), "booth": request.GET.get("booth", "")[:8]}
        return _arrival_page(request, typed)
    typed = _typed_arrival(request)
    outcome = Arrival(problems=unreadable(request)) if unreadable(request) else arrive(request, typed)
    if outcome.problems or outcome.already or outcome.known or outcome.cares:
        return _arrival_page(request, typed, outcome)
    if outcome.waits:
        messages.info(request, _("Aucune place libre pour cette voie : mise en attente."))
    if outcome.untold:
        said = _("Vingt recherches sans arrivée en une heure : ni mesure ni alerte n’a été lue ici. "
                 "Ouvrir la visite pour les lire.")  # fmt: skip
        messages.warning(request, said)
    noted(request, outcome.receipts)
    return HttpResponseRedirect(reverse("board"))


def _arrival_page(request, typed: dict, outcome=None):
    site = request.site
    free = free_booths(site)
    context = {
        "page": "board",
        "typed": typed,
        "free": free,
        "lists": chips(today(site), "substances", "route", "gender", "age_band"),
        "agreements": [
            ("fr", _("en français")),
            ("en", _("en anglais")),
            ("other", _("dans une autre langue")),
        ],
        "problems": outcome.problems if outcome else [],
        "already": outcome.already if outcome else None,
        "known": outcome.known if outcome else [],
        "cares": outcome.cares if outcome else [],
    }
    if outcome and outcome.already:
        context["question"] = already_here_message(outcome.already)
    if outcome and any(name == "booth" for name, _message in outcome.problems):
        context["free_now"] = next(iter(free_booths(site, typed["route"])), None)
    return render(request, "visits/arrival.html", context, status=REFUSED if outcome else 200)


def _visit(request, ref) -> Named:
    visit = numbered(request.site).filter(ref=ref).first()
    if visit is None:
        raise Http404
    visit.site = request.site
    return Named(visit, visit.number)


@require_safe
@staff_may(Permission.RECORD_VISITS)
def visit(request, ref):
    named = _visit(request, ref)
    looked(request, "visit", ref)
    return _sheet(request, named)


def _sheet(request, named: Named, problems=(), status: int = 200):
    visit = named.visit
    context = {
        "page": "board",
        "named": named,
        "visit": visit,
        "problems": problems,
        "typed": request.POST,
        "typed_substances": request.POST.getlist("substances") or visit.substances,
        "typed_route": request.POST.get("route") or visit.route,
        "free": free_for(request.site, visit),
        "lists": chips(today(request.site), "substances", "route", "discharge_to", "left_reason"),
        "history": history_of(request.site, visit.ref),
        "known": known_about(request.site, visit.handle_code),
        "cares": cares_for(request.site, visit.handle_code),
    }
    return render(request, "visits/visit.html", context, status=status)


@require_POST
@staff_may(Permission.RECORD_VISITS)
def visit_act(request, ref, act):
    if act not in ACTS:
        raise Http404
    named = _visit(request, ref)
    record_id = as_uuid(request.POST.get("record_id")) or new_id()
    problems = unreadable(request)
    outcome = Outcome(problems=problems) if problems else act_on(request, named.visit, ACTS[act], record_id)
    if outcome.problems:
        return _sheet(request, _visit(request, ref), outcome.problems, REFUSED)
    noted(request, outcome.receipts)
    return back_to(request)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(Permission.RECORD_VISITS)
def turn_away(request):
    problems = []
    if request.method == "POST":
        count = request.POST.get("count", "1").strip()
        data = {"reason": request.POST.get("reason", ""), "count": int(count) if _whole(count) else count}
        row = (as_uuid(request.POST.get("record_id")) or new_id(), "turnaway.recorded", data)
        outcome = write(request, [row], tapped_at(request))
        problems = outcome.problems
        if not problems:
            noted(request, outcome.receipts)
            return HttpResponseRedirect(reverse("board"))
    context = {
        "page": "board",
        "problems": problems,
        "count": _text(request, "count") or "1",
        "lists": chips(today(request.site), "turnaway_reason"),
    }
    return render(request, "visits/turn_away.html", context, status=REFUSED if problems else 200)


def _whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


@require_safe
@staff_may(Permission.CORRECT)
def visits(request):
    """The visits of a service day, to open one that is closed and correct it."""
    day = _day(request.GET.get("day", "")) or today(request.site)
    looked(request, "visits of a day", day)
    context = {
        "page": "board",
        "day": day,
        "visits": visits_of(request.site, day),
        "turn_aways": turn_aways_of(request.site, day),
    }
    return render(request, "visits/day.html", context)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
