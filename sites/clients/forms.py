from django import forms

from sites.people.terms import Language
from sites.records.forms import RecordForm, SerialNo
from sites.records.handles import MAX_HANDLE


class AgreedForm(RecordForm):
    handle = forms.CharField(max_length=MAX_HANDLE)
    version = SerialNo(max_length=20)
    language = forms.ChoiceField(choices=[("fr", "fr"), ("en", "en"), ("other", "other"), *Language.choices])
