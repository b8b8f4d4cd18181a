"""The statutory return: one page a month, made by a named manager and handed over in writing."""

import hashlib
from datetime import date

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.returns.files import csv_file, xlsx_file
from sites.returns.forms import HandOverForm
from sites.returns.layout import SECTIONS
from sites.returns.models import StatutoryReturn
from sites.returns.queries import months_to_return, newest_return
from sites.returns.services import hand_over, is_over, make_return, narrowed
from sites.trail.services import note

PAGE = {"page": "reports"}
FILES = {
    "csv": (csv_file, "text/csv; charset=utf-8"),
    "xlsx": (xlsx_file, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@require_safe
@staff_may(Permission.STATUTORY_RETURN)
def returns(request):
    months = [(month, made, is_over(request.site, month)) for month, made in months_to_return(request.site)]
    return render(request, "returns/list.html", PAGE | {"months": months})


@require_safe
@staff_may(Permission.STATUTORY_RETURN)
def month_return(request, month):
    """One month: its newest return on one page, or that it has none yet."""
    asked = _month_or_404(month)
    made = newest_return(request.site, asked, _version(request))
    if made is None and "version" in request.GET:
        raise Http404
    context = {"month": asked, "made": made, "over": is_over(request.site, asked)}
    if made is not None:
        _note(request, "return read", made)
        context |= {"sections": _sections(made), "changes": _changes(request, made)}
    return render(request, "returns/month.html", PAGE | context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(Permission.STATUTORY_RETURN)
@reauthentication_required
def make(request, month):
    """Count the month and keep it under the name of who asked, once they have proved who they are."""
    asked = _month_or_404(month)
    if not is_over(request.site, asked):
        raise Http404
    if request.method != "POST":
        return render(request, "returns/make.html", PAGE | {"month": asked})
    before = newest_return(request.site, asked)
    made = make_return(request.site, asked, by=request.user)
    if before is not None and before.version == made.version:
        messages.info(request, _("Rien n’a changé depuis la version %(n)s.") % {"n": made.version})
    return redirect("month-return", month=month)


@require_POST
@staff_may(Permission.STATUTORY_RETURN)
def printed(request, month):
    made = _made_or_404(request, month)
    _note(request, "return printed", made)
    return redirect("month-return", month=month)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(Permission.STATUTORY_RETURN)
@reauthentication_required
def give(request, month):
    """Hand the newest return over: the file comes once the log of communications says so."""
    made = _made_or_404(request, month)
    form = HandOverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        build, content_type = FILES[typed["file_format"]]
        body = build(made)
        hand_over(
            made, authority=typed["authority"], basis=typed["basis"], why=typed["why"],
            file_sha256=hashlib.sha256(body).hexdigest(), by=request.user,
        )  # fmt: skip
        name = f"{request.site.code}-{month}-v{made.version}.{typed['file_format']}"
        return HttpResponse(
            body,
            content_type=content_type,
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
        )
    context = {"form": form, "made": made, "month": made.month, "narrow": narrowed(made)}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "returns/give.html", PAGE | context, status=status)


def _sections(made: StatutoryReturn) -> list[tuple[str, list[tuple[str, int | None]]]]:
    english = (get_language() or "fr").startswith("en")
    label = "label_en" if english else "label_fr"
    return [
        (names[english], [(row[label], row["value"]) for row in made.rows if row["section"] == section])
        for section, names in SECTIONS.items()
    ]


def _changes(request, made: StatutoryReturn) -> list[tuple[str, int | None, int | None]]:
    """(label, old, new) of the lines that differ from the version before."""
    before = newest_return(request.site, made.month, made.version - 1)
    if before is None:
        return []
    label = "label_en" if (get_language() or "fr").startswith("en") else "label_fr"
    old = {(row["section"], row["code"]): row["value"] for row in before.rows}
    return [
        (row[label], old.get((row["section"], row["code"])), row["value"])
        for row in made.rows
        if old.get((row["section"], row["code"])) != row["value"]
    ]


def _month_or_404(text: str) -> date:
    try:
        found = parse_date(f"{text}-01")
    except ValueError:
        found = None
    if found is None or found.year < 2000 or f"{found:%Y-%m}" != text:
        raise Http404
    return found


def _made_or_404(request, month: str) -> StatutoryReturn:
    made = newest_return(request.site, _month_or_404(month))
    if made is None:
        raise Http404
    return made


def _version(request) -> int | None:
    given = request.GET.get("version")
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 5):
        raise Http404
    return int(given)


def _note(request, action: str, made: StatutoryReturn) -> None:
    about = f"{made.month:%Y-%m} v{made.version}"
    note(action, actor=request.user.code, site_id=made.site_id, about="return", about_id=about)
