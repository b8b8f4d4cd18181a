"""The screen lent to a person who asks what is held about them: their handle, plain words, then nothing."""

from functools import wraps

from django.core import signing
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.clients.models import Client
from sites.clients.services import known_client
from sites.kiosk import gate, services
from sites.kiosk.copy import copies
from sites.kiosk.queries import HOLD, MEASURE, held_about, in_the_way, requests_of
from sites.people.access import must_be_sure, staff_may
from sites.people.enrolment import qr
from sites.people.terms import Language, Permission
from sites.records.envelopes import as_uuid
from sites.records.forms import clean_text
from sites.records.handles import MAX_HANDLE, handle_code, normalised
from sites.visits.look_ups import Door, look_up

FORM = ["GET", "HEAD", "POST"]
REFUSED, TOO_MANY = 422, 429
# Language of an agreement → that of the screen.
SPOKEN = {"fr": Language.FRENCH, "en": Language.ENGLISH, Language.FRENCH: Language.FRENCH}
AGREED_IN = ("fr", "en", "other")


def lent(view):
    """Only while the screen is lent, and in the language chosen on it."""

    @wraps(view)
    def shown(request, *args, **kwargs):
        if gate.LENT not in request.session:
            return redirect("kiosk-open")
        with translation.override(request.session[gate.LENT]["language"]):
            return view(request, *args, **kwargs)

    return shown


@require_http_methods(FORM)
@staff_may(Permission.RECORD_VISITS)
def open_kiosk(request):
    """What the screen is for; then it is lent."""
    if request.method == "POST":
        gate.lend(request, translation.get_language())
        services.note("kiosk.lent", actor=request.user.code, site_id=request.site.pk)
        return redirect("kiosk")
    return render(request, "kiosk/open.html", {"page": "logbook"})


@require_http_methods(FORM)
@staff_may(Permission.RECORD_VISITS)
def leave(request):
    """A colleague takes the screen back, with their password."""
    if gate.LENT in request.session:
        must_be_sure(request)
        gate.take_back(request)
    return redirect("board")


@require_http_methods(FORM)
@staff_may(Permission.RECORD_VISITS)
@lent
def kiosk(request):
    """Empty, waiting for a handle; the page shown for one is never at an address."""
    told = request.session[gate.LENT]
    if told["misses"] >= gate.MOST_MISSES:
        return _stopped(request)
    if request.method != "POST":
        return _empty(request)
    if request.POST.get("ticket") != told["ticket"]:
        return redirect("kiosk")
    handle = request.POST.get("handle", "")
    if not normalised(handle) or len(handle) > MAX_HANDLE or not clean_text(handle):
        return _empty(request, _("Écrire le pseudonyme."), REFUSED)
    if not look_up(request.site, handle, by=request.user.code, door=Door.KIOSK):
        return _stopped(request)
    client = known_client(request.site, handle_code(request.site, handle))
    if client is None:
        gate.change(request, misses=told["misses"] + 1)
        gate.new_ticket(request)
        return _page(request, "kiosk/nothing.html")
    spoken = SPOKEN.get(client.agreements.latest("agreed_at").language)
    gate.change(request, misses=0, language=spoken or told["language"])
    with translation.override(request.session[gate.LENT]["language"]):
        return _about(request, client)


def _page(request, template: str, context=None, status: int = 200):
    ticket = request.session[gate.LENT]["ticket"]
    return render(request, template, {"ticket": ticket, **(context or {})}, status=status)


def _empty(request, problem: str = "", status: int = 200):
    gate.new_ticket(request)
    return _page(request, "kiosk/empty.html", {"problem": problem}, status)


def _stopped(request):
    return _page(request, "kiosk/stopped.html", status=TOO_MANY)


def _about(request, client: Client, template: str = "kiosk/held.html", status: int = 200, **more):
    """A page about someone: it carries a sign for them that dies with the ticket of this screen."""
    ticket = gate.new_ticket(request)
    context = {
        "held": held_about(client),
        "about": signing.dumps(client.pk, salt=f"kiosk {ticket}"),
        "in_the_way": in_the_way(client),
        "HOLD": HOLD, "MEASURE": MEASURE,
        "agreed_in": AGREED_IN,
    }  # fmt: skip
    return _page(request, template, context | more, status)


def _client(request) -> Client | None:
    """Whom the page was about; None once it is too old, or the screen was emptied since."""
    salt = f"kiosk {request.session[gate.LENT]['ticket']}"
    try:
        pk = signing.loads(request.POST.get("about", ""), salt=salt, max_age=gate.SHOWN_FOR_S)
    except signing.BadSignature:
        return None
    return Client.objects.at(request.site).filter(pk=pk).select_related("site").first()


@require_POST
@staff_may(Permission.RECORD_VISITS)
@lent
def person(request):
    """What the person does on their page, by the button touched."""
    client = _client(request)
    if client is None:
        return redirect("kiosk")
    act = request.POST.get("act", "")
    if act in Language.values:
        gate.change(request, language=act)
        with translation.override(act):
            return _about(request, client)
    if act in ACTS:
        return ACTS[act](request, client)
    return _about(request, client)


def _say_language(request, client: Client):
    language = request.POST.get("language", "")
    if language in AGREED_IN:
        services.say_language(request, client.agreements.latest("agreed_at"), language)
    return _about(request, client, said=_("C’est noté."))


def _remove_alert(request, client: Client):
    services.remove_alert(request, client, as_uuid(request.POST.get("alert")))
    return _about(request, client)


def _ask_handle(request, client: Client, problem: str = ""):
    status = REFUSED if problem else 200
    return _about(request, client, "kiosk/rename.html", status, problem=problem)


def _rename(request, client: Client):
    handle = request.POST.get("handle", "")
    if not normalised(handle) or not clean_text(handle):
        return _ask_handle(request, client, _("Écrire le nouveau pseudonyme."))
    if in_the_way(client):
        return _about(request, client)
    if services.rename(request, client, handle).problems:
        return _ask_handle(request, client, _("Ce pseudonyme ne convient pas : en essayer un autre."))
    gate.new_ticket(request)
    return _page(request, "kiosk/renamed.html")


def _copy(request, client: Client):
    services.note("kiosk.copy handed over", actor=request.user.code, site_id=request.site.pk)
    return _about(request, client, "kiosk/copy.html", codes=[qr(text) for text in copies(client)])


def _ask_erasure(request, client: Client):
    return _about(request, client, "kiosk/erase.html")


def _erase(request, client: Client):
    asked = services.ask_erasure(request, client)
    gate.new_ticket(request)
    return _page(request, "kiosk/slip.html", {"asked": asked, "code": f"{asked.code[:4]}-{asked.code[4:]}"})


ACTS = {
    "say-language": _say_language,
    "remove-alert": _remove_alert,
    "copy": _copy,
    "ask-handle": _ask_handle,
    "rename": _rename,
    "ask-erasure": _ask_erasure,
    "erase": _erase,
}


@require_POST
@staff_may(Permission.RECORD_VISITS)
@lent
def language(request):
    chosen = request.POST.get("language", "")
    if chosen in Language.values:
        gate.change(request, language=chosen)
    return redirect("kiosk")


@require_safe
@staff_may(Permission.READ_REGISTERS)
def erasures(request):
    """Requests by their code, done or waiting: of nobody, once done."""
    context = {"page": "registers", "requests": requests_of(request.site)}
    return render(request, "kiosk/requests.html", context)
