"""The week's hours, and the days that differ from it."""

from datetime import timedelta

from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sites.places.forms import HourField, SetUp, crossing, past_cutover, span
from sites.places.models import OpeningException, Site
from sites.places.queries import today
from sites.places.terms import Weekday

LONGEST_CLOSURE = timedelta(days=92)


class WeekForm(SetUp, forms.Form):
    """Hours of each weekday; a day without hours is closed."""

    valid_from = forms.DateField(
        label=_("À partir du"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Les jours d’avant gardent leurs heures."),
    )

    def __init__(self, data=None, *, site: Site, week: dict):
        self.site = site
        initial = {"valid_from": today(site) + timedelta(days=1)}
        for day, (opens, closes) in week.items():
            initial |= {f"opens_{day}": opens, f"closes_{day}": closes}
        super().__init__(data, initial=initial)
        for day in Weekday:
            label = {"day": str(day.label).capitalize()}
            self.fields[f"opens_{day}"] = HourField(label=_("%(day)s, ouvre à") % label, required=False)
            self.fields[f"closes_{day}"] = HourField(label=_("%(day)s, ferme à") % label, required=False)

    def layout(self) -> Layout:
        return Layout(*(span(f"opens_{day}", f"closes_{day}") for day in Weekday), "valid_from")

    def clean_valid_from(self):
        begins = self.cleaned_data["valid_from"]
        if begins < today(self.site):
            raise ValidationError(_("Les heures des jours passés ne changent plus."), code="past")
        return begins

    def clean(self):
        data = super().clean()
        for day in Weekday:
            opens, closes = data.get(f"opens_{day}"), data.get(f"closes_{day}")
            name = f"closes_{day}"
            if name in self.errors or f"opens_{day}" in self.errors:
                continue
            if (opens is None) != (closes is None):
                self.add_error(name, ValidationError(_("Les deux heures, ou aucune si c’est fermé.")))
            elif opens is not None and past_cutover(self.site.cutover, opens, closes):
                self.add_error(name, crossing(self.site.cutover))
        return data

    def week(self) -> dict:
        """Weekday → (opens, closes), or None when closed."""
        data = self.cleaned_data
        return {
            day.value: (data[f"opens_{day}"], data[f"closes_{day}"]) if data[f"opens_{day}"] else None
            for day in Weekday
        }


class ExceptionForm(SetUp, forms.ModelForm):
    opens = HourField(label=_("Ouvre à"), required=False, help_text=_("Sans heures : fermé ce jour-là."))
    closes = HourField(label=_("Ferme à"), required=False)
    until = forms.DateField(
        label=_("Jusqu’au (compris), si plusieurs jours"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Vide : ce jour seulement."),
    )

    class Meta:
        model = OpeningException
        fields = ["day", "opens", "closes", "reason"]
        widgets = {"day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def layout(self) -> Layout:
        return Layout(Div("day", "until", css_class="opening"), span("opens", "closes"), "reason")

    def clean_day(self):
        day, site = self.cleaned_data["day"], self.instance.site
        if day < today(site):
            raise ValidationError(_("Les heures des jours passés ne changent plus."), code="past")
        if OpeningException.objects.at(site).filter(day=day).exists():
            raise ValidationError(_("Ce jour a déjà ses heures; les retirer d’abord."), code="unique")
        return day

    def clean_until(self):
        day, until = self.cleaned_data.get("day"), self.cleaned_data["until"]
        if day is None or until is None:
            return until
        if not day <= until <= day + LONGEST_CLOSURE:
            raise ValidationError(_("Entre ce jour et trois mois plus tard."), code="range")
        others = OpeningException.objects.at(self.instance.site).filter(day__range=(day, until))
        if first := others.order_by("day").first():
            raise ValidationError(
                _("Un de ces jours a déjà ses heures : %(day)s. Les retirer d’abord."),
                code="unique",
                params={"day": first.day.isoformat()},
            )
        return until

    def every_day(self) -> list[OpeningException]:
        """One exception a day, from the first to the last, both included."""
        data, first = self.cleaned_data, self.instance
        days = ((data["until"] or data["day"]) - data["day"]).days + 1
        return [
            OpeningException(
                site=first.site, day=data["day"] + timedelta(days=n), opens=data["opens"],
                closes=data["closes"], reason=data["reason"],
            )
            for n in range(days)
        ]  # fmt: skip

    def clean(self):
        data = super().clean()
        opens, closes = data.get("opens"), data.get("closes")
        if {"opens", "closes"} & set(self.errors):
            return data
        if (opens is None) != (closes is None):
            self.add_error("closes", ValidationError(_("Les deux heures, ou aucune si c’est fermé.")))
        elif opens is not None and (
            opens == closes or past_cutover(self.instance.site.cutover, opens, closes)
        ):
            self.add_error("closes", crossing(self.instance.site.cutover))
        return data
