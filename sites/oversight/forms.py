from django import forms
from django.utils.translation import gettext_lazy as _


class PeriodForm(forms.Form):
    """Which days to look at; what cannot be read leaves the last ones."""

    first = forms.DateField(label=_("Du"), widget=forms.DateInput({"type": "date"}), required=False)
    last = forms.DateField(label=_("Au"), widget=forms.DateInput({"type": "date"}), required=False)


class TrailFilter(PeriodForm):
    actor = forms.CharField(label=_("Qui (code)"), max_length=80, required=False)
    action = forms.CharField(label=_("Acte"), max_length=60, required=False)
