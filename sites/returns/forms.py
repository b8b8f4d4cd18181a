from django import forms
from django.utils.translation import gettext_lazy as _

from sites.places.forms import SetUp

FORMATS = {"xlsx": _("classeur XLSX"), "csv": _("CSV (virgules)")}


class HandOverForm(SetUp, forms.Form):
    """To which authority the return goes, by what right, and why now."""

    authority = forms.CharField(
        label=_("Pour qui"), max_length=120, help_text=_("L’autorité, comme Santé Canada ou la DRSP.")
    )
    basis = forms.CharField(
        label=_("Fondement"), max_length=200, help_text=_("La loi, l’exemption ou le mandat, avec sa date.")
    )
    why = forms.CharField(
        label=_("Pourquoi maintenant"),
        max_length=200,
        help_text=_("Écrit au registre des communications avec votre code, la date et l’empreinte."),
    )
    file_format = forms.ChoiceField(label=_("Format"), choices=list(FORMATS.items()))
    known = forms.BooleanField(label=_("J’ai lu ce que ce rapport précise de ce qui est déjà publié."))
