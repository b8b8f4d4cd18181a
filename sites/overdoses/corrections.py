"""The form that corrects one line of an event: its time, its value, or all of a dose."""

from datetime import datetime, timedelta
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sites.clockwork.services import now
from sites.codes.queries import choices
from sites.naloxone.models import Lot, Product
from sites.overdoses.models import OverdoseEvent
from sites.overdoses.services import DOSE, OPENED
from sites.overdoses.timeline import elapsed, seconds_typed, typed_clock
from sites.places.models import Site
from sites.places.queries import local
from sites.records.forms import Number
from sites.records.stories import Telling
from sites.records.terms import CLOCK_TOLERANCE_S
from sites.templatetags.scs import clock, number

OTHER = "other"
REASONS = [
    ("heure précisée", _("Heure précisée")),
    ("valeur précisée", _("Valeur précisée")),
    ("mauvais bouton", _("Mauvais bouton")),
    ("noté après coup", _("Noté après coup")),
    (OTHER, _("Autre raison")),
]
DOSE_FIELDS = ("product", "route", "dose_mg", "given_by", "lot")
FURTHEST = timedelta(hours=24)


class ReasonForm(forms.Form):
    """Why: a chip, or a few words."""

    reason = forms.ChoiceField(
        label=_("Pourquoi?"),
        choices=REASONS,
        error_messages={"required": _("Dire pourquoi."), "invalid_choice": _("Dire pourquoi.")},
    )
    reason_text = forms.CharField(label=_("En quelques mots"), max_length=200, required=False)

    def clean(self):
        data = super().clean() or self.cleaned_data
        if data.get("reason") == OTHER and not data.get("reason_text") and "reason_text" not in self.errors:
            self.add_error("reason_text", ValidationError(_("Dire pourquoi."), code="required"))
        return data

    @property
    def why(self) -> str:
        reason = self.cleaned_data["reason"]
        return self.cleaned_data["reason_text"] if reason == OTHER else reason


class CorrectionForm(ReasonForm):
    time = forms.CharField(label=_("Quand"), max_length=20)
    value = Number(label=_("Valeur"), required=False, min_value=0, max_value=9999, decimal_places=2)
    product = forms.ChoiceField(label=_("Produit"))
    route = forms.ChoiceField(label=_("Voie"))
    dose_mg = Number(label=_("Dose (mg)"), min_value=Decimal("0.01"), max_value=99, decimal_places=2)
    given_by = forms.ChoiceField(label=_("Donnée par"))
    lot = forms.ChoiceField(label=_("Lot"), required=False)

    field_order = ["time", "value", *DOSE_FIELDS, "reason", "reason_text"]

    def __init__(self, data=None, *, site: Site, event: OverdoseEvent, telling: Telling):
        self.site, self.event, self.telling = site, event, telling
        super().__init__(data, initial=self._now())
        self._keep_only_what_applies()
        if telling.kind == DOSE:
            self._offer()
        self.fields["time"].help_text = (
            _("L’heure, comme 21 h 44") if telling.kind == OPENED else _("Depuis le début, comme 2:50")
        )

    def _now(self) -> dict:
        told = {name: self.telling.data.get(name, "") for name in ("value", *DOSE_FIELDS)}
        told |= {name: number(told[name]) for name in ("value", "dose_mg") if told[name]}
        since = (self.telling.occurred_at - self.event.opened_at).total_seconds()
        opened = self.telling.kind == OPENED
        return told | {"time": clock(self.telling.occurred_at, self.site) if opened else elapsed(since)}

    def _keep_only_what_applies(self) -> None:
        gone = [] if self.telling.kind == DOSE else [*DOSE_FIELDS]
        if "value" not in self.telling.data:
            gone.append("value")
        for name in gone:
            del self.fields[name]

    def _offer(self) -> None:
        """Codes of the day, and this site's lots alone; the lot named so far stays, received or not."""
        self.fields["product"].choices = [(p.code, p.name) for p in Product.objects.naloxone()]
        for name, codes in (("route", "dose_route"), ("given_by", "given_by")):
            self.fields[name].choices = choices(codes, self.event.service_date)
        lots = [(str(lot.ref), f"{lot.lot_code} · {lot.product.name}") for lot in _lots(self.site)]
        named = self.telling.data.get("lot")
        if named and named not in dict(lots):
            lots.append((named, _("pas encore reçu")))
        self.fields["lot"].choices = [("", _("sans lot")), *lots]

    def clean_time(self) -> datetime:
        text = self.cleaned_data["time"]
        if text.strip() == self.initial["time"]:
            return self.telling.occurred_at
        moment = self._opening(text) if self.telling.kind == OPENED else self._since(text)
        if moment > now() + timedelta(seconds=CLOCK_TOLERANCE_S):
            raise ValidationError(_("Cette heure n’est pas encore venue."), code="future")
        if abs(moment - self.telling.occurred_at) > FURTHEST:
            raise ValidationError(_("C’est à plus d’un jour de ce qui était noté."), code="far")
        return moment

    def _opening(self, text: str) -> datetime:
        moment = typed_clock(text, local(self.site, self.telling.occurred_at))
        if moment is None:
            raise ValidationError(_("Écrire l’heure comme 21 h 44."), code="time")
        return moment

    def _since(self, text: str) -> datetime:
        seconds = seconds_typed(text)
        if seconds is None:
            raise ValidationError(_("Écrire le temps depuis le début comme 2:50."), code="time")
        return self.event.opened_at + timedelta(seconds=seconds)

    def clean_lot(self) -> str:
        lot, product = self.cleaned_data["lot"], self.cleaned_data.get("product")
        row = next((row for row in _lots(self.site) if str(row.ref) == lot), None)
        if row and product and row.product.code != product:
            raise ValidationError(_("Ce lot est d’un autre produit."), code="product")
        return lot

    def clean(self):
        data = super().clean()
        if not self.errors and not self.changes:
            raise ValidationError(_("Rien n’a changé."), code="same")
        return data

    @property
    def changes(self) -> dict:
        """Only what differs from what the line says now, as a correction sends it."""
        changes: dict = {}
        if self.cleaned_data["time"] != self.telling.occurred_at:
            changes["occurred_at"] = self.cleaned_data["time"].isoformat()
        for name in ("value", *DOSE_FIELDS):
            if name in self.fields:
                new, old = self.cleaned_data[name], self.telling.data.get(name)
                if not _same(new, old):
                    changes[name] = str(new) if new not in (None, "") else None
        return changes


def _same(new, old) -> bool:
    if isinstance(new, Decimal):
        return old is not None and new == Decimal(str(old))
    return (new or None) == (old or None)


def _lots(site: Site):
    return Lot.objects.at(site).select_related("product")
