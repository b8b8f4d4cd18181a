"""« À confirmer »: who wrote what came without a name, or under one that was not proven."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from sites.people.access import staff_may
from sites.people.queries import team
from sites.people.terms import Permission
from sites.places.queries import local
from sites.records.authorship import NOBODY, confirm
from sites.records.envelopes import as_uuid
from sites.records.history import lines_of
from sites.records.models import Record
from sites.records.pages import new_id, tapped_at
from sites.records.queries import mine_to_confirm, to_confirm
from sites.records.stories import VOIDED
from sites.records.together import write
from sites.records.words import NOT_OURS

MINE, COLLEAGUE, NOT_US = "mine", "colleague", "not_us"


def _mine(request):
    """What this person may answer for."""
    if request.user.may(Permission.REVIEW):
        return to_confirm(request.site)
    return mine_to_confirm(request.site, request.user)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(Permission.RECORD_OVERDOSE)
def to_be_confirmed(request):
    if request.method == "POST":
        ids = [ref for ref in map(as_uuid, request.POST.getlist("record")) if ref]
        _answer(request, list(_mine(request).filter(record_id__in=ids)))
        return redirect("confirm")
    context = {
        "page": "confirm",
        "days": _by_day(request),
        "colleagues": [posting.staff for posting in team(request.site) if posting.until is None],
        "may_answer_for_others": request.user.may(Permission.REVIEW),
    }
    return render(request, "records/confirm.html", context)


def _by_day(request) -> list[tuple]:
    days: dict = {}
    for line in lines_of(_mine(request)):
        days.setdefault(local(request.site, line.record.occurred_at).date(), []).append(line)
    return list(days.items())


def _answer(request, records: list[Record]) -> None:
    """What the pressed button says of the ticked records."""
    said, ids = request.POST.get("said"), [record.record_id for record in records]
    if said == MINE:
        return _told(request, confirm(request.site, ids, author=request.user.code, by=request.user))
    if not request.user.may(Permission.REVIEW):
        raise PermissionDenied
    if said == COLLEAGUE:
        here = {posting.staff.code for posting in team(request.site) if posting.until is None}
        code = request.POST.get("author", "")
        if code in here:
            return _told(request, confirm(request.site, ids, author=code, by=request.user))
        return messages.error(request, _("Choisir qui."))
    if said == NOT_US:
        return _not_ours(request, records)
    return None


def _not_ours(request, records: list[Record]) -> None:
    """Withdrawn, last first, so that nothing is left without its beginning; the trace stays."""
    at, done = tapped_at(request), 0
    for record in sorted(records, key=lambda r: (r.occurred_at, r.seq), reverse=True):
        row = (new_id(), VOIDED, {"target": str(record.record_id), "reason": NOT_OURS})
        outcome = write(request, [row], at)
        if outcome.problems:
            messages.error(request, outcome.problems[0][1])
        else:
            done += confirm(request.site, [record.record_id], author=NOBODY, by=request.user)
    _told(request, done)


def _told(request, count: int) -> None:
    if count:
        text = ngettext("%(count)s saisie confirmée.", "%(count)s saisies confirmées.", count)
        messages.info(request, text % {"count": count})
