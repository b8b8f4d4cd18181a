import calendar
import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sites.naloxone.models import Product
from sites.naloxone.terms import BY_HAND, MOVES, Move, ProductKind, Stock
from sites.people.queries import staff_codes
from sites.places.models import Site
from sites.records.forms import CodeField, LinesField, RecordForm

MAX_UNITS = 100_000
MAX_COUNT = 10_000
OWN = (ProductKind.NALOXONE, ProductKind.KIT)
WHOLE = {"min_value": 1, "max_value": MAX_UNITS}


class ExpiryField(forms.DateField):
    """A date; a month alone, as boxes print it, means its last day."""

    def to_python(self, value):
        if isinstance(value, str) and (found := re.fullmatch(r"(\d{4})-(\d{2})", value.strip())):
            year, month = int(found[1]), int(found[2])
            if 1 <= month <= 12 and year >= 1:
                return date(year, month, calendar.monthrange(year, month)[1])
        return super().to_python(value)


class ProductField(forms.ModelChoiceField):
    """A product of these kinds by its code; kept as the code."""

    def __init__(self, kinds=(ProductKind.NALOXONE,), **kwargs):
        queryset = Product.objects.filter(kind__in=kinds)
        super().__init__(queryset=queryset, to_field_name="code", **kwargs)

    def clean(self, value):
        found = super().clean(value)
        return found.code if found else ""


class SerialFields(forms.Form):
    serial_from = forms.CharField(label=_("Du numéro de série"), max_length=20, required=False)
    serial_to = forms.CharField(label=_("Au numéro de série"), max_length=20, required=False)


class ReceivedFields(SerialFields):
    """What someone types when a box comes in; the lot's id is made by the page."""

    product = ProductField(OWN, label=_("Produit"))
    stock = forms.ChoiceField(
        label=_("Stock"), choices=[("", _("Selon le produit")), *Stock.choices], required=False
    )
    lot_code = forms.CharField(label=_("Numéro de lot"), max_length=40)
    expiry = ExpiryField(
        label=_("Expiration"), help_text=_("Année-mois ou date complète : 2027-09 ou 2027-09-30")
    )
    quantity = forms.IntegerField(label=_("Quantité (unités)"), **WHOLE)
    field_order = ["product", "stock", "lot_code", "expiry", "quantity", "serial_from", "serial_to"]


class BoxFields(ReceivedFields):
    """The same at a desk, supplies included: those may come without a number or an expiry."""

    product = ProductField(ProductKind.values, label=_("Produit"))
    lot_code = forms.CharField(label=_("Numéro de lot"), max_length=40, required=False)
    expiry = ExpiryField(
        label=_("Expiration"),
        help_text=_("Année-mois ou date complète : 2027-09 ou 2027-09-30"),
        required=False,
    )

    def clean(self):
        data = super().clean() or self.cleaned_data
        product = Product.objects.filter(code=data.get("product", "")).first()
        self.product_kind = product.kind if product else ""
        if product and product.kind != ProductKind.SUPPLY:
            for name in ("lot_code", "expiry"):
                if not data.get(name) and name not in self.errors:
                    required = self.fields[name].error_messages["required"]
                    self.add_error(name, ValidationError(required, code="required"))
        return data


class TransferFields(forms.Form):
    """A receipt that ends a transfer: which, from where, and what never came."""

    transfer = forms.UUIDField(required=False)
    from_site = forms.CharField(max_length=20, required=False)
    missing = forms.IntegerField(
        label=_("Unités manquantes"), min_value=0, max_value=MAX_UNITS, required=False
    )


class ReceivedForm(RecordForm, ReceivedFields, TransferFields):
    lot = forms.UUIDField()

    def clean(self):
        data = super().clean() or self.cleaned_data
        code = data.get("from_site", "")
        if (code or data.get("transfer")) and not sister(self.site, code):
            self.add_error("from_site", no_such_site())
        return data


