from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from sites.codes.models import CodeValue
from sites.codes.queries import in_force, values
from sites.records.forms import CodeField, CodesField, Flag, RecordForm
from sites.records.handles import MAX_HANDLE


class ArrivedForm(RecordForm):
    visit = forms.UUIDField()
    handle = forms.CharField(required=False, max_length=MAX_HANDLE, strip=True)
    gender = CodeField("gender", required=False)
    age_band = CodeField("age_band", required=False)


class DeclaredForm(RecordForm):
    visit = forms.UUIDField()
    substances = CodesField("substances")
    route = CodeField("route")


class AssessedForm(DeclaredForm):
    help_needed = CodeField("help", required=False)
    tolerance_break = Flag()


class SeatedForm(RecordForm):
    visit = forms.UUIDField()
    booth = forms.CharField(max_length=8)


class ConsumptionForm(DeclaredForm):
    """What was used, as the person says it: declared, neither checked nor believed."""

    split_shared = Flag()
    peer_assisted = Flag()


class VisitForm(RecordForm):
    visit = forms.UUIDField()


class ClosedForm(VisitForm):
    discharge_to = CodeField("discharge_to")


class LeftForm(VisitForm):
    reason = CodeField("left_reason")


class TurnAwayForm(RecordForm):
    reason = CodeField("turnaway_reason")
    count = forms.IntegerField(min_value=1, max_value=500, label=_("Combien de personnes?"))


def chips(day: date, *lists: str) -> dict[str, dict[str, list[CodeValue]]]:
    """What may be chosen on a day: list → {"common": first to hand, "rest": under « Autre… »}."""
    found = {}
    for name in lists:
        offered = [value for value in values(name).values() if in_force(value, day)]
        common = [value for value in offered if value.common]
        found[name] = {"common": common, "rest": [value for value in offered if not value.common]}
    return found
