"""What is valid of a service, a drug check, a breach, an incident, a substance left behind."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sites.codes.queries import values
from sites.logbook.terms import ALERT_LASTS, ALERT_LASTS_AT_MOST, STRIP_TARGETS, SUSPENDED
from sites.records.forms import (
    MAX_TEXT,
    CodeField,
    CodesField,
    Flag,
    FreeText,
    RecordForm,
    SerialNo,
    YesNo,
)
from sites.records.handles import MAX_HANDLE

LONGEST = timedelta(days=366)
MANY = 500


def notes() -> FreeText:
    return FreeText(required=False, max_length=MAX_TEXT, label=_("Précisions, sans nommer personne"))


class ServiceForm(RecordForm):
    kind = CodeField("service", label=_("Quel service?"))
    placement = CodeField("placement", label=_("Où?"))
    details = CodesField("service_detail", required=False, label=_("Dépistage ou vaccin"))
    accepted = YesNo(label=_("Acceptée par la personne"))
    completed_known = YesNo(label=_("On sait que la personne y est allée"))
    count = forms.IntegerField(required=False, min_value=1, max_value=MANY, label=_("Combien de fois?"))
    visit = forms.UUIDField(required=False)

    def clean_details(self):
        """Tests go with tests, vaccines with vaccines: the group of a detail is its service."""
        known, kind = values("service_detail"), self.data.get("kind")
        details = self.cleaned_data["details"]
        if any(known[code].group != kind for code in details):
            raise ValidationError(_("Ce détail est celui d’un autre service."), code="group")
        return details


class DrugCheckForm(RecordForm):
    method = CodeField("check_method", label=_("Méthode"))
    expected = CodesField("substances", required=False, label=_("Attendu par la personne"))
    detected = CodesField("substances", required=False, label=_("Trouvé par l’analyse"))
    also_detected = CodesField("adulterant", required=False, label=_("Trouvé aussi"))
    unexpected = YesNo(label=_("Inattendu"))
    sample = CodeField("sample_outcome", required=False, label=_("Ce que devient l’échantillon"))
    sample_id = SerialNo(required=False, max_length=40, label=_("Numéro d’échantillon"))
    turnaround_min = forms.IntegerField(
        required=False, min_value=0, max_value=100_000, label=_("Délai du résultat (minutes)")
    )
    visit = forms.UUIDField(required=False)
    event = forms.UUIDField(required=False)

    def clean(self):
        data = super().clean() or self.cleaned_data
        target = STRIP_TARGETS.get(data.get("method", ""))
        found = {*(data.get("detected") or []), *(data.get("also_detected") or [])}
        if target and found - {target}:
            message = _("Une bandelette ne répond que pour une substance : noter le reste à part.")
            self.add_error("detected", ValidationError(message, code="strip"))
        return data


class BreachForm(RecordForm):
    code = CodeField("breach", label=_("Quelle règle?"))
    action = CodeField("breach_action", label=_("Mesure"))
    until = forms.DateField(required=False, label=_("Jusqu’au (ce jour compris)"))
    review_at = forms.DateField(required=False, label=_("À réexaminer le"))
    appeal = YesNo(label=_("Droit de demander une révision : expliqué"))
    decided_by_role = CodeField("decided_by", required=False, label=_("Décidée par"))
    notes = notes()
    handle = forms.CharField(required=False, max_length=MAX_HANDLE, label=_("Pseudonyme"))
    visit = forms.UUIDField(required=False)

    def clean(self):
        data = super().clean() or self.cleaned_data
        until, review = data.get("until"), data.get("review_at")
        if data.get("action") == SUSPENDED and until is None and "until" not in self.errors:
            message = _("Une suspension a une fin : dire jusqu’à quand.")
            self.add_error("until", ValidationError(message, code="required"))
        if until and not self.day <= until <= self.day + LONGEST:
            message = _("Entre le jour de la mesure et un an plus tard.")
            self.add_error("until", ValidationError(message, code="range"))
        if review and (review < self.day or (until and review > until)):
            message = _("La révision vient avant la fin de la mesure.")
            self.add_error("review_at", ValidationError(message, code="range"))
        return data


class AlertForm(RecordForm):
    """Codes alone: no word of anyone’s own stands beside a person."""

    handle = forms.CharField(max_length=MAX_HANDLE, label=_("Pseudonyme"))
    alert = CodeField("client_alert", label=_("Quelle alerte?"))
    until = forms.DateField(
        required=False, label=_("Jusqu’au (ce jour compris; sans date : 30 jours; au plus 180)")
    )

    def clean_until(self):
        until = self.cleaned_data["until"] or self.day + timedelta(days=ALERT_LASTS)
        if not self.day <= until <= self.day + timedelta(days=ALERT_LASTS_AT_MOST):
            raise ValidationError(_("Entre ce jour et 180 jours plus tard."), code="range")
        return until


class IncidentForm(RecordForm):
    incident = forms.UUIDField()
    kind = CodeField("incident", label=_("Que s’est-il passé?"))
    location = CodeField("location", required=False, label=_("Lieu"))
    staff_hurt = Flag(label=_("Quelqu’un de l’équipe est blessé ou exposé"))
    guest_hurt = Flag(label=_("Une autre personne est blessée ou exposée"))
    ems_called = CodeField("ems_called", required=False, label=_("911"))
    police = Flag(label=_("La police est venue"))
    closed_site = Flag(label=_("Le service a dû fermer"))
    notes = notes()
    visit = forms.UUIDField(required=False)
    event = forms.UUIDField(required=False)


class IncidentNotifiedForm(RecordForm):
    """The authority was told; the record's own time is when."""

    incident = forms.UUIDField()
    authority = CodeField("authority", label=_("Qui a été averti?"))
    reference = FreeText(required=False, max_length=60, label=_("Numéro de dossier"))


class IncidentClosedForm(RecordForm):
    incident = forms.UUIDField()
    notes = FreeText(required=False, max_length=MAX_TEXT, label=_("Ce qui a été fait"))


class LeftBehindForm(RecordForm):
    """One step of a substance left behind; the first one says where it was found."""

    left = forms.UUIDField()
    step = CodeField("left_step", label=_("Étape"))
    place = FreeText(required=False, max_length=60, label=_("Trouvée où?"))
    description = FreeText(required=False, max_length=MAX_TEXT, label=_("Ce que l’on voit"))
    seal_no = SerialNo(required=False, max_length=40, label=_("Numéro du scellé"))
    storage = FreeText(required=False, max_length=60, label=_("Rangée où?"))
    handed_to = FreeText(required=False, max_length=60, label=_("Remise à (service, fonction)"))
    visit = forms.UUIDField(required=False)

    NEEDED = {"found": "place", "sealed": "seal_no", "stored": "storage", "handed_over": "handed_to"}

    def clean(self):
        data = super().clean() or self.cleaned_data
        name = self.NEEDED.get(data.get("step", ""), "")
        if name and not data.get(name) and name not in self.errors:
            self.add_error(name, ValidationError(_("Il manque une réponse."), code="required"))
        return data


class LeftBehindSignedForm(RecordForm):
    """The second signature of one step: `signs` is the id of its record."""

    left = forms.UUIDField()
    signs = forms.UUIDField()
