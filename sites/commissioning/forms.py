"""What a new installation is told: whose it is, its first site, who manages it."""

import re

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sites.commissioning.services import SYSTEM_ACCOUNT, is_start_code
from sites.people.forms import ACCOUNT_CODE, ChosenPassword, strong
from sites.places.forms import MOST_BOOTHS, SITE_CODE, ZONES, HourField, SetUp, crossing, past_cutover, span
from sites.places.models import Site
from sites.places.services import WeekHours, ensure_region, injection_room

MOST_VISITS = 2000
OF_A_SITE = [
    "organisation", "region_name", "region", "site_name", "site_code", "zone", "cutover", "opens", "closes",
    "booths", "visits_per_day",
]  # fmt: skip
UPPER, LOWER = {"autocapitalize": "characters"}, {"autocapitalize": "none"}
OFF = {"autocomplete": "off", "spellcheck": "false"}


class StartForm(ChosenPassword, SetUp, forms.Form):
    """Where a site was already added by command, only the account is asked for."""

    start_code = forms.CharField(
        label=_("Code de mise en service"),
        max_length=100,
        widget=forms.TextInput(attrs=OFF | LOWER),
        help_text=_(
            "Cinq mots, affichés à la fin de l’installation : sans eux, personne ne prend ce serveur."
        ),
    )
    organisation = forms.CharField(label=_("Nom de l’organisme"), max_length=120)
    region_name = forms.CharField(
        label=_("Région"), max_length=120, help_text=_("Celle de la santé publique, où les chiffres iront.")
    )
    region = forms.CharField(
        label=_("Code de la région"), max_length=20, initial="R01", widget=forms.TextInput(attrs=OFF | UPPER)
    )
    site_name = forms.CharField(label=_("Nom du site"), max_length=120)
    site_code = forms.CharField(
        label=_("Code du site"),
        max_length=20,
        initial="S01",
        widget=forms.TextInput(attrs=OFF | UPPER),
        help_text=_("Majuscules et chiffres. Ne change plus ensuite."),
    )
    zone = forms.ChoiceField(
        label=_("Fuseau horaire"), choices=[(zone, zone) for zone in ZONES], initial="America/Toronto"
    )
    cutover = HourField(
        label=_("Changement de jour de service"),
        initial="06:00",
        help_text=_("L’heure, la nuit, où un jour de service finit et l’autre commence."),
    )
    opens = HourField(label=_("Ouvre à"), help_text=_("Chaque jour, pour commencer."))
    closes = HourField(label=_("Ferme à"), help_text=_("Avant l’ouverture : le lendemain."))
    booths = forms.IntegerField(label=_("Places d’injection"), min_value=1, max_value=MOST_BOOTHS, initial=6)
    visits_per_day = forms.IntegerField(
        label=_("Visites par jour, à peu près"),
        min_value=1,
        max_value=MOST_VISITS,
        initial=40,
        help_text=_("Avant tout fait, cela décide du plan de publication."),
    )
    code = forms.CharField(
        label=_("Votre code"),
        max_length=40,
        initial="s01-01",
        widget=forms.TextInput(attrs=OFF | LOWER | {"autocomplete": "username"}),
        help_text=_("Minuscules, chiffres et tirets : s01-09. Ne change plus ensuite."),
    )
    display_name = forms.CharField(
        label=_("Nom affiché"), max_length=60, help_text=_("Un titre ou des initiales; pas besoin d’un nom.")
    )

    field_order = ["start_code", *OF_A_SITE, "code", "display_name", "password", "again"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.asks_for_a_site = not Site.objects.exists()
        if not self.asks_for_a_site:
            for name in OF_A_SITE:
                del self.fields[name]

    def layout(self) -> Layout:
        parts = [Fieldset("", "start_code")]
        if self.asks_for_a_site:
            parts += [
                Fieldset(_("1. L’organisme"), *OF_A_SITE[:3]),
                Fieldset(_("2. Le premier site"), *OF_A_SITE[3:7], span("opens", "closes"), *OF_A_SITE[9:]),
            ]
        number = len(parts)
        mine = _("%(number)s. Votre compte de gestionnaire") % {"number": number}
        return Layout(*parts, Fieldset(mine, "code", "display_name", "password", "again"))

    def clean_password(self):
        own_words = [self.cleaned_data.get(name, "") for name in ("code", "display_name")]
        return strong(self.cleaned_data["password"], own_words)

    def clean_start_code(self):
        if not is_start_code(self.cleaned_data["start_code"]):
            raise ValidationError(_("Ce n’est pas ce code."), code="start_code")
        return self.cleaned_data["start_code"]

    def clean_region(self):
        return self._place_code("region", "R01")

    def clean_site_code(self):
        return self._place_code("site_code", "S01")

    def _place_code(self, name: str, example: str) -> str:
        code = self.cleaned_data[name].strip().upper()
        if not re.fullmatch(SITE_CODE, code):
            message = _("Des majuscules, des chiffres et des tirets : %(example)s.")
            raise ValidationError(message, code="code", params={"example": example})
        return code

    def clean_code(self):
        code = self.cleaned_data["code"].strip().lower()
        if not ACCOUNT_CODE.fullmatch(code):
            raise ValidationError(_("Des minuscules, des chiffres et des tirets : s01-09."), code="code")
        if code == SYSTEM_ACCOUNT:
            raise ValidationError(_("Ce code est déjà pris."), code="unique")
        return code

    def clean(self):
        data = super().clean()
        cutover, opens, closes = (data.get(name) for name in ("cutover", "opens", "closes"))
        if None not in (cutover, opens, closes) and past_cutover(cutover, opens, closes):
            self.add_error("closes", crossing(cutover))
        return data

    def site(self) -> dict | None:
        """What `bring_into_service` takes, or None when there are sites already."""
        if not self.asks_for_a_site:
            return None
        data = self.cleaned_data
        return {
            "code": data["site_code"],
            "name_fr": data["site_name"],
            "name_en": "",
            "organisation": data["organisation"],
            "region": ensure_region(data["region"], data["region_name"]),
            "zone": data["zone"],
            "cutover": data["cutover"],
            "rooms": [injection_room(data["booths"])],
            "hours": WeekHours(data["opens"], data["closes"]),
            "visits_per_day": data["visits_per_day"],
        }
