"""The log of communications: everything that left, when, to whom, why and by whom (domain.md §4.3)."""

from allauth.account.decorators import reauthentication_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sites.people.access import staff_may
from sites.people.downloads import csv_download
from sites.people.terms import Permission
from sites.recipients.forms import LogFilter
from sites.recipients.models import Disclosure
from sites.trail.services import note

A_PAGE = 50
COLUMNS = ("at", "recipient", "what", "sha256", "purpose", "why", "basis", "by", "way")


@require_safe
@staff_may(Permission.READ_REGISTERS, site=False)
def disclosures(request):
    form = LogFilter(request.GET)
    pages = Paginator(asked(form), A_PAGE)
    note("disclosures read", actor=request.user.code)
    asked_for = request.GET.copy()
    asked_for.pop("page", None)
    context = {
        "page": "releases",
        "form": form,
        "lines": pages.get_page(request.GET.get("page")),
        "query": asked_for.urlencode(),
    }
    return render(request, "recipients/disclosures.html", context)


def asked(form: LogFilter) -> QuerySet[Disclosure]:
    """The lines a filter asks for; what could not be read of it leaves none out."""
    form.is_valid()
    wanted, lines = form.cleaned_data, Disclosure.objects.all()
    if recipient := wanted.get("recipient"):
        lines = lines.filter(recipient_ref=recipient.pk)
    if first := wanted.get("first"):
        lines = lines.filter(at__date__gte=first)
    if last := wanted.get("last"):
        lines = lines.filter(at__date__lte=last)
    if way := wanted.get("way"):
        lines = lines.filter(way=way)
    return lines


@require_safe
@staff_may(Permission.READ_REGISTERS, site=False)
@reauthentication_required
def disclosures_csv(request):
    """The same lines as a file for the register: it stays inside."""
    note("disclosures exported", actor=request.user.code)
    lines = asked(LogFilter(request.GET)).values_list(*COLUMNS).iterator()
    return csv_download(_("registre-des-communications"), COLUMNS, lines)
