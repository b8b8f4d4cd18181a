"""Remarks and hand-overs, folded from their records."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from sites.records.errors import Conflict
from sites.records.stories import Fact, Telling
from sites.shifts.models import HandOver, Remark
from sites.shifts.terms import COUNTED

SAID, SETTLED = "shift.remark", "shift.settled"


def check_remark(fact: Fact, known: list[Telling]) -> None:
    """It is said once; a remark settled twice is settled."""
    if fact.telling and fact.telling.kind == SAID and any(told.kind == SAID for told in known):
        raise Conflict("exists", _("Cette remarque est déjà notée."), "remark")


def refresh_remark(fact: Fact, tellings: list[Telling]) -> Iterable[date]:
    Remark.objects.at(fact.site).filter(ref=fact.subject).delete()
    said = next((told for told in tellings if told.kind == SAID), None)
    if said:
        settled = next((told for told in tellings if told.kind == SETTLED), None)
        Remark.objects.create(
            site_id=fact.site.pk,
            ref=fact.subject,
            at=said.occurred_at,
            by=said.by,
            text=said.data["text"],
            settled_at=settled.occurred_at if settled else None,
            settled_by=settled.by if settled else "",
        )
    return ()


def refresh_hand_over(fact: Fact, tellings: list[Telling]) -> Iterable[date]:
    HandOver.objects.at(fact.site).filter(record_id=fact.subject).delete()
    for told in tellings:
        HandOver.objects.create(
            site_id=fact.site.pk,
            record_id=told.record_id,
            at=told.occurred_at,
            given_by=told.by,
            taken_by=told.data["taken_by"],
            counts={name: told.data[name] for name in COUNTED},
        )
    return ()
