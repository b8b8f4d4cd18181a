"""Between sites, from the pages: send units away, take in what came."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from sites.naloxone.forms import MAX_UNITS
from sites.naloxone.models import InTransit, Lot
from sites.naloxone.queries import lots_on_hand
from sites.naloxone.terms import MOVED, RECEIVED, Move, Stock, kind_for
from sites.naloxone.transit import OnItsWay, on_its_way
from sites.places.models import Site
from sites.records.envelopes import as_uuid
from sites.records.pages import new_id, submit_page
from sites.records.services import Receipt


class SendFields(forms.Form):
    lot = forms.ChoiceField(label=_("Lot"))
    quantity = forms.IntegerField(label=_("Quantité (unités)"), min_value=1, max_value=MAX_UNITS)
    to_site = forms.ChoiceField(label=_("Vers"))

    def __init__(self, *args, site: Site, **kwargs):
        super().__init__(*args, **kwargs)
        self.lots = {str(row.lot.ref): row.lot for row in lots_on_hand(site) if row.units > 0}
        self.fields["lot"].choices = [("", "—"), *((ref, lot_words(lot)) for ref, lot in self.lots.items())]
        self.fields["to_site"].choices = [("", "—"), *destinations(site)]


class TakeInFields(forms.Form):
    quantity = forms.IntegerField(label=_("Reçu (unités)"), min_value=1, max_value=MAX_UNITS)
    missing = forms.IntegerField(
        label=_("Manquant (unités)"), min_value=0, max_value=MAX_UNITS, required=False
    )


def lot_words(lot: Lot) -> str:
    parts = [lot.product.name, lot.lot_code, lot.expiry and lot.expiry.isoformat(), lot.get_stock_display()]
    return " · ".join(str(part) for part in parts if part)


def destinations(site: Site) -> list[tuple[str, str]]:
    """Sites of the organisation; this one too, for its other stock."""
    sisters = Site.objects.filter(organisation=site.organisation_id).order_by("code")
    return [(one.code, str(_("Ici, l’autre stock")) if one.pk == site.pk else one.name) for one in sisters]


def send_away(request, form: SendFields) -> Receipt:
    lot, told = form.lots[form.cleaned_data["lot"]], form.cleaned_data
    data = {"lot": str(lot.ref), "move": Move.TRANSFERRED, "quantity": told["quantity"]}
    return submit_page(request, kind_for(MOVED, lot.product.kind), data | {"to_site": told["to_site"]})


def arriving(site: Site) -> list[OnItsWay]:
    """What this site may take in: from others, and from its own other stock."""
    return [
        way for way in on_its_way(site) if way.units > 0 and (not way.outgoing or way.other.pk == site.pk)
    ]


def is_known(site: Site, transfer: uuid.UUID) -> bool:
    return InTransit.objects.at(site).filter(transfer=transfer).exists()


def is_arriving(site: Site, transfer: uuid.UUID) -> bool:
    """Still under way: what was taken in by a form posted twice is not."""
    return any(way.transfer == transfer for way in arriving(site))


def take_in(request, transfer: uuid.UUID, data: dict) -> Receipt:
    """Receive what came, into the lot of that number here, or a new one."""
    site = request.site
    way = next(one for one in arriving(site) if one.transfer == transfer)
    stock = _stock_here(site, way)
    known = Lot.objects.at(site).filter(
        product=way.product, lot_code=way.lot_code, expiry=way.expiry, stock=stock
    )
    lot = known.first()
    ref = lot.ref if lot else as_uuid(request.POST.get("lot")) or new_id()
    told = {
        "lot": str(ref),
        "product": way.product.code,
        "stock": stock,
        "lot_code": way.lot_code,
        "expiry": way.expiry.isoformat() if way.expiry else None,
        "transfer": str(transfer),
        "from_site": way.other.code,
    }
    return submit_page(request, kind_for(RECEIVED, way.product.kind), told | data)


def _stock_here(site: Site, way: OnItsWay) -> str:
    """The stock it left, and at the same site the other one."""
    if way.other.pk != site.pk:
        return way.stock
    return Stock.TAKE_HOME if way.stock == Stock.CLINICAL else Stock.CLINICAL
