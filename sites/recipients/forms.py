"""What is asked about a recipient, a token, and a file that someone hands over."""

from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

from crispy_forms.layout import Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sites.clockwork.services import now
from sites.places.forms import SetUp
from sites.places.models import Region, Site
from sites.recipients.models import Recipient, RiskAnalysis
from sites.recipients.queries import formats_of
from sites.recipients.terms import ALL, FORMAT_NAMES, TOKEN_DAYS, Kind, Way
from sites.releases.files import FORMATS

A_YEAR = 365
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _boxes(label, help_text="") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text
    )


class RecipientForm(SetUp, forms.ModelForm):
    """`mine`: the sites whose rows may be given or taken back by who fills it in."""

    formats = _boxes(_("Formats"), _("Aucun coché : tous, et ceux qui s’ajouteront."))
    regions = _boxes(_("Régions"))
    sites = _boxes(
        _("Lignes d’un seul site"),
        _("Seulement pour ce destinataire nommé. Aucune cochée : les sommes par région."),
    )

    class Meta:
        model = Recipient
        fields = ["kind", "name", "purpose", "basis", "contact", "schedule", "formats", "regions", "sites"]
        help_texts = {
            "purpose": _("À quoi les chiffres servent. Écrit dans le registre à chaque envoi."),
            "basis": _("La loi, l’entente ou le mandat, avec sa date."),
            "contact": _("Un service ou une fonction, et comment le joindre."),
        }

    def __init__(self, *args, mine: list[Site], **kwargs):
        super().__init__(*args, **kwargs)
        self.mine = mine
        self.fields["formats"].choices = [(name, FORMAT_NAMES.get(name, name)) for name in FORMATS]
        if self.instance.kind == Kind.PUBLIC:
            for name in ("kind", "regions", "sites"):
                del self.fields[name]
            return
        self.fields["kind"].choices = [(k.value, k.label) for k in Kind if k != Kind.PUBLIC]
        regions = [(region.code, region.name) for region in Region.objects.order_by("code")]
        self.fields["regions"].choices = [(ALL, _("Toutes, et celles qui s’ajouteront")), *regions]
        self.fields["sites"].choices = [*self._every_site(), *((site.code, site.name) for site in mine)]

    def _every_site(self) -> list[tuple]:
        """Only who works for all sites may give all of them."""
        everywhere = len(self.mine) == Site.objects.count()
        return [(ALL, _("Tous les sites, et ceux qui s’ajouteront"))] if everywhere else []

    def layout(self) -> Layout:
        return Layout(*self.fields)

    def clean_regions(self):
        regions = self.cleaned_data["regions"]
        if not regions:
            raise ValidationError(_("Au moins une région."), code="required")
        return [ALL] if ALL in regions else sorted(regions)

    def clean_sites(self):
        """What others gave stays: it is not theirs to take back who fills this in."""
        offered = {code for code, _words in self.fields["sites"].choices}
        kept = set(self.cleaned_data["sites"]) | (set(self.instance.sites) - offered)
        return [ALL] if ALL in kept else sorted(kept)


