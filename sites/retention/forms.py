"""What is asked to sign a schedule, to hold, to lift, and before anything is destroyed."""

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sites.clients.services import known_client
from sites.holds.models import LegalHold
from sites.places.forms import SetUp
from sites.places.models import Site
from sites.records.forms import clean_text
from sites.records.handles import MAX_HANDLE, handle_code
from sites.retention.rules import CATEGORIES, RULES
from sites.visits.look_ups import TOO_MANY, Door, look_up

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _storable(text: str) -> None:
    if not clean_text(text):
        raise ValidationError(_("Ce texte contient un signe qui ne peut pas être gardé."), code="text")


class ScheduleForm(SetUp, forms.Form):
    """Months by rule, for the whole organisation or for one site of it, and who signs."""

    site = forms.ModelChoiceField(
        label=_("Pour"), queryset=Site.objects.none(), required=False, empty_label=_("Tous les sites"),
        to_field_name="code", help_text=_("Un site peut garder plus ou moins longtemps que les autres."),
    )  # fmt: skip

    def __init__(self, *args, sites, months: dict[str, int], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites
        for rule in RULES:
            self.fields[rule.code] = forms.IntegerField(
                label=rule.name, min_value=rule.low, max_value=rule.high, initial=months[rule.code],
                help_text=_("De %(low)s à %(high)s mois.") % {"low": rule.low, "high": rule.high},
            )  # fmt: skip
        text = {"max_length": 80, "validators": [_storable]}
        self.fields["name"] = forms.CharField(label=_("Nom de qui signe"), **text)
        self.fields["function"] = forms.CharField(label=_("Fonction"), **text)

    def layout(self) -> Layout:
        return Layout(*self.fields)

    def clean(self):
        data = super().clean()
        stock, doses = data.get("stock"), data.get("overdoses")
        if stock and doses and stock < doses:
            message = _("Un lot se garde au moins aussi longtemps que les doses qui en viennent.")
            self.add_error("stock", ValidationError(message, code="order"))
        return data

    @property
    def periods(self) -> dict[str, int]:
        return {rule.code: self.cleaned_data[rule.code] for rule in RULES}


class HoldForm(SetUp, forms.Form):
    """What must stay, and why. One person is named by their handle, which is not kept."""

    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), required=False, empty_label=_("Tous les sites"),
        to_field_name="code",
    )  # fmt: skip
    category = forms.ChoiceField(label=_("Catégorie"), required=False)
    first = forms.DateField(label=_("Du"), required=False, widget=DATE)
    last = forms.DateField(label=_("Au"), required=False, widget=DATE)
    handle = forms.CharField(
        label=_("Pseudonyme d’une personne"), required=False, max_length=MAX_HANDLE, validators=[_storable],
        help_text=_("Au besoin, avec un site. Il n’est pas gardé; la recherche est écrite dans la piste."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Pourquoi"), max_length=200, validators=[_storable],
        help_text=_("L’ordonnance, la réclamation ou l’enquête, sans nommer la personne visée."),
    )  # fmt: skip
    until = forms.DateField(
        label=_("Jusqu’au (ce jour compris)"), required=False, widget=DATE,
        help_text=_("Vide : jusqu’à ce que quelqu’un le lève."),
    )  # fmt: skip

    def __init__(self, *args, sites, by: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["site"].queryset = sites
        self.fields["category"].choices = [("", _("Toutes les catégories")), *CATEGORIES.items()]

    def clean(self):
        data = super().clean()
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", ValidationError(_("La fin vient avant le début."), code="order"))
        if data.get("handle") and data.get("category"):
            message = _(
                "Un gel sur une personne couvre toutes les catégories : sa visite dit ce qui est d’elle."
            )
            self.add_error("category", ValidationError(message, code="whole"))
        if data.get("handle") and not self.errors:
            self._find(data)
        return data

    def _find(self, data: dict) -> None:
        site = data.get("site")
        if site is None:
            self.add_error("site", ValidationError(_("Dire de quel site est la personne."), code="required"))
            return
        if not look_up(site, data["handle"], by=self.by, door=Door.DESK):
            self.add_error("handle", ValidationError(TOO_MANY, code="limit"))
            return
        client = known_client(site, handle_code(site, data["handle"]))
        if client is None:
            message = _("Personne n’a accepté d’être reconnu sous ce pseudonyme : rien n’est à geler.")
            self.add_error("handle", ValidationError(message, code="unknown"))
        else:
            data["client_ref"] = client.pk

    @property
    def hold(self) -> LegalHold:
        told = {
            name: self.cleaned_data.get(name) for name in ("site", "first", "last", "until", "client_ref")
        }
        words = {name: self.cleaned_data[name] for name in ("category", "reason")}
        return LegalHold(**told, **words)


class LiftForm(SetUp, forms.Form):
    why = forms.CharField(label=_("Pourquoi il n’est plus utile"), max_length=200, validators=[_storable])


class RunForm(SetUp, forms.Form):
    sure = forms.ChoiceField(
        label=_("J’ai lu ce qui part. Rien de cela ne pourra être retrouvé."),
        choices=[("", "—"), ("yes", _("Oui"))],
    )
