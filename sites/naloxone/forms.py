import calendar
import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sites.naloxone.models import Product
from sites.naloxone.terms import BY_HAND, MOVES, Move
from sites.records.forms import RecordForm

MAX_UNITS = 100_000


class ExpiryField(forms.DateField):
    """A date; a month alone, as boxes print it, means its last day."""

    def to_python(self, value):
        if isinstance(value, str) and (found := re.fullmatch(r"(\d{4})-(\d{2})", value.strip())):
            year, month = int(found[1]), int(found[2])
            if 1 <= month <= 12 and year >= 1:
                return date(year, month, calendar.monthrange(year, month)[1])
        return super().to_python(value)


class ProductField(forms.ModelChoiceField):
    """A product by its code; kept as the code."""

    def __init__(self, **kwargs):
        super().__init__(queryset=Product.objects.all(), to_field_name="code", **kwargs)

    def clean(self, value):
        found = super().clean(value)
        return found.code if found else ""


class ReceivedFields(forms.Form):
    """What someone types when a box comes in; the lot's id is made by the page."""

    product = ProductField(label=_("Produit"))
    lot_code = forms.CharField(label=_("Numéro de lot"), max_length=40)
    expiry = ExpiryField(
        label=_("Expiration"), help_text=_("Année-mois ou date complète : 2027-09 ou 2027-09-30")
    )
    quantity = forms.IntegerField(label=_("Quantité (unités)"), min_value=1, max_value=MAX_UNITS)


class ReceivedForm(RecordForm, ReceivedFields):
    lot = forms.UUIDField()


class MovedFields(forms.Form):
    move = forms.ChoiceField(label=_("Mouvement"), choices=[(m.value, m.label) for m in MOVES])
    quantity = forms.IntegerField(label=_("Quantité (unités)"), min_value=-MAX_UNITS, max_value=MAX_UNITS)

    def clean(self):
        data = super().clean() or self.cleaned_data
        quantity, move = data.get("quantity"), data.get("move")
        if quantity is not None and (quantity == 0 or (quantity < 0 and move != Move.ADJUSTED)):
            self.add_error(
                "quantity",
                ValidationError(
                    _("Un nombre plus grand que zéro; seul un ajustement peut être négatif."),
                    code="sign",
                ),
            )
        return data


class MovedForm(RecordForm, MovedFields):
    lot = forms.UUIDField()


class HandlingFields(MovedFields):
    """Movements told on the stock page; a dose given on site is recorded with its event."""

    move = forms.ChoiceField(label=_("Mouvement"), choices=[(m.value, m.label) for m in BY_HAND])


class CountedFields(forms.Form):
    quantity = forms.IntegerField(label=_("Quantité comptée"), min_value=0, max_value=MAX_UNITS)


class CountedForm(RecordForm, CountedFields):
    lot = forms.UUIDField()
