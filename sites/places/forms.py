"""What a manager sets of a site: its name and clock, rooms, booths, hours."""

import re
from datetime import time

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sites.codes.queries import choices
from sites.places.models import Booth, Room, Site
from sites.places.queries import keeps_dates, today

ZONES = [
    "America/St_Johns", "America/Halifax", "America/Moncton", "America/Blanc-Sablon", "America/Toronto",
    "America/Iqaluit", "America/Winnipeg", "America/Regina", "America/Edmonton", "America/Yellowknife",
    "America/Vancouver", "America/Whitehorse",
]  # fmt: skip
DAY_MINUTES = 24 * 60
MOST_BOOTHS = 200
SITE_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,19}")


class SetUp:
    """Laid out by crispy, in one column; the page's dock holds the button."""

    fields: dict

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag, helper.disable_csrf, helper.form_show_errors = False, True, True
        helper.layout = self.layout()
        return helper

    def layout(self) -> Layout:
        return Layout(*self.fields)


class HourField(forms.TimeField):
    """14:05, 14 h 05 or 14 h."""

    # Text, because a browser shows its own clock, of 12 hours for some.
    widget = forms.TimeInput(attrs={"maxlength": 8, "autocomplete": "off"}, format="%H:%M")

    def to_python(self, value):
        found = (
            re.fullmatch(r"\s*(\d{1,2})\s*(?:h|:)\s*(\d{2})?\s*", value or "", re.I | re.A) if value else None
        )
        if found and int(found[1]) < 24 and int(found[2] or 0) < 60:
            return time(int(found[1]), int(found[2] or 0))
        return super().to_python(value)


def span(opens: str, closes: str) -> Div:
    return Div(opens, closes, css_class="opening")


def past_cutover(cutover: time, opens: time, closes: time) -> bool:
    """An opening may pass midnight, but not the hour at which the service day changes."""
    begins, ends = (_minutes_after(cutover, clock) for clock in (opens, closes))
    return (ends or DAY_MINUTES) <= begins


def _minutes_after(cutover: time, clock: time) -> int:
    return (clock.hour * 60 + clock.minute - cutover.hour * 60 - cutover.minute) % DAY_MINUTES


def crossing(cutover: time) -> ValidationError:
    return ValidationError(
        _("Ces heures passent le changement de jour (%(h)s h %(m)s)."),
        code="cutover",
        params={"h": cutover.hour, "m": f"{cutover.minute:02d}"},
    )


# --- Site ------------------------------------------------------------------------------
class SiteForm(SetUp, forms.ModelForm):
    cutover = HourField(
        label=_("Changement de jour de service"),
        help_text=_("L’heure, la nuit, où un jour de service finit et l’autre commence."),
    )
    zone = forms.ChoiceField(label=_("Fuseau horaire"))

    class Meta:
        model = Site
        fields = [
            "name_fr", "name_en", "zone", "cutover", "observe_minutes", "agreement_version",
            "death_notice_hours",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        zones = dict.fromkeys([self.instance.zone, *ZONES])
        self.fields["zone"].choices = [(zone, zone) for zone in zones]
        self.fields["agreement_version"].help_text = _(
            "Celle qu’on explique à l’accueil à qui veut être reconnu. Vide : ce n’est pas proposé."
        )
        minutes = self.fields["observe_minutes"]
        minutes.min_value, minutes.max_value = 10, 480
        minutes.validators += [forms.fields.validators.MinValueValidator(10)]
        minutes.validators += [forms.fields.validators.MaxValueValidator(480)]
        hours = self.fields["death_notice_hours"]
        hours.help_text = _("Ce que demande l’autorité, comme 24. Vide : aucun délai n’est suivi.")
        hours.validators += [forms.fields.validators.MinValueValidator(1)]
        hours.validators += [forms.fields.validators.MaxValueValidator(720)]

    def clean(self):
        data = super().clean()
        for name in {"zone", "cutover"} & set(self.changed_data) - set(self.errors):
            if keeps_dates(self.instance):
                message = _("Ne se change plus : des saisies sont déjà rangées par jour de service.")
                self.add_error(name, ValidationError(message, code="fixed"))
        return data


# --- Rooms and booths ------------------------------------------------------------------
class RoomForm(SetUp, forms.ModelForm):
    routes = forms.MultipleChoiceField(
        label=_("Voies permises"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Aucune cochée : toutes sont permises."),
    )
    check_minutes = forms.IntegerField(
        label=_("Vérifier toutes les (minutes)"), min_value=1, max_value=240, initial=15
    )
    airing_minutes = forms.IntegerField(
        label=_("Aération après usage (minutes)"),
        min_value=0,
        max_value=120,
        initial=0,
        required=False,
        help_text=_("0 : aucune. Le tableau dit quand la place sera prête; rien n’est bloqué."),
    )

    class Meta:
        model = Room
        fields = ["name_fr", "name_en", "kind", "routes", "check_minutes", "airing_minutes", "position"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["routes"].choices = choices("route", timezone.now().date())
        self.fields["position"].required = False

    def clean_airing_minutes(self):
        return self.cleaned_data["airing_minutes"] or 0

    def clean_position(self):
        return self.cleaned_data["position"] or 0


class BoothForm(SetUp, forms.ModelForm):
    out = forms.BooleanField(label=_("Hors service"), required=False)

    class Meta:
        model = Booth
        fields = ["label", "room", "out", "out_reason", "retired"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = Room.objects.at(self.instance.site)
        self.fields["out"].initial = self.instance.out_since is not None
        self.fields["out_reason"].help_text = _("Ce que l’équipe lira sur le tableau.")
        self.fields["retired"].help_text = _("La place disparaît du tableau; son passé reste.")

    def clean_label(self):
        label = self.cleaned_data["label"].strip()
        others = Booth.objects.at(self.instance.site).exclude(pk=self.instance.pk)
        if others.filter(label=label).exists():
            raise ValidationError(_("Une place porte déjà ce numéro."), code="unique")
        return label

    def clean_retired(self):
        retired = self.cleaned_data["retired"]
        if retired and self.instance.pk and self.instance.stays.filter(during__upper_inf=True).exists():
            raise ValidationError(_("Quelqu’un y est en ce moment."), code="taken")
        return retired

    def clean(self):
        data = super().clean()
        if data.get("out") and not data.get("out_reason"):
            self.add_error("out_reason", ValidationError(_("Dire pourquoi elle est hors service.")))
        if not data.get("out"):
            data["out_reason"] = ""
        return data

    def _post_clean(self):
        out = self.cleaned_data.get("out")
        self.instance.out_since = (self.instance.out_since or timezone.now()) if out else None
        super()._post_clean()
        booth, day = self.instance, today(self.instance.site)
        booth.retired_on = (booth.retired_on or day) if booth.retired else None
        if booth.pk is None:
            booth.in_use_from = day
