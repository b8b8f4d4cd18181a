"""What is asked about figures of others, and about the next plan."""

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sites.places.forms import SetUp
from sites.places.models import Region, Site
from sites.releases.external import Told
from sites.releases.models import ExternalFigure
from sites.releases.released import RELEASED, Released


def name_of(released: Released) -> str:
    """What an indicator is called in the language in force."""
    english = (get_language() or "fr").startswith("en")
    return released.told.label_en if english else released.told.label_fr


class FigureOfOthersForm(SetUp, forms.ModelForm):
    """A figure that someone else publishes, or that was returned to an authority."""

    indicator = forms.ChoiceField(label=_("Indicateur"))

    class Meta:
        model = ExternalFigure
        fields = [
            "publisher", "source", "site", "region", "indicator", "period_start", "period_end", "clock",
            "lower", "upper",
        ]  # fmt: skip
        widgets = dict.fromkeys(
            ("period_start", "period_end"), forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        )
        help_texts = {
            "source": _("L’adresse ou le document."),
            "site": _("Laisser vide pour une région, ou pour toutes."),
            "upper": _("Le même nombre que le précédent quand le chiffre est exact."),
        }

    def __init__(self, *args, sites: list[Site], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["indicator"].choices = [(one.code, name_of(one)) for one in RELEASED]
        self.fields["site"].queryset = Site.objects.filter(pk__in=[site.pk for site in sites])
        self.fields["region"].queryset = Region.objects.order_by("code")

    def layout(self) -> Layout:
        return Layout(*self.fields)

    def told(self) -> Told:
        data = self.cleaned_data
        return Told(
            publisher=data["publisher"], source=data["source"], site=data["site"], region=data["region"],
            indicator=data["indicator"], period=(data["period_start"], data["period_end"]),
            clock=data["clock"], lower=data["lower"], upper=data["upper"],
        )  # fmt: skip
