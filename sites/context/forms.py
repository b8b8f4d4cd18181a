from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sites.context.models import ContextEvent
from sites.places.forms import SetUp
from sites.places.models import Site
from sites.places.queries import today

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
YEARS_BACK, DAYS_AHEAD = 10, 366


class ContextForm(SetUp, forms.ModelForm):
    class Meta:
        model = ContextEvent
        fields = ["kind", "first", "last", "words", "place", "source"]
        widgets = {"first": DATE, "last": DATE}
        help_texts = {
            "last": _("Vide : un seul jour."),
            "words": _("Ce qui s’est passé, sans personne ni adresse."),
            "place": _("Un arrondissement ou un quartier, jamais plus fin."),
            "source": _("Un communiqué, un journal, un avis, avec sa date."),
        }

    def __init__(self, *args, site: Site, **kwargs):
        super().__init__(*args, **kwargs)
        self.site = site

    def clean_first(self):
        first, day = self.cleaned_data["first"], today(self.site)
        if not day - timedelta(days=366 * YEARS_BACK) <= first <= day + timedelta(days=DAYS_AHEAD):
            raise ValidationError(_("Un jour des dix dernières années ou de la prochaine."), code="span")
        return first

    def clean(self):
        data = super().clean()
        first, last = data.get("first"), data.get("last")
        if first and last and not first <= last <= first + timedelta(days=366):
            self.add_error("last", ValidationError(_("La fin vient après le début, d’un an au plus.")))
        return data
