"""A count of many lots on one sheet: blind first; far from the ledger, it asks why and who else looked."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sites.clockwork.services import now
from sites.codes.queries import choices
from sites.naloxone.forms import MAX_UNITS
from sites.naloxone.models import Lot, StockMovement
from sites.naloxone.queries import LotOnHand, Rules, expected_at, lots_on_hand, rules_of
from sites.naloxone.terms import COUNTED, COUNTS, kind_for
from sites.people.models import Staff
from sites.people.queries import staff_codes
from sites.places.models import Site
from sites.places.queries import today
from sites.records.envelopes import as_uuid
from sites.records.models import Record
from sites.records.pages import WRITTEN, new_id, submit_page
from sites.records.services import Receipt
from sites.records.stories import live
from sites.records.terms import Status

# A count that nobody explained is asked about for this long.
ASK_FOR = timedelta(days=30)


class RowFields(forms.Form):
    """One lot on the sheet. `off` is set once the figure is known to be far from the ledger."""

    quantity = forms.IntegerField(
        label=gettext_lazy("Quantité comptée"), min_value=0, max_value=MAX_UNITS, required=False
    )
    count_reason = forms.ChoiceField(label=gettext_lazy("Raison de l’écart"), required=False)
    second = forms.ChoiceField(label=gettext_lazy("Deuxième personne"), required=False)

    def __init__(self, row: LotOnHand, colleagues, reasons, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.row, self.off, self.receipt = row, None, None
        self.fields["count_reason"].choices = [("", "—"), *reasons]
        self.fields["second"].choices = [("", "—"), *colleagues]

    @property
    def explained(self) -> bool:
        return bool(self.cleaned_data.get("count_reason") and self.cleaned_data.get("second"))


class CountSheet:
    """The lots to count, as one posted sheet."""

    def __init__(self, request, lots: Collection[LotOnHand], *, alone: bool = False):
        site = self.site = request.site
        names = Staff.objects.filter(code__in=staff_codes(site)).exclude(pk=request.user.pk)
        colleagues = list(names.order_by("display_name").values_list("code", "display_name"))
        reasons = choices("count_reason", today(site))
        data = request.POST if request.method == "POST" else None
        self.rows = [
            RowFields(row, colleagues, reasons, data, prefix=None if alone else str(row.lot.ref))
            for row in lots
        ]
        self.problem = ""

    @property
    def asking(self) -> bool:
        return any(row.off is not None for row in self.rows)

    def is_valid(self) -> bool:
        """Every figure readable, at least one, and the far ones explained."""
        valid = all([row.is_valid() for row in self.rows])
        if valid and not self.counted:
            self.problem = _("Compter au moins un lot.")
        elif valid:
            self._compare()
        return valid and not self.problem

    @property
    def counted(self) -> list[RowFields]:
        return [row for row in self.rows if row.cleaned_data.get("quantity") is not None]

    def _compare(self) -> None:
        at, rules = now(), rules_of(self.site)
        for row in self.counted:
            lot, quantity = row.row.lot, row.cleaned_data["quantity"]
            off = quantity - expected_at(self.site, lot.ref, at)
            if abs(off) > rules.tolerance(lot) and not row.explained:
                row.off = off
                row.add_error(None, ValidationError(_("Dire pourquoi, et qui d’autre a compté."), code="why"))
        if self.asking:
            self.problem = _("Un compte est loin de l’attendu : recompter, puis dire pourquoi et avec qui.")

    def write(self, request) -> tuple[list[Receipt], dict[uuid.UUID, int]]:
        """Write every counted lot; the second value is how far each was from the ledger, in units."""
        page_id, at = as_uuid(request.POST.get("record_id")) or new_id(), now()
        for row in self.counted:
            lot = row.row.lot
            told = {name: value for name, value in row.cleaned_data.items() if value not in ("", None)}
            row.receipt = submit_page(
                request,
                kind_for(COUNTED, lot.product.kind),
                {**told, "lot": str(lot.ref)},
                at=at,
                record_id=uuid.uuid5(page_id, str(lot.ref)),
            )
        receipts = [row.receipt for row in self.counted]
        return receipts, self._off(receipts)

    def _off(self, receipts: list[Receipt]) -> dict[uuid.UUID, int]:
        ids = [r.id for r in receipts if r.status in WRITTEN]
        off: dict[uuid.UUID, int] = {}
        for row in StockMovement.objects.at(self.site).filter(record_id__in=ids):
            off[row.lot_ref] = off.get(row.lot_ref, 0) + row.units
        return off


def to_count(site: Site) -> list[LotOnHand]:
    """What a full count goes through: whatever has units, by product; empty lots are left out."""
    rows = [row for row in lots_on_hand(site) if row.units]
    return sorted(rows, key=lambda row: (row.lot.product.kind, row.lot.product.name, row.lot.stock))


@dataclass(frozen=True)
class Unexplained:
    lot: Lot
    record_id: uuid.UUID
    off: int


def unexplained(site: Site, rules: Rules | None = None) -> list[Unexplained]:
    """Recent counts, from tablets too, that were far off and say neither why nor with whom."""
    rules, since = rules or rules_of(site), now() - ASK_FOR
    counts = Record.objects.at(site).filter(
        kind__in=COUNTS, status=Status.CREATED, service_date__gte=since.date()
    )
    subjects = set(counts.values_list("subject", flat=True))
    stories = list(Record.objects.at(site).filter(subject__in=subjects, status=Status.CREATED))
    told = [t for t in live(stories) if t.kind in COUNTS and t.occurred_at >= since]
    bare = [t for t in told if not (t.data.get("count_reason") and t.data.get("second"))]
    off: dict[uuid.UUID, int] = {}
    for row in StockMovement.objects.at(site).filter(record_id__in=[t.record_id for t in bare]):
        off[row.record_id] = off.get(row.record_id, 0) + row.units
    lots = {lot.ref: lot for lot in Lot.objects.at(site).filter(ref__in=subjects).select_related("product")}
    found = []
    for telling in bare:
        lot, units = lots.get(uuid.UUID(telling.data["lot"])), off.get(telling.record_id, 0)
        if lot and abs(units) > rules.tolerance(lot):
            found.append(Unexplained(lot, telling.record_id, units))
    return found
