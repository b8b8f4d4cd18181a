from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sites.codes.queries import values
from sites.records.forms import CodeField, LinesField, RecordForm
from sites.supplies.terms import BIN, BY_BIN, BY_WEIGHT, SYRINGES, USED, default_method

MOST = 100_000


class GivenLine(RecordForm):
    item = CodeField("supply", label=_("Article"))
    quantity = forms.IntegerField(min_value=1, max_value=MOST, label=_("Nombre"))

    def clean_item(self):
        item = self.cleaned_data["item"]
        if values("supply")[item].group == USED:
            raise ValidationError(_("Cet article se rapporte; il ne se remet pas."), code="used")
        return item


class BackLine(RecordForm):
    """What comes back: pieces, grams or full containers, as `method` says."""

    item = CodeField("supply", label=_("Article"))
    quantity = forms.IntegerField(min_value=1, max_value=MOST, label=_("Nombre"))
    method = CodeField("return_method", label=_("Façon de compter"), required=False)

    def clean(self):
        data = super().clean() or self.cleaned_data
        if "item" not in data or "method" not in data:
            return data
        group = values("supply")[data["item"]].group
        method = data["method"] or default_method(group)
        if (method == BY_BIN) != (group == BIN) or (method == BY_WEIGHT and group not in SYRINGES):
            self.add_error("method", ValidationError(_("Cet article ne se compte pas ainsi."), code="method"))
        return data


class GivenForm(RecordForm):
    lines = LinesField(GivenLine, label=_("Remis"))
    for_whom = CodeField("for_whom", required=False, label=_("Pour qui"))
    location_kind = CodeField("location_kind", required=False, label=_("Où"))
    partner = CodeField("partner", required=False, label=_("Partenaire"))
    people = forms.IntegerField(
        required=False, min_value=1, max_value=MOST, label=_("Personnes rejointes, environ")
    )
    visit = forms.UUIDField(required=False)


class ReturnedForm(RecordForm):
    lines = LinesField(BackLine, label=_("Rapporté"))
    location_kind = CodeField("location_kind", required=False, label=_("Où"))
    partner = CodeField("partner", required=False, label=_("Partenaire"))
    visit = forms.UUIDField(required=False)


class PickupForm(RecordForm):
    lines = LinesField(BackLine, label=_("Ramassé"))
    area = CodeField("area", required=False, label=_("Secteur"))
