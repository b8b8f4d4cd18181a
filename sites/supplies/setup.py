"""What a manager sets of the counter: usual baskets, and what a kilogram or a container is taken for."""

from datetime import date

from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from sites.people.access import staff_may
from sites.people.setup import FORM, Subject, form_page, further, page, saved
from sites.people.terms import Permission
from sites.places import services as places
from sites.places.forms import SetUp
from sites.places.models import Site
from sites.places.queries import today
from sites.supplies import pages
from sites.supplies.forms import MOST
from sites.supplies.models import Basket
from sites.supplies.queries import FIRST, baskets, conversion_on, conversions, given_most
from sites.supplies.services import set_conversion
from sites.supplies.terms import FIRST_CONVERSION, KILOGRAM

SUBJECT = "setup-counter"


def _subject(request) -> Subject:
    return Subject(SUBJECT, gettext_lazy("Comptoir"), Permission.SET_UP, baskets(request.site))


further.append(_subject)


# --- Forms -------------------------------------------------------------------------------
class BasketForm(SetUp, forms.ModelForm):
    """A name and a number for each item; what is left empty is not in the basket."""

    class Meta:
        model = Basket
        fields = ["name_fr", "name_en", "position", "retired"]

    def __init__(self, *args, site: Site, **kwargs):
        super().__init__(*args, **kwargs)
        held = {line["item"]: line["quantity"] for line in self.instance.lines}
        self.items = pages.items(site, {})
        for item in self.items:
            words = ", ".join(part for part in (item.name, item.detail) if part)
            self.fields[item.code] = forms.IntegerField(
                label=words, required=False, min_value=0, max_value=MOST, initial=held.get(item.code)
            )

    def layout(self) -> Layout:
        codes = [item.code for item in self.items]
        pairs = [Div(*codes[n : n + 2], css_class="opening") for n in range(0, len(codes), 2)]
        return Layout(Div("name_fr", "name_en", css_class="opening"), "position", Div(*pairs), "retired")

    def clean(self):
        data = super().clean() or self.cleaned_data
        if not any(data.get(item.code) for item in self.items) and not self.errors:
            raise ValidationError(_("Un panier contient au moins un article."), code="empty")
        return data

    def lines(self) -> list[dict]:
        data = self.cleaned_data
        return [{"item": i.code, "quantity": data[i.code]} for i in self.items if data.get(i.code)]


class ConversionForm(SetUp, forms.Form):
    valid_from = forms.DateField(
        label=gettext_lazy("À partir du"),
        help_text=gettext_lazy("Ce qui est déjà compté garde la conversion de son jour."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    source = forms.CharField(
        label=gettext_lazy("D’où viennent ces nombres"),
        max_length=200,
        help_text=gettext_lazy("Par exemple : pesée de trois bacs, par deux personnes."),
    )

    def __init__(self, *args, site: Site, **kwargs):
        super().__init__(*args, **kwargs)
        self.site = site
        known = conversion_on(site, today(site)).syringes
        for unit in FIRST_CONVERSION:
            self.fields[unit] = forms.IntegerField(
                label=unit_words(unit), min_value=1, max_value=5000, initial=known.get(unit)
            )

    def layout(self) -> Layout:
        return Layout(*self.fields)

    def clean_valid_from(self) -> date:
        day = self.cleaned_data["valid_from"]
        if day < today(self.site):
            raise ValidationError(_("Pas avant aujourd’hui : ce qui est compté ne change plus."), code="past")
        return day


def unit_words(unit: str) -> str:
    if unit == KILOGRAM:
        return _("Seringues dans un kilogramme")
    return _("Seringues dans un contenant plein : %(bin)s") % {"bin": pages.parts_of(unit)[0]}


# --- Pages -------------------------------------------------------------------------------
@require_safe
@staff_may(Permission.SET_UP)
def overview(request):
    site = request.site
    in_force = conversion_on(site, today(site))
    context = {
        "baskets": Basket.objects.at(site),
        "contents": {b.pk: pages.Usual("", "", b.lines).contents for b in Basket.objects.at(site)},
        "most": [pages.Usual("", "", lines).contents for lines in given_most(site)],
        "conversion": in_force,
        "units": [(unit_words(unit), in_force.syringes.get(unit)) for unit in FIRST_CONVERSION],
        "versions": [FIRST, *conversions(site)],
    }
    return page(request, "supplies/setup.html", subject=SUBJECT, **context)


@require_http_methods(FORM)
@staff_may(Permission.SET_UP)
def basket(request, pk: int | None = None) -> HttpResponse:
    site = request.site
    row = get_object_or_404(Basket.objects.at(site), pk=pk) if pk else Basket(site=site)
    form = BasketForm(request.POST or None, instance=row, site=site)
    if request.method == "POST" and form.is_valid():
        form.instance.lines = form.lines()
        places.keep(form.instance, site=site, about="basket", what=form.changed_data, by=request.user.code)
        saved(request)
        return redirect(SUBJECT)
    return form_page(request, form, subject=SUBJECT, title=_("Panier habituel"), back=SUBJECT)


@require_http_methods(FORM)
@staff_may(Permission.SET_UP)
def conversion(request) -> HttpResponse:
    site = request.site
    form = ConversionForm(request.POST or None, site=site, initial={"valid_from": today(site)})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        units = {unit: data[unit] for unit in FIRST_CONVERSION}
        set_conversion(
            site, units, valid_from=data["valid_from"], source=data["source"], by=request.user.code
        )
        saved(request)
        return redirect(SUBJECT)
    title = _("Conversion de ce qui est rapporté")
    return form_page(request, form, subject=SUBJECT, title=title, back=SUBJECT)