class TokenForm(SetUp, forms.Form):
    expires_on = forms.DateField(
        label=_("Expire le"), widget=DATE, help_text=_("Au plus un an; ensuite, un nouveau jeton.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["expires_on"].initial = timezone.now().date() + timedelta(days=TOKEN_DAYS)

    def clean_expires_on(self):
        day, today = self.cleaned_data["expires_on"], timezone.now().date()
        if not today < day <= today + timedelta(days=TOKEN_DAYS):
            raise ValidationError(_("Une date d’ici un an."), code="range")
        return day

    @property
    def expires_at(self) -> datetime:
        return datetime.combine(self.cleaned_data["expires_on"], time(), tzinfo=UTC)


class HandOverForm(SetUp, forms.Form):
    """To whom a file goes, in which form, and why now."""

    recipient = forms.ModelChoiceField(
        label=_("Pour qui"), queryset=Recipient.objects.none(), empty_label=_("Choisir…")
    )
    file_format = forms.ChoiceField(label=_("Format"))
    why = forms.CharField(
        label=_("Pourquoi maintenant"),
        max_length=200,
        help_text=_("Écrit au registre des communications avec votre code, la date et l’empreinte."),
    )

    def __init__(self, *args, to, formats: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["recipient"].queryset = to
        self.fields["file_format"].choices = [(name, FORMAT_NAMES.get(name, name)) for name in formats]

    def clean(self):
        data = super().clean()
        to, file_format = data.get("recipient"), data.get("file_format")
        if to and file_format and file_format not in formats_of(to):
            message = _("Ce destinataire ne reçoit pas ce format.")
            self.add_error("file_format", ValidationError(message, code="format"))
        return data


class LogFilter(forms.Form):
    """What to show of the log; a filter that cannot be read shows everything."""

    recipient = forms.ModelChoiceField(
        label=_("Destinataire"), queryset=Recipient.objects.all(), required=False, empty_label=_("Tous")
    )
    first = forms.DateField(label=_("Du"), widget=DATE, required=False)
    last = forms.DateField(label=_("Au"), widget=DATE, required=False)
    way = forms.ChoiceField(
        label=_("Comment"), required=False, choices=[("", _("Toutes les façons")), *Way.choices]
    )


class SignForm(SetUp, forms.ModelForm):
    """What a competent person adds to the register, and signs."""

    read = forms.CharField(widget=forms.HiddenInput)
    very_low = forms.TypedChoiceField(
        label=_("Conclusion"),
        choices=[
            ("yes", _("Le risque qui reste est très faible.")),
            ("no", _("Des mesures sont à prendre.")),
        ],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = RiskAnalysis
        fields = [
            "individualization", "correlation", "inference", "very_low", "next_review", "name", "function",
            "read",
        ]  # fmt: skip
        widgets = {
            **dict.fromkeys(
                ("individualization", "correlation", "inference"), forms.Textarea(attrs={"rows": 2})
            ),
            "next_review": DATE,
        }
        help_texts = {
            "individualization": _("Ce que vous avez vérifié, au besoin."),
            "inference": _("Dont : ce que quelqu’un peut déjà savoir, la presse, d’autres publications."),
            "next_review": _("Au plus tard dans un an."),
            "name": _("La personne compétente qui signe."),
        }
        labels = {"next_review": _("Prochaine analyse")}

    def __init__(self, *args, sha256: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.sha256 = sha256
        self.fields["read"].initial = sha256
        self.fields["next_review"].initial = now().date() + timedelta(days=A_YEAR)

    def layout(self) -> Layout:
        return Layout(*self.fields)

    def clean_next_review(self):
        day, today = self.cleaned_data["next_review"], now().date()
        if not today < day <= today + timedelta(days=A_YEAR + 1):
            raise ValidationError(_("Une date d’ici un an."), code="range")
        return day

    def clean(self):
        data = super().clean()
        if data.get("read") != self.sha256:
            message = _("Le registre a changé pendant la lecture : relire, puis signer.")
            raise ValidationError(message, code="changed")
        return data


class PushForm(SetUp, forms.Form):
    """Where releases are pushed to; empty, they are no longer."""

    push_url = forms.CharField(
        label=_("Adresse (https)"), max_length=200, required=False, widget=forms.URLInput,
        help_text=_("Les publications d’aujourd’hui et des jours suivants y sont envoyées, signées."),
    )  # fmt: skip

    def layout(self) -> Layout:
        return Layout(*self.fields)

    def clean_push_url(self):
        url = self.cleaned_data["push_url"]
        if not url:
            return ""
        URLValidator(schemes=settings.PUSH_SCHEMES, message=_("Une adresse https, sans espace."))(url)
        if urlsplit(url).username is not None:
            raise ValidationError(_("Sans nom ni mot de passe dans l’adresse : la signature suffit."))
        return url
