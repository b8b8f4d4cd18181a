"""The site's own protocol: what it says, from when and by whom. The recorder shows it and adds nothing."""

import re
from datetime import date, timedelta

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.forms.models import model_to_dict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sites.codes.queries import in_force, label
from sites.naloxone.models import Product
from sites.overdoses.models import Protocol
from sites.overdoses.timeline import elapsed
from sites.places.forms import SetUp
from sites.places.models import Site
from sites.places.queries import today
from sites.trail.services import note

SHORTEST_S, LONGEST_S = 30, 3600
FURTHEST = timedelta(days=366)
# An ampoule may also be given under the skin or in a vein.
ROUTES_OF = {"in": ("in",), "im": ("im", "sc", "iv")}


def protocol_of(site: Site, on: date | None = None) -> Protocol | None:
    """The version in force on a day (today): the last entered of those that have begun."""
    return begun(site, on).first()


def begun(site: Site, on: date | None = None) -> QuerySet[Protocol]:
    """Those that have begun, the one in force first."""
    return Protocol.objects.at(site).filter(valid_from__lte=on or today(site)).order_by("-id")


def versions(site: Site):
    """Every version, the last entered first."""
    return Protocol.objects.at(site).order_by("-id")


@transaction.atomic
def enter(site: Site, told: dict, *, by: str) -> Protocol:
    """Add a version; the ones before stay as they were."""
    protocol = Protocol.objects.create(site=site, entered_at=timezone.now(), entered_by=by, **told)
    note("protocol entered", actor=by, site_id=site.pk, about="protocol", about_id=protocol.version)
    return protocol


def as_told(protocol: Protocol | None) -> dict | None:
    """What a tablet shows of it; intervals are seconds by product and route."""
    if protocol is None:
        return None
    names = ("version", "director", "text_fr", "text_en", "goal_fr", "goal_en", "intervals", "breath_s")
    return {name: getattr(protocol, name) for name in names} | {"valid_from": protocol.valid_from.isoformat()}


class Interval(forms.CharField):
    """Minutes and seconds, 2:30, or minutes alone; kept in seconds, None when there is none."""

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=8, **kwargs)
        self.widget.attrs |= {"autocomplete": "off", "inputmode": "numeric"}

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        found = re.fullmatch(r"(\d{1,2})(?:[:.](\d{2}))?", text, re.ASCII)
        seconds = int(found[1]) * 60 + int(found[2] or 0) if found else 0
        if not found or int(found[2] or 0) > 59 or not SHORTEST_S <= seconds <= LONGEST_S:
            raise ValidationError(_("Écrire des minutes et des secondes, comme 2:30."), code="interval")
        return seconds


class ProtocolForm(SetUp, forms.ModelForm):
    """A whole version; one field for each product and route, empty when the protocol gives no interval."""

    class Meta:
        model = Protocol
        fields = ["version", "valid_from", "director", "goal_fr", "goal_en", "text_fr", "text_en", "breath_s"]
        widgets = {
            "valid_from": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "text_fr": forms.Textarea(attrs={"rows": 8}),
            "text_en": forms.Textarea(attrs={"rows": 8}),
        }

    def __init__(self, data=None, *, site: Site, current: Protocol | None):
        self.site = site
        told = model_to_dict(current, fields=self.Meta.fields) if current else {}
        super().__init__(data, initial=told | {"version": "", "valid_from": today(site)})
        self.fields["breath_s"].min_value, self.fields["breath_s"].max_value = 2, 15
        self.fields["breath_s"].validators += [
            forms.fields.validators.MinValueValidator(2),
            forms.fields.validators.MaxValueValidator(15),
        ]
        for name, product, route in self.offered():
            seconds = (current.intervals if current else {}).get(product.code, {}).get(route)
            self.fields[name] = Interval(
                label=f"{product.name}, {label('dose_route', route)}",
                help_text=_("Comme 2:30. Vide : pas de compte à rebours."),
                initial=elapsed(seconds) if seconds else "",
            )

    def offered(self) -> list[tuple[str, Product, str]]:
        """(field name, product, route) of every product in force."""
        day = today(self.site)
        return [
            (f"after-{product.pk}-{route}", product, route)
            for product in Product.objects.naloxone()
            if in_force(product, day)
            for route in ROUTES_OF.get(product.route, (product.route,))
        ]

    def layout(self) -> Layout:
        names = [name for name, _product, _route in self.offered()]
        return Layout(
            Div("version", "valid_from", css_class="opening"),
            *("director", "goal_fr", "goal_en", "text_fr", "text_en"),
            Fieldset(_("Temps entre deux doses"), *names),
            "breath_s",
        )

    def clean_version(self):
        version = self.cleaned_data["version"]
        if versions(self.site).filter(version=version).exists():
            message = _("Cette version est déjà entrée, et ne change plus : lui donner un autre numéro.")
            raise ValidationError(message, code="unique")
        return version

    def clean_valid_from(self):
        begins = self.cleaned_data["valid_from"]
        if not date(1990, 1, 1) <= begins <= today(self.site) + FURTHEST:
            raise ValidationError(_("Cette date est trop loin."), code="far")
        return begins

    def told(self) -> dict:
        """What `enter` takes."""
        intervals: dict[str, dict[str, int]] = {}
        for name, product, route in self.offered():
            if seconds := self.cleaned_data[name]:
                intervals.setdefault(product.code, {})[route] = seconds
        return {name: self.cleaned_data[name] for name in self.Meta.fields} | {"intervals": intervals}
