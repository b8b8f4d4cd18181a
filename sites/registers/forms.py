"""What is asked about authorisations, their conditions, and training."""

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sites.people.models import Staff
from sites.people.roles import BY_CODE
from sites.places.forms import SetUp
from sites.places.models import Site
from sites.places.queries import today
from sites.registers.authorisations import months_after
from sites.registers.incident_forms import DATE
from sites.registers.models import Authorisation, Condition, ConditionCheck, CourseRule
from sites.registers.terms import Course
from sites.registers.training import may_be_trained, rules, working

LONGEST_MONTHS = 120


class AuthorisationForm(SetUp, forms.ModelForm):
    class Meta:
        model = Authorisation
        fields = ["kind", "number", "issuer", "starts_on", "ends_on", "kept_where", "withdrawn_on"]
        widgets = {"starts_on": DATE, "ends_on": DATE, "withdrawn_on": DATE}
        help_texts = {
            "ends_on": _(
                "Vide : sans fin. Le rappel vient 90, 30 et 7 jours avant; plus tôt pour la province."
            ),
            "kept_where": _("Le classeur ou le dossier où on le retrouve."),
            "withdrawn_on": _("Retirée, remplacée ou rendue avant sa fin; vide autrement."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            del self.fields["withdrawn_on"]

    def layout(self) -> Layout:
        return Layout(*self.fields)

    def clean(self):
        data = super().clean()
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", ValidationError(_("La fin vient après le début."), code="range"))
        return data


class ConditionForm(SetUp, forms.ModelForm):
    class Meta:
        model = Condition
        fields = ["words", "role", "rhythm"]
        widgets = {"words": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"words": _("Comme le document la dit.")}

    def layout(self) -> Layout:
        return Layout(*self.fields)


class CheckForm(SetUp, forms.ModelForm):
    kept = forms.TypedChoiceField(
        label=_("Cette condition"),
        choices=[("yes", _("est respectée")), ("no", _("n’est pas respectée : à revoir bientôt"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = ConditionCheck
        fields = ["on", "kept", "evidence"]
        widgets = {"on": DATE, "evidence": forms.Textarea(attrs={"rows": 2})}
        help_texts = {"evidence": _("Ce qui a été regardé, et où; sans nommer personne.")}

    def __init__(self, *args, condition: Condition, **kwargs):
        super().__init__(*args, **kwargs)
        self.condition = condition
        self.initial["on"] = today(condition.site)

    def layout(self) -> Layout:
        return Layout(*self.fields)

    def clean_on(self):
        return _past(self.cleaned_data["on"], self.condition.site)


class CourseForm(SetUp, forms.Form):
    """What one course is asked of; nobody ticked: it is no longer asked."""

    roles = forms.MultipleChoiceField(
        label=_("Demandée à"), required=False, widget=forms.CheckboxSelectMultiple
    )
    months = forms.IntegerField(
        label=_("Vaut combien de mois"), required=False, min_value=1, max_value=LONGEST_MONTHS,
        help_text=_("Vide : pour toujours. L’attestation d’une personne peut dire autre chose."),
    )  # fmt: skip

    def __init__(self, *args, rule: CourseRule | None, **kwargs):
        initial = {"roles": rule.roles, "months": rule.months} if rule else {}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["roles"].choices = [(code, BY_CODE[code].name) for code in may_be_trained()]


class TrainingForm(SetUp, forms.Form):
    """One course followed, by one person or by several together."""

    course = forms.ChoiceField(label=_("Formation"), choices=Course.choices)
    staff = forms.ModelMultipleChoiceField(
        label=_("Qui"), queryset=Staff.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    done_on = forms.DateField(label=_("Suivie le"), widget=DATE)
    expires_on = forms.DateField(
        label=_("Échoit le"), widget=DATE, required=False,
        help_text=_("Ce que dit l’attestation; vide : selon la règle du site."),
    )  # fmt: skip
    evidence = forms.CharField(
        label=_("Attestation : où elle est"), max_length=200, required=False
    )  # fmt: skip

    def __init__(self, *args, site: Site, **kwargs):
        super().__init__(*args, **kwargs)
        self.site = site
        self.fields["staff"].queryset = Staff.objects.filter(pk__in=[one.pk for one in working(site)])
        self.fields["staff"].label_from_instance = lambda staff: f"{staff.code} · {staff.display_name}"
        self.fields["done_on"].initial = today(site)

    def clean_done_on(self):
        return _past(self.cleaned_data["done_on"], self.site)

    def clean(self):
        data = super().clean()
        done, expires = data.get("done_on"), data.get("expires_on")
        if done and expires and expires < done:
            self.add_error("expires_on", ValidationError(_("La fin vient après le début."), code="range"))
        rule = rules(self.site).get(data.get("course", ""))
        if done and not expires and "expires_on" not in self.errors and rule and rule.months:
            data["expires_on"] = months_after(done, rule.months)
        return data


def _past(day, site: Site):
    if day > today(site):
        raise ValidationError(_("Ce jour n’est pas encore venu."), code="range")
    return day
