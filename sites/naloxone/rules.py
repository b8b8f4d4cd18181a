"""What a site wants of its shelves, as its manager sets it."""

from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext_lazy as _

from sites.naloxone.forms import MAX_UNITS
from sites.naloxone.models import Product, ShelfRule
from sites.naloxone.queries import lots_on_hand
from sites.naloxone.terms import MINIMUM, TOLERANCE, ProductKind, Stock, usual_stock
from sites.places.models import Site
from sites.trail.services import note


class RuleFields(forms.Form):
    minimum = forms.IntegerField(label=_("Minimum"), min_value=0, max_value=MAX_UNITS)
    tolerance = forms.IntegerField(label=_("Écart de compte sans question"), min_value=0, max_value=MAX_UNITS)


@dataclass
class RuleRow:
    product: Product
    stock: str
    form: RuleFields

    @property
    def stock_words(self) -> str:
        return str(Stock(self.stock).label)


def rule_rows(site: Site, data=None) -> list[RuleRow]:
    """A row for each shelf that is in use or usual."""
    told = {(r.product_id, r.stock): r for r in ShelfRule.objects.at(site)}
    used = {(row.lot.product, row.lot.stock) for row in lots_on_hand(site)}
    usual = {(p, usual_stock(p.kind).value) for p in Product.objects.exclude(kind=ProductKind.SUPPLY)}
    rows = []
    for product, stock in sorted(used | usual, key=lambda pair: (pair[0].kind, pair[0].name, pair[1])):
        kind, rule = ProductKind(product.kind), told.get((product.pk, stock))
        initial = {
            "minimum": rule.minimum if rule else MINIMUM[kind] * (stock == usual_stock(kind)),
            "tolerance": rule.tolerance if rule else TOLERANCE[kind],
        }
        rows.append(
            RuleRow(product, stock, RuleFields(data, prefix=f"{product.pk}-{stock}", initial=initial))
        )
    return rows


def keep_rules(site: Site, rows: list[RuleRow], by: str) -> int:
    """Keep what was changed; returns how many shelves."""
    changed = [row for row in rows if row.form.has_changed()]
    for row in changed:
        told = row.form.cleaned_data
        ShelfRule.objects.update_or_create(site=site, product=row.product, stock=row.stock, defaults=told)
        why = f"{row.product.code} {row.stock}: {told['minimum']} / {told['tolerance']}"
        note("stock rule", actor=by, site_id=site.pk, about="shelf", why=why)
    return len(changed)
