"""Accounts, as a manager sets them."""

import re
from collections.abc import Iterable

from crispy_forms.layout import Layout
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from sites.people.models import Staff
from sites.people.pins import Weak, check_strength, digits_of
from sites.people.queries import may_grant
from sites.people.roles import ROLES
from sites.people.terms import TabletPlace
from sites.places.forms import SetUp
from sites.places.models import Site

# What Argon2 is given to chew on: any sentence, not a book.
LONGEST_PASSWORD = 200
ACCOUNT_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


class StaffForm(SetUp, forms.ModelForm):
    """Role as sentences to tick; sites among those of who fills it in. `elsewhere`: why only these."""

    role = forms.ChoiceField(label=_("Rôle"), widget=forms.RadioSelect)
    posted = forms.ModelMultipleChoiceField(
        label=_("Travaille à"),
        queryset=Site.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Staff
        fields = ["code", "display_name", "role", "language", "posted", "is_active"]
        help_texts = {
            "code": _("Minuscules, chiffres et tirets : s01-09. Ne change plus ensuite."),
            "display_name": _("Un titre ou des initiales; pas besoin d’un nom."),
            "is_active": _(
                "Décoché : les sessions se ferment à la prochaine page; mot de passe, code de tablette et "
                "second facteur sont effacés. Qui revient reçoit un nouveau mot de passe."
            ),
        }

    def __init__(self, *args, by: Staff, sites: list[Site], elsewhere: Promise | str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.elsewhere = by, elsewhere
        self.fields["posted"].queryset = Site.objects.filter(pk__in=[site.pk for site in sites])
        self.fields["role"].choices = [
            (role.code, format_html("<b>{}</b> — {}", role.name, role.sentence))
            for role in ROLES
            if may_grant(by, role.code)
        ]
        if self.instance.pk:
            self.fields["code"].disabled = True
        else:
            del self.fields["is_active"]
        for name in self.fields:
            self.fields[name].disabled |= bool(elsewhere) and name != "posted"

    def layout(self) -> Layout:
        return Layout(*self.fields)

    def clean_code(self):
        code = self.cleaned_data["code"].strip().lower()
        if self.instance.pk:
            return self.instance.code
        if not ACCOUNT_CODE.fullmatch(code):
            raise ValidationError(_("Des minuscules, des chiffres et des tirets : s01-09."), code="code")
        if Staff.objects.filter(code=code).exists():
            raise ValidationError(_("Ce code est déjà pris."), code="unique")
        return code

    def clean_role(self):
        return self._not_oneself("role")

    def clean_is_active(self):
        return self._not_oneself("is_active")

    def _not_oneself(self, name: str):
        value = self.cleaned_data[name]
        if self.instance.pk == self.by.pk and value != getattr(self.by, name):
            raise ValidationError(_("Quelqu’un d’autre doit changer cela pour vous."), code="oneself")
        return value

    def clean(self):
        data = super().clean()
        role = next((role for role in ROLES if role.code == data.get("role")), None)
        if role and role.on_site and not data.get("posted") and not self.instance.pk:
            self.add_error("posted", ValidationError(_("Au moins un site."), code="required"))
        return data


def strong(password: str, own_words: Iterable[str]) -> str:
    """The password, long and rare enough, without what others know of this person. Raises ValidationError."""
    weak = ValidationError(_("Trop court, trop courant, ou trop près de votre code."), code="weak")
    if any(words and words.lower() in password.lower() for words in own_words):
        raise weak
    try:
        validate_password(password)
    except ValidationError as error:
        raise weak from error
    return password


class ChosenPassword(forms.Form):
    """A new password of one's own, typed twice. Long is enough: any signs, none asked for."""

    password = forms.CharField(
        label=_("Nouveau mot de passe"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Au moins 12 signes; quatre mots au hasard valent mieux qu’un mot compliqué."),
    )
    again = forms.CharField(
        label=_("Le même, encore une fois"),
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self):
        data = super().clean()
        if "password" in data and data.get("again") != data["password"]:
            self.add_error("again", ValidationError(_("Ce n’est pas le même."), code="differs"))
        return data


class PasswordForm(ChosenPassword, SetUp, forms.Form):
    """Another one than that which the person has."""

    def __init__(self, *args, staff: Staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.staff = staff

    def clean_password(self):
        password = strong(self.cleaned_data["password"], [self.staff.code, self.staff.display_name])
        if self.staff.check_password(password):
            raise ValidationError(_("C’est celui que vous avez déjà."), code="same")
        return password


class ReasonForm(forms.Form):
    """Why someone acts for a colleague; it goes into the trail."""

    why = forms.CharField(max_length=200)


class TabletForm(SetUp, forms.Form):
    label = forms.CharField(
        label=_("Nom de la tablette"),
        max_length=40,
        help_text=_("Ce que l’équipe lit : accueil, salle 1, aire de repos."),
    )
    place = forms.ChoiceField(
        label=_("Où elle sert"), choices=TabletPlace.choices, initial=TabletPlace.COUNTER
    )


class PinForm(SetUp, forms.Form):
    """Six digits, typed twice."""

    pin = forms.CharField(
        label=_("Six chiffres"),
        max_length=6,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Ni une suite, ni une répétition, ni votre code de personne."),
    )
    again = forms.CharField(
        label=_("Les mêmes, encore une fois"),
        max_length=6,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args, staff: Staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.staff = staff

    def clean_pin(self):
        try:
            check_strength(self.cleaned_data["pin"], digits_of(self.staff.code))
        except Weak as weak:
            raise ValidationError(weak.message, code="weak") from weak
        return self.cleaned_data["pin"]

    def clean(self):
        data = super().clean()
        if "pin" in data and data.get("again") != data["pin"]:
            self.add_error("again", ValidationError(_("Ce ne sont pas les mêmes chiffres."), code="same"))
        return data
