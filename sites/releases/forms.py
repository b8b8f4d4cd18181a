"""What is asked about figures of others, and about the next plan."""

from dataclasses import dataclass

from crispy_forms.layout import Layout
from django import forms
from django.utils.formats import localize
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sites.places.forms import SetUp
from sites.places.models import Region, Site
from sites.releases.external import Told
from sites.releases.models import ExternalFigure
from sites.releases.newyear import unit_days
from sites.releases.plan_page import FINEST, NONE, Row, estimates, proposal, rows_proposed
from sites.releases.planning import Means, Proposed, TooSmall
from sites.releases.released import RELEASED, Released
from sites.releases.terms import Grain


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


@dataclass(frozen=True)
class Asked:
    """One indicator of the form: its two fields, and what they make of it."""

    released: Released
    estimate: forms.BoundField
    grain: forms.BoundField
    row: Row | None

    @property
    def name(self) -> str:
        return name_of(self.released)

    @property
    def unit(self) -> str:
        days = unit_days(self.released)
        if days == 1:
            return _("par jour")
        return _("par semaine") if days == 7 else _("par mois")


def starting(known: dict[str, Means]) -> dict[str, str]:
    """What the form says before anyone typed: the same indicators again, as finely as they allow."""
    expected = estimates(known)
    same = {one.code for one in RELEASED if (one.code in known if known else one.by_default)}
    return {f"estimate_{code}": localize(value) for code, value in expected.items()} | {
        f"grain_{one.code}": FINEST if one.code in same else NONE for one in RELEASED
    }


class PlanForm(forms.Form):
    """The next plan: what to expect of each indicator, and how finely to publish it."""

    def __init__(self, data=None, *, known: dict[str, Means]):
        self.known, self.made = known, {}
        super().__init__(starting(known) if data is None else data)
        for one in RELEASED:
            self.fields[f"estimate_{one.code}"] = forms.FloatField(
                label=name_of(one), min_value=0, max_value=100_000, localize=True
            )
            grains = [(grain, Grain(grain).label) for grain in one.lengths]
            self.fields[f"grain_{one.code}"] = forms.ChoiceField(
                label=name_of(one),
                choices=[(FINEST, _("le plus fin possible")), *grains, (NONE, _("ne pas publier"))],
            )

    def clean(self):
        data = super().clean()
        for one in RELEASED:
            estimate, grain = data.get(f"estimate_{one.code}"), data.get(f"grain_{one.code}")
            if estimate is not None and grain and grain != NONE:
                self._propose(one, estimate, grain)
        if not self.errors and not self.proposed:
            raise forms.ValidationError(_("Aucun indicateur ne serait publié."), code="empty")
        return data

    def _propose(self, one: Released, estimate: float, grain: str) -> None:
        try:
            self.made[one.code] = proposal(one, estimate, grain, self.known.get(one.code))
        except TooSmall as why:
            self.add_error(f"grain_{one.code}", forms.ValidationError(str(why), code="small"))

    @property
    def proposed(self) -> list[Proposed]:
        """What would be published, in plan order."""
        return [one for one in self.made.values() if one.grain]

    def asked(self) -> list[Asked]:
        rows = {row.released.code: row for row in rows_proposed(self.made.values())}
        return [
            Asked(one, self[f"estimate_{one.code}"], self[f"grain_{one.code}"], rows.get(one.code))
            for one in RELEASED
        ]
