"""What is asked of a warning, of a message about a signal, and of a site's own threshold."""

import re
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sites.places.forms import SetUp
from sites.places.models import Site
from sites.places.queries import today
from sites.recipients.models import Recipient
from sites.recipients.terms import Kind
from sites.signals.models import SignalMessage, SupplyWarning

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
LONGEST_DAYS, USUAL_DAYS = 60, 14
DATES = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2} ?[h:] ?\d{2}\b")
SMALL = re.compile(
    r"(?<![\d.,-])\d(?![\d.,-]*\d)|\b(?:deux|trois|quatre|cinq|six|sept|huit|neuf|two|three|four|five|seven|eight|nine)\b",
    re.IGNORECASE,
)


def small_counts(text: str) -> list[str]:
    """Numbers under ten in a text, in figures or in words; dates and times are none."""
    return SMALL.findall(DATES.sub(" ", text))


class WarningForm(SetUp, forms.ModelForm):
    everywhere = forms.BooleanField(
        label=_("Tous les sites de l’organisme"),
        required=False,
        help_text=_("Sans cela : ce site seulement."),
    )

    class Meta:
        model = SupplyWarning
        fields = ["text_fr", "text_en", "ends_on"]
        widgets = {
            "text_fr": forms.Textarea(attrs={"rows": 3}),
            "text_en": forms.Textarea(attrs={"rows": 3}),
            "ends_on": DATE,
        }
        help_texts = {
            "text_fr": _("Ce qui circule, ce qu’on voit, quoi faire. Personne n’y est reconnaissable."),
            "ends_on": _("Le dernier jour où l’alerte se voit; 60 jours au plus."),
        }

    def __init__(self, *args, site: Site, **kwargs):
        super().__init__(*args, **kwargs)
        self.site = site
        self.fields["ends_on"].initial = today(site) + timedelta(days=USUAL_DAYS)

    def clean_ends_on(self):
        ends, first = self.cleaned_data["ends_on"], today(self.site)
        if not first <= ends <= first + timedelta(days=LONGEST_DAYS):
            raise ValidationError(_("D’aujourd’hui à dans 60 jours."), code="span")
        return ends


class ThresholdForm(SetUp, forms.Form):
    threshold = forms.IntegerField(
        label=_("Signaler au-delà de (surdoses présumées en 24 heures)"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=_("Vide : 4, ou ce que 95 % des 90 derniers jours n’ont pas dépassé."),
    )


class MessageForm(SetUp, forms.ModelForm):
    """What a manager sends to the regional team: words, no count under ten."""

    recipient = forms.ModelChoiceField(label=_("Destinataire"), queryset=Recipient.objects.none())
    anyway = forms.BooleanField(
        label=_("Envoyer même si des chiffres déjà publiés en deviennent plus précis"), required=False
    )

    class Meta:
        model = SignalMessage
        fields = ["to_person", "from_person", "text_fr", "text_en"]
        widgets = {
            "text_fr": forms.Textarea(attrs={"rows": 6}),
            "text_en": forms.Textarea(attrs={"rows": 6}),
        }
        help_texts = {
            "to_person": _("Le nom ou la fonction de qui reçoit ce message."),
            "text_fr": _("Aucun nombre plus petit que 10, aucun détail qui désigne quelqu’un."),
        }

    field_order = ["recipient", "to_person", "from_person", "text_fr", "text_en", "anyway"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        active = Recipient.objects.filter(kind=Kind.PUBLIC_HEALTH, revoked_at=None)
        self.fields["recipient"].queryset = active

    def _without_small_counts(self, name: str) -> str:
        text = self.cleaned_data[name]
        if found := small_counts(text):
            message = _("Aucun nombre plus petit que 10 : %(found)s.")
            raise ValidationError(message, code="small", params={"found": ", ".join(found)})
        return text

    def clean_text_fr(self):
        return self._without_small_counts("text_fr")

    def clean_text_en(self):
        return self._without_small_counts("text_en")
