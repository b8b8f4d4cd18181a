"""What is asked about a confidentiality incident, in the order of the regulation."""

from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sites.places.forms import SetUp
from sites.places.models import Site
from sites.places.queries import today
from sites.registers.incidents import FIELDS
from sites.registers.models import ConfidentialityIncident
from sites.registers.terms import Consequence, Likelihood, Sensitivity

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
DATES = ["occurred_from", "occurred_until", "discovered_on", "officer_consulted_on", "commission_told_on",
         "minister_told_on", "persons_told_on", "public_notice_on"]  # fmt: skip
TEXTS = ["information", "circumstances", "cause", "risk", "measures", "measures_coming"]
NOTICES = ["commission_told_on", "minister_told_on", "persons_told_on", "public_notice_on"]
UNSAID = [("", _("pas encore évalué"))]


class IncidentForm(SetUp, forms.ModelForm):
    """The eight items; most may wait for an amendment. `was`: the statement that is amended, if any."""

    sensitivity = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    likelihood = forms.ChoiceField(required=False, widget=forms.RadioSelect)
    consequences = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, choices=Consequence.choices
    )
    serious = forms.TypedChoiceField(
        required=False,
        widget=forms.RadioSelect,
        choices=[
            *UNSAID,
            ("yes", _("Oui : aviser la Commission et les personnes, avec diligence.")),
            ("no", _("Non : l’inscription au registre suffit.")),
        ],
        coerce=lambda answer: {"yes": True, "no": False}.get(answer),
        empty_value=None,
    )
    read = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = ConfidentialityIncident
        fields = [*FIELDS, "why"]
        widgets = dict.fromkeys(DATES, DATE) | {name: forms.Textarea(attrs={"rows": 3}) for name in TEXTS}
        help_texts = {
            "information": _("Quels renseignements, sous quelle forme. Si on ne le sait pas, dire pourquoi."),
            "circumstances": _("Les faits, sans nommer ni décrire personne."),
            "occurred_until": _("Vide : un seul jour, ou on ne le sait pas."),
            "persons": _("Vide si on ne le sait pas : l’approximation suffit."),
            "risk": _(
                "Le caractère sensible, les usages possibles, les conséquences, la probabilité : "
                "ce qui a compté, même pour conclure non."
            ),
            "persons_told_how": _("On peut attendre si aviser nuirait à une enquête."),
            "measures": _("Ce qui a été fait pour diminuer le risque : clés changées, copie retrouvée…"),
            "measures_coming": _("Pour que cela n’arrive plus, avec une date."),
            "why": _("Ce qui a été appris ou fait depuis. L’inscription d’avant reste lisible."),
        }

    def __init__(self, *args, site: Site, was: ConfidentialityIncident | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.site, self.was = site, was
        self.fields["sensitivity"].choices = UNSAID + Sensitivity.choices
        self.fields["likelihood"].choices = UNSAID + Likelihood.choices
        for name in ("sensitivity", "likelihood", "consequences", "serious"):
            self.fields[name].label = ConfidentialityIncident._meta.get_field(name).verbose_name
        if was is None:
            del self.fields["why"], self.fields["read"]
            self.initial["discovered_on"] = today(site)
        else:
            self.fields["why"].required = True
            self.fields["read"].initial = was.version
            serious = {None: "", True: "yes", False: "no"}[was.serious]
            self.initial |= {name: getattr(was, name) for name in FIELDS} | {"serious": serious}

    def layout(self) -> Layout:
        parts: list = ["why", "read"] if self.was else []
        return Layout(
            *parts,
            Fieldset(_("Ce qui s’est passé"), "information", "circumstances", "cause"),
            Fieldset(
                _("Quand, et qui est touché"),
                _pair("occurred_from", "occurred_until"), "occurred_words", "discovered_on",
                _pair("persons", "persons_in_quebec"), "persons_words",
            ),
            Fieldset(
                _("Le risque de préjudice sérieux"),
                HTML('<p class="hint">{{ guide }}</p>'),
                "sensitivity", "consequences", "likelihood", "officer_consulted_on", "risk", "serious",
            ),
            Fieldset(
                _("Qui a été avisé"),
                _pair("commission_told_on", "minister_told_on"), "persons_told_on", "persons_told_how",
                "public_notice_on", "public_notice_why", "others_told",
            ),
            Fieldset(_("Ce qui a été fait"), "measures", "measures_coming"),
        )  # fmt: skip

    def clean(self):
        data = super().clean()
        self._check_dates(data)
        self._check_conclusion(data)
        if data.get("public_notice_on") and not data.get("public_notice_why"):
            self._needs("public_notice_why")
        persons, here = data.get("persons"), data.get("persons_in_quebec")
        if here is not None and (persons is None or here > persons):
            self.add_error("persons_in_quebec", ValidationError(_("Pas plus que toutes."), code="range"))
        if self.was and not self.errors and all(data[name] == getattr(self.was, name) for name in FIELDS):
            raise ValidationError(_("Rien n’a changé."), code="same")
        return data

    def _check_dates(self, data: dict) -> None:
        day, known = today(self.site), data.get("discovered_on")
        for name in DATES:
            if data.get(name) and data[name] > day:
                self.add_error(name, ValidationError(_("Ce jour n’est pas encore venu."), code="range"))
        first, last = data.get("occurred_from"), data.get("occurred_until")
        if last and (first is None or last < first):
            self.add_error("occurred_until", ValidationError(_("La fin vient après le début."), code="range"))
        for name in ("occurred_from", "occurred_until"):
            if known and data.get(name) and data[name] > known:
                self.add_error(name, ValidationError(_("Avant le jour où on l’a su."), code="range"))
        for name in NOTICES:
            if known and data.get(name) and data[name] < known:
                self.add_error(name, ValidationError(_("Après le jour où on l’a su."), code="range"))

    def _check_conclusion(self, data: dict) -> None:
        """Who concludes has looked at what the law wants looked at, and has asked whom it wants asked."""
        if data.get("serious") is None:
            return
        for name in ("sensitivity", "likelihood", "risk", "officer_consulted_on"):
            if not data.get(name) and name not in self.errors:
                self._needs(name)
        if data["serious"] and not data.get("consequences"):
            self._needs("consequences")

    def _needs(self, name: str) -> None:
        self.add_error(name, ValidationError(_("Il manque une réponse."), code="required"))


def _pair(one: str, other: str) -> Div:
    return Div(one, other, css_class="opening")
