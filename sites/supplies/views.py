import uuid

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sites.codes.queries import in_force, values
from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.places.queries import today
from sites.records.envelopes import as_uuid
from sites.records.forms import clean_text
from sites.records.pages import new_id, tapped_at
from sites.records.together import unreadable
from sites.records.undo import noted
from sites.supplies import pages
from sites.supplies.queries import conversion_on
from sites.supplies.terms import AT_THE_COUNTER, MANY_PEOPLE

FORM = ["GET", "HEAD", "POST"]
REFUSED = 422
ROUND, PARTNER, PICKUP = "round", "partner", "pickup"
LIST_OF = {ROUND: "location_kind", PARTNER: "partner", PICKUP: "area"}


def _typed(request) -> dict[str, str]:
    """What the form holds, as long as it can be shown."""
    return {name: text for name, text in request.POST.items() if clean_text(name) and clean_text(text)}


def _english() -> bool:
    return (get_language() or "fr").startswith("en")


def _record_id(request) -> uuid.UUID:
    return as_uuid(request.POST.get("record_id")) or new_id()


# --- The counter -------------------------------------------------------------------------
@require_http_methods(FORM)
@staff_may(Permission.RECORD_VISITS)
def counter(request):
    """Hand out and take back. Without scripts a basket is put in the tray by a round trip."""
    typed = _typed(request)
    if request.method != "POST":
        return _counter_page(request, typed)
    act, _dash, key = typed.get("act", "give").partition("-")
    if act != "give":
        return _counter_page(request, _put_in(request, typed, act, key))
    problems = unreadable(request)
    if not problems:
        told = pages.Told(_about(request, typed, for_whom=typed.get("for_whom", "")), _about(request, typed))
        outcome = pages.tell(request, _record_id(request), told, tapped_at(request))
        problems = outcome.problems
    if problems:
        return _counter_page(request, typed, problems, REFUSED)
    noted(request, outcome.receipts)
    return redirect("counter")


def _about(request, typed: dict, **more) -> dict:
    visit = as_uuid(typed.get("visit", ""))
    return {"location_kind": AT_THE_COUNTER, **({"visit": str(visit)} if visit else {}), **more}


def _put_in(request, typed: dict, act: str, key: str) -> dict:
    """The numbers once a basket is put in the tray, or all is taken out."""
    if act == "clear":
        return {}
    baskets = pages.usual(request.site, _english())
    return next((pages.with_basket(typed, one) for one in baskets if one.key == key), typed)


def _counter_page(request, typed: dict, problems=(), status: int = 200):
    site = request.site
    context = {
        "page": "counter",
        "typed": typed,
        "problems": problems,
        "visit": as_uuid(typed.get("visit") or request.GET.get("visit", "")),
        "items": pages.items(site, typed),
        "back": pages.back_fields(site, typed),
        "baskets": pages.usual(site, _english()),
        "conversion": conversion_on(site, today(site)),
        "whom": [value for value in values("for_whom").values() if in_force(value, today(site))],
    }
    return render(request, "supplies/counter.html", context, status=status)


# --- After the fact and in bulk ----------------------------------------------------------
@require_http_methods(FORM)
@staff_may(Permission.RECORD_VISITS)
def bulk(request, what):
    """A round, a partner or a pick-up, with the service day it was on."""
    if what not in LIST_OF:
        raise Http404
    typed = _typed(request)
    if request.method != "POST":
        return _bulk_page(request, what, typed)
    problems = unreadable(request)
    day = pages.typed_day(request.site, typed.get("day", ""))
    where = typed.get(LIST_OF[what], "")
    if day is None:
        problems.append(("day", _("Un jour qui est venu, comme 2026-03-01.")))
    if not where and what != PICKUP:
        problems.append((LIST_OF[what], _("Il manque une réponse.")))
    if not problems and day:
        told = _told(what, where, typed)
        outcome = pages.tell(request, _record_id(request), told, pages.moment_of(request.site, day))
        problems = outcome.problems
    if problems:
        return _bulk_page(request, what, typed, problems, REFUSED)
    noted(request, outcome.receipts)
    return redirect(f"/counter/day/?day={day:%Y-%m-%d}")


def _told(what: str, where: str, typed: dict) -> pages.Told:
    if what == PICKUP:
        return pages.Told(picked_up={"area": where})
    about = {"location_kind": PARTNER, "partner": where} if what == PARTNER else {"location_kind": where}
    people = typed.get("people", "").strip()
    return pages.Told({**about, "people": int(people) if pages.is_number(people) else people}, about)


def _bulk_page(request, what: str, typed: dict, problems=(), status: int = 200):
    site = request.site
    name = LIST_OF[what]
    choices = [value for value in values(name).values() if in_force(value, today(site))]
    if what == ROUND:
        choices = [value for value in choices if value.code in MANY_PEOPLE and value.code != PARTNER]
    context = {
        "page": "counter",
        "what": what,
        "whats": [(ROUND, _("Tournée")), (PARTNER, _("Partenaire")), (PICKUP, _("Ramassage"))],
        "typed": typed,
        "problems": problems,
        "day": typed.get("day") or f"{today(site):%Y-%m-%d}",
        "name": name,
        "chosen": typed.get(name, ""),
        "choices": choices,
        "items": [] if what == PICKUP else pages.items(site, typed),
        "back": pages.back_fields(site, typed),
        "conversion": conversion_on(site, today(site)),
    }
    return render(request, "supplies/bulk.html", context, status=status)


# --- The day's list ----------------------------------------------------------------------
@require_safe
@staff_may(Permission.RECORD_VISITS)
def day(request):
    shown = pages.typed_day(request.site, request.GET.get("day", "")) or today(request.site)
    context = {"page": "counter", "day": shown, "counted": pages.counter_day(request.site, shown)}
    return render(request, "supplies/day.html", context)
