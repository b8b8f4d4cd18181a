from django.contrib import messages
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sites.people.access import looked, staff_may
from sites.people.terms import Permission
from sites.records.compare import rival_of, rows_of
from sites.records.envelopes import as_uuid
from sites.records.pages import new_id
from sites.records.stories import VOIDED
from sites.records.together import write
from sites.records.views import back_to, kept_record, settle_record
from sites.records.words import CHOSEN_AGAINST


@require_safe
@staff_may(Permission.REVIEW)
def compare(request, record_id):
    """What counts (A) and what was kept aside (B), side by side."""
    record = kept_record(request, record_id)
    looked(request, "record", record_id)
    first = rival_of(record)
    context = {
        "page": "review",
        "record": record,
        "first": first,
        "rows": rows_of(request.site, first, record) if first else [],
    }
    return render(request, "records/compare.html", context)


@require_POST
@staff_may(Permission.REVIEW)
def instead(request, record_id):
    """B counts instead of A: A is voided with the reason, B written, or neither."""
    record = kept_record(request, record_id)
    first = rival_of(record)
    rows = [(as_uuid(request.POST.get("record_id")) or new_id(), record.kind, record.data)]
    if first:
        void = {"target": str(first.record_id), "reason": CHOSEN_AGAINST}
        rows.insert(0, (new_id(), VOIDED, void))
    outcome = write(request, rows, record.occurred_at)
    if outcome.problems:
        why = "; ".join(message for _name, message in outcome.problems)
        messages.error(request, _("Toujours refusé : %(why)s") % {"why": why})
    else:
        settle_record(request, record, "record.taken_instead")
        messages.info(request, _("B compte maintenant; A est annulée.") if first else _("Reprise."))
    return back_to(request, "/review/")
