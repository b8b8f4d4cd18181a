from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.places.queries import today
from sites.records.together import write_afterwards
from sites.records.undo import noted
from sites.sheets.catalogue import SHEETS
from sites.sheets.columns import Sheet
from sites.sheets.reading import Typed, blank, read, refused

REFUSED = 422
PAGE = {"page": "logbook"}


def _sheet(request, name: str) -> Sheet:
    if name not in SHEETS:
        raise Http404
    if not request.user.may(Permission(SHEETS[name].permission)):
        raise PermissionDenied
    return SHEETS[name]


@require_safe
@staff_may(Permission.RECORD_OVERDOSE)
def sheets(request):
    """What may be printed blank, and typed in afterwards."""
    mine = [sheet for sheet in SHEETS.values() if request.user.may(Permission(sheet.permission))]
    return render(request, "sheets/index.html", PAGE | {"sheets": mine})


@require_safe
@staff_may(Permission.RECORD_OVERDOSE)
def blank_sheet(request, form):
    """Ready to print; nothing on it comes from anyone."""
    asked = _sheet(request, form)
    typed = blank(request.site, asked, today(request.site))
    words = [(cell.column, cell.options) for cell in _choices(typed)]
    context = PAGE | {"sheet": asked, "typed": typed, "words": words}
    return render(request, "sheets/blank.html", context)


def _choices(typed: Typed) -> list:
    """The cells of choice, each list of words once: they are printed under the rows."""
    cells = [*typed.head, *(typed.rows[0].cells if typed.rows else [])]
    once = {tuple(cell.options): cell for cell in reversed(cells) if cell.options}
    return [cell for cell in cells if once.get(tuple(cell.options)) is cell]


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(Permission.RECORD_OVERDOSE)
def type_in(request, form):
    asked = _sheet(request, form)
    if request.method != "POST":
        day = _asked_day(request) or today(request.site)
        return _page(request, asked, blank(request.site, asked, day))
    typed = read(request.site, asked, request.POST)
    if not typed.problems:
        outcome = write_afterwards(request, typed.told)
        if not outcome.problems:
            words = ngettext("%(n)s ligne notée.", "%(n)s lignes notées.", typed.many) % {"n": typed.many}
            noted(request, outcome.receipts, words)
            if not outcome.receipts:
                messages.info(request, _("Cette feuille est déjà notée."))
            return redirect("sheet-type-in", asked.name)
        refused(typed, outcome.refused)
    return _page(request, asked, typed)


def _asked_day(request):
    try:
        return parse_date(request.GET.get("day", ""))
    except ValueError:
        return None


def _page(request, sheet: Sheet, typed: Typed):
    context = PAGE | {
        "sheet": sheet,
        "typed": typed,
        "problems": typed.problems,
        "today": today(request.site),
    }
    return render(request, "sheets/type_in.html", context, status=REFUSED if typed.problems else 200)
