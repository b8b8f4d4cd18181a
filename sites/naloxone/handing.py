"""Naloxone that goes out: what is proposed, what was given today, what was told back."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from sites.codes.queries import choices, label
from sites.naloxone.models import KitGiven, KitUsed, Lot
from sites.naloxone.queries import LotOnHand, first_expiring, lots_on_hand
from sites.naloxone.terms import GIVEN, KIT_DOSES, USED, Form, ProductKind, Stock
from sites.places.models import Site
from sites.places.queries import today
from sites.records.pages import submit_page
from sites.records.services import Receipt

ROUTE_OF = {"nasal": "in", "injectable": "im"}


class _Coded(forms.Form):
    """Fields whose choices are the code lists of the day, an empty one first unless one is usual."""

    lists: dict[str, str] = {}
    preset: tuple[str, ...] = ()

    def __init__(self, *args, day, **kwargs):
        super().__init__(*args, **kwargs)
        for name, codes in self.lists.items():
            blank = [] if name in self.preset else [("", "—")]
            self.fields[name].choices = [*blank, *choices(codes, day)]


class GivenFields(_Coded):
    lists = {
        "kit_kind": "kit_kind",
        "form": "kit_form",
        "resupply_reason": "resupply_reason",
        "recipient": "kit_recipient",
    }
    preset = ("kit_kind", "form")
    kit_kind = forms.ChoiceField(label=_("Genre de trousse"))
    form = forms.ChoiceField(label=_("Trousse ou dose seule"))
    count = forms.IntegerField(label=_("Nombre"), min_value=1, max_value=10_000, initial=1)
    trained = forms.IntegerField(label=_("Personnes formées"), min_value=0, max_value=10_000, required=False)
    resupply_reason = forms.ChoiceField(label=_("Pourquoi?"), required=False)
    recipient = forms.ChoiceField(label=_("À qui, en général"), required=False)


class UsedFields(_Coded):
    lists = {
        "survived": "survived",
        "kit_kind": "kit_kind",
        "used_place": "used_place",
        "ems_called": "ems_called",
    }
    survived = forms.ChoiceField(label=_("La personne"))
    doses = forms.IntegerField(label=_("Doses"), min_value=0, max_value=20, required=False)
    kit_kind = forms.ChoiceField(label=_("Genre de trousse"), required=False)
    used_place = forms.ChoiceField(label=_("Où, en gros"), required=False)
    ems_called = forms.ChoiceField(label=_("911"), required=False)


def proposed_lot(lots: list[LotOnHand], kit_kind: str, form: str) -> Lot | None:
    """The lot to take from, first-expiring: kits of that kind, else loose units to be taken home."""
    route = ROUTE_OF.get(kit_kind)
    take_home = [row for row in lots if row.lot.stock == Stock.TAKE_HOME and row.lot.product.route == route]
    kits = [row for row in take_home if row.lot.product.kind == ProductKind.KIT]
    loose = [row for row in take_home if row.lot.product.kind == ProductKind.NALOXONE]
    first, then = (kits, loose) if form == Form.KIT else (loose, kits)
    for rows in (first, then):
        with_units = [row for row in rows if row.units > 0]
        if with_units and (lot := first_expiring(with_units, with_units[0].lot.product.code)):
            return lot
    return next((row.lot for row in kits if not row.expired), None)


def give(request, data: dict) -> Receipt:
    lot = proposed_lot(lots_on_hand(request.site), data["kit_kind"], data["form"])
    told = {name: value for name, value in data.items() if value not in ("", None, 0)}
    if told.get("form") == Form.KIT:
        del told["form"]
    return submit_page(request, GIVEN, told | ({"lot": str(lot.ref)} if lot else {}))


def tell_used(request, data: dict) -> Receipt:
    return submit_page(request, USED, {k: v for k, v in data.items() if v not in ("", None)})


@dataclass(frozen=True)
class Today:
    """What went out and what was told today, in sums."""

    kits: int
    doses: int
    trained: int
    used: int
    alive: int


def today_of(site: Site) -> Today:
    day = today(site)
    given = list(KitGiven.objects.at(site).filter(service_date=day))
    used = list(KitUsed.objects.at(site).filter(service_date=day))
    return Today(
        kits=sum(row.count for row in given if row.form == Form.KIT),
        doses=sum(row.doses for row in given),
        trained=sum(row.trained for row in given),
        used=len(used),
        alive=sum(row.survived == "yes" for row in used),
    )


def ready(site: Site) -> list[tuple[str, Lot | None, int]]:
    """[(kind of kit in words, the batch that goes first, kits of it on hand)]."""
    lots = lots_on_hand(site)
    units = {row.lot.ref: row.units for row in lots}
    found = []
    for kind in ROUTE_OF:
        lot = proposed_lot(lots, kind, Form.KIT)
        each = KIT_DOSES if lot and lot.product.kind == ProductKind.NALOXONE else 1
        found.append((label("kit_kind", kind), lot, units.get(lot.ref, 0) // each if lot else 0))
    return found
