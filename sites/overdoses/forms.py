from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sites.naloxone.forms import ProductField
from sites.overdoses.terms import AVPU, CALLS
from sites.people.queries import ever_worked_at
from sites.places.models import Booth
from sites.records.forms import CodeField, CodesField, Flag, Number, RecordForm, ValueOrNotAssessed


class ToldForm(RecordForm):
    """What any line may say of itself: `estimated` when its time is rough; who did it, if not its author."""

    estimated = Flag()
    responder = forms.CharField(required=False, max_length=40)

    def clean_responder(self):
        """Who works or worked here: a late record may name someone who has left since."""
        code = self.cleaned_data["responder"]
        if code and not ever_worked_at(self.site, code):
            raise ValidationError(_("Cette personne n’est pas du site."), code="unknown")
        return code


class OpenedForm(ToldForm):
    event = forms.UUIDField()
    location = CodeField("location")
    visit = forms.UUIDField(required=False)
    person = CodeField("person", required=False)
    booth = forms.CharField(required=False, max_length=8)
    distance_band = CodeField("distance_band", required=False)
    occurred_precision = CodeField("occurred_precision", required=False)

    def clean_booth(self):
        """A place that is not here, or no longer called so, is left out: no emergency is refused for it."""
        label = self.cleaned_data["booth"]
        return label if label and Booth.objects.at(self.site).filter(label=label).exists() else ""


class StepForm(ToldForm):
    """One response step. An odd value is kept: it is for a person to confirm, not for us to refuse."""

    event = forms.UUIDField()
    step = CodeField("step")
    measure = CodeField("measure", required=False)
    value = Number(required=False, min_value=0, max_value=9999, max_digits=7, decimal_places=2)
    choice = CodeField("step_choice", required=False)

    def clean(self):
        data = super().clean() or self.cleaned_data
        step = data.get("step")
        if step == "call_911" and data.get("choice") not in CALLS and "choice" not in self.errors:
            self.add_error("choice", ValidationError(_("Appelé, annulé ou pas appelé."), code="required"))
        told = data.get("choice") in AVPU and not data.get("measure")
        if step == "vitals" and not told:
            for name in ("measure", "value"):
                if data.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, ValidationError(_("La mesure et sa valeur."), code="required"))
        elif step and (data.get("measure") or data.get("value") is not None):
            self.add_error(
                "measure",
                ValidationError(_("Seuls les signes vitaux ont une mesure."), code="unexpected"),
            )
        return data


class DoseForm(ToldForm):
    event = forms.UUIDField()
    product = ProductField()
    route = CodeField("dose_route")
    dose_mg = Number(min_value=0, max_value=99, max_digits=4, decimal_places=2)
    given_by = CodeField("given_by")
    lot = forms.UUIDField(required=False)

    def clean_dose_mg(self):
        dose = self.cleaned_data["dose_mg"]
        if dose <= 0:
            raise ValidationError(_("Une dose est plus grande que zéro."), code="min_value")
        return dose


class EventClosedForm(ToldForm):
    """The structured endpoint: `not_assessed` is an answer, an empty field is not."""

    event = forms.UUIDField()
    presentation = CodeField("presentation", label=_("Ce que ça semblait être"))
    substances_believed = CodesField(
        "substances", required=False, label=_("Substances présumées par l’équipe")
    )
    outcome = CodeField("outcome", label=_("Ce qui a suivi"))
    ems_called = CodeField("ems_called", label=_("911"))
    endpoint_rr = ValueOrNotAssessed(0, 80, label=_("Respiration"))
    endpoint_spo2 = ValueOrNotAssessed(0, 100, label=_("SpO₂"))
    endpoint_awake = CodeField("endpoint_awake", label=_("Éveil"))
