from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sites.people.queries import ever_worked_at
from sites.records.forms import MAX_TEXT, FreeText, RecordForm
from sites.shifts.terms import COUNTED

MANY = 9999


class RemarkForm(RecordForm):
    remark = forms.UUIDField()
    text = FreeText(max_length=MAX_TEXT, label=_("À dire au prochain quart, sans nommer personne"))


class RemarkSettledForm(RecordForm):
    remark = forms.UUIDField()


class SignedForm(RecordForm):
    """`taken_by` is the code of who takes the shift; the rest is how much was open."""

    taken_by = forms.CharField(max_length=40, label=_("Qui prend le quart"))
    people = forms.IntegerField(min_value=0, max_value=MANY, label=COUNTED["people"])
    events = forms.IntegerField(min_value=0, max_value=MANY, label=COUNTED["events"])
    incidents = forms.IntegerField(min_value=0, max_value=MANY, label=COUNTED["incidents"])
    left = forms.IntegerField(min_value=0, max_value=MANY, label=COUNTED["left"])
    stock = forms.IntegerField(min_value=0, max_value=MANY, label=COUNTED["stock"])
    tablets = forms.IntegerField(min_value=0, max_value=MANY, label=COUNTED["tablets"])
    remarks = forms.IntegerField(min_value=0, max_value=MANY, label=COUNTED["remarks"])

    def clean_taken_by(self):
        code = self.cleaned_data["taken_by"]
        if not ever_worked_at(self.site, code):
            raise ValidationError(_("Cette personne n’est pas du site."), code="unknown")
        return code
