"""Kits made at a desk: which lots go into each, first-expiring proposed first."""

from django import forms
from django.utils.translation import gettext_lazy as _

from sites.naloxone.forms import MAX_UNITS, ProductField, SerialFields
from sites.naloxone.models import Lot
from sites.naloxone.queries import lots_on_hand
from sites.naloxone.sending import lot_words
from sites.naloxone.terms import ASSEMBLED, ProductKind
from sites.places.models import Site
from sites.records.envelopes import as_uuid
from sites.records.pages import new_id, submit_page
from sites.records.services import Receipt

PARTS = 3


class AssembleFields(SerialFields):
    """A batch, and up to three lots with their units in each kit; it expires with the first of them."""

    product = ProductField((ProductKind.KIT,), label=_("Trousse"))
    lot_code = forms.CharField(label=_("Numéro de la série de trousses"), max_length=40)
    quantity = forms.IntegerField(label=_("Trousses"), min_value=1, max_value=MAX_UNITS)

    def __init__(self, *args, site: Site, **kwargs):
        super().__init__(*args, **kwargs)
        rows = [row for row in lots_on_hand(site) if row.units > 0 and not row.expired]
        parts = [row.lot for row in rows if row.lot.product.kind == ProductKind.NALOXONE and row.lot.expiry]
        self.lots: dict[str, Lot] = {str(lot.ref): lot for lot in parts}
        choices = [("", "—"), *((ref, lot_words(lot)) for ref, lot in self.lots.items())]
        for n in range(1, PARTS + 1):
            self.fields[f"part_{n}"] = forms.ChoiceField(
                label=_("Lot %(n)s dans la trousse") % {"n": n}, choices=choices, required=n == 1
            )
            self.fields[f"units_{n}"] = forms.IntegerField(
                label=_("Unités du lot %(n)s par trousse") % {"n": n},
                min_value=1, max_value=100, required=n == 1, initial=2 if n == 1 else None,
            )  # fmt: skip
        self.order_fields(["product", "lot_code", "quantity"])

    def clean(self):
        data = super().clean() or self.cleaned_data
        for n in range(2, PARTS + 1):
            if bool(data.get(f"part_{n}")) != bool(data.get(f"units_{n}")):
                self.add_error(
                    f"part_{n}", forms.ValidationError(_("Un lot et ses unités, ou rien."), code="half")
                )
        return data

    @property
    def parts(self) -> list[tuple[Lot, int]]:
        told = self.cleaned_data
        named = [(told.get(f"part_{n}"), told.get(f"units_{n}")) for n in range(1, PARTS + 1)]
        return [(self.lots[ref], units) for ref, units in named if ref]


def assemble(request, form: AssembleFields) -> Receipt:
    told = form.cleaned_data
    data = {
        "lot": str(as_uuid(request.POST.get("lot")) or new_id()),
        "product": told["product"],
        "lot_code": told["lot_code"],
        "expiry": min(lot.expiry for lot, _units in form.parts).isoformat(),
        "quantity": told["quantity"],
        "serial_from": told["serial_from"],
        "serial_to": told["serial_to"],
        "lines": [{"lot": str(lot.ref), "quantity": units} for lot, units in form.parts],
    }
    return submit_page(request, ASSEMBLED, data)