class SupplyReceivedForm(ReceivedForm):
    """Supplies may come without a number or an expiry."""

    product = ProductField((ProductKind.SUPPLY,), label=_("Produit"))
    lot_code = forms.CharField(label=_("Numéro de lot"), max_length=40, required=False)
    expiry = ExpiryField(label=_("Expiration"), required=False)


def sister(site: Site, code: str) -> Site | None:
    """A site of the same organisation, this one included: its two stocks may send to each other."""
    return Site.objects.filter(code=code, organisation=site.organisation_id).first() if code else None


def no_such_site() -> ValidationError:
    return ValidationError(_("Ce n’est pas un site de l’organisation."), code="unknown")


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
    to_site = forms.CharField(max_length=20, required=False)

    def clean(self):
        data = super().clean() or self.cleaned_data
        if (code := data.get("to_site")) and not sister(self.site, code):
            self.add_error("to_site", no_such_site())
        if data.get("to_site") and data.get("move") != Move.TRANSFERRED:
            self.add_error("to_site", ValidationError(_("Seul un transfert a une destination."), code="move"))
        return data


class HandlingFields(MovedFields):
    """Movements told on the stock page; a dose given on site is recorded with its event."""

    move = forms.ChoiceField(label=_("Mouvement"), choices=[(m.value, m.label) for m in BY_HAND])


class CountedFields(forms.Form):
    quantity = forms.IntegerField(label=_("Quantité comptée"), min_value=0, max_value=MAX_UNITS)


class CountedForm(RecordForm, CountedFields):
    """A far-off count says why and who else looked; one that does not is kept, and asked about."""

    lot = forms.UUIDField()
    count_reason = CodeField("count_reason", required=False)
    second = forms.CharField(max_length=40, required=False)

    def clean(self):
        data = super().clean() or self.cleaned_data
        if (code := data.get("second")) and code not in staff_codes(self.site):
            unknown = ValidationError(_("Cette personne n’est pas du site."), code="unknown")
            self.add_error("second", unknown)
        return data


class ComponentLine(RecordForm):
    """So many units of a lot in each kit."""

    lot = forms.UUIDField(label=_("Lot"))
    quantity = forms.IntegerField(label=_("Unités par trousse"), min_value=1, max_value=100)


class AssembledForm(RecordForm, SerialFields):
    """Kits made on site: how many, and what goes into each. They last as long as what expires first."""

    lot = forms.UUIDField()
    product = ProductField((ProductKind.KIT,), label=_("Trousse"))
    lot_code = forms.CharField(label=_("Numéro de la série de trousses"), max_length=40)
    expiry = ExpiryField(label=_("Expiration"))
    quantity = forms.IntegerField(label=_("Trousses"), **WHOLE)
    lines = LinesField(ComponentLine, label=_("Dans chaque trousse"))


class GivenForm(RecordForm):
    kit_kind = CodeField("kit_kind", label=_("Genre de trousse"))
    count = forms.IntegerField(label=_("Nombre"), min_value=1, max_value=MAX_COUNT)
    form = CodeField("kit_form", label=_("Trousse ou dose seule"), required=False)
    trained = forms.IntegerField(
        label=_("Personnes formées"), min_value=0, max_value=MAX_COUNT, required=False
    )
    resupply_reason = CodeField("resupply_reason", label=_("Pourquoi?"), required=False)
    recipient = CodeField("kit_recipient", label=_("À qui, en général"), required=False)
    lot = forms.UUIDField(required=False)


class UsedForm(RecordForm):
    """What someone tells of naloxone used elsewhere. No date, no name, no text: only these answers."""

    survived = CodeField("survived", label=_("La personne"))
    kit_kind = CodeField("kit_kind", label=_("Genre de trousse"), required=False)
    doses = forms.IntegerField(label=_("Doses"), min_value=0, max_value=20, required=False)
    used_place = CodeField("used_place", label=_("Où, en gros"), required=False)
    ems_called = CodeField("ems_called", label=_("911"), required=False)
