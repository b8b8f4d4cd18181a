"""The registers of a site on one page; its authorisations and conditions."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.people.access import staff_may
from sites.people.setup import FORM, UNREADABLE
from sites.people.terms import Permission
from sites.registers import services
from sites.registers.authorisations import standings
from sites.registers.forms import AuthorisationForm, CheckForm, ConditionForm
from sites.registers.models import Authorisation, Condition, ConditionCheck
from sites.registers.reminders import reminders

PAGE = {"page": "registers"}


def form_page(request, form, title: str, **context) -> HttpResponse:
    """A form of the registers. `back`: the URL to return to."""
    status = UNREADABLE if form.is_bound and form.errors else 200
    return render(
        request, "registers/form.html", PAGE | {"form": form, "title": title} | context, status=status
    )


@require_safe
@staff_may(Permission.READ_REGISTERS, site=False)
def registers(request):
    """All registers, and what they ask somebody to do now."""
    found = reminders(request.site) if request.site else []
    return render(request, "registers/index.html", PAGE | {"reminders": found})


@require_safe
@staff_may(Permission.READ_REGISTERS)
def authorisations(request):
    return render(request, "registers/authorisations.html", PAGE | {"standings": standings(request.site)})


@require_safe
@staff_may(Permission.READ_REGISTERS)
def authorisation(request, pk: int):
    row = _authorisation(request, pk)
    standing = next(one for one in standings(request.site) if one.authorisation.pk == row.pk)
    checks = ConditionCheck.objects.at(request.site).filter(condition__authorisation=row)
    context = PAGE | {"standing": standing, "row": row, "checks": checks.select_related("condition")}
    return render(request, "registers/authorisation.html", context)


@require_http_methods(FORM)
@staff_may(Permission.KEEP_REGISTERS)
def authorisation_form(request, pk: int | None = None):
    row = _authorisation(request, pk) if pk else Authorisation()
    form = AuthorisationForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        made = services.keep_authorisation(
            form.instance, site=request.site, what=form.changed_data, by=request.user.code
        )
        messages.success(request, _("C’est enregistré."))
        return redirect("authorisation", made.pk)
    return form_page(request, form, _("Autorisation"), back="authorisations")


@require_http_methods(FORM)
@staff_may(Permission.KEEP_REGISTERS)
def condition_new(request, pk: int):
    row = _authorisation(request, pk)
    form = ConditionForm(request.POST or None, instance=Condition())
    if request.method == "POST" and form.is_valid():
        services.add_condition(form.instance, authorisation=row, by=request.user.code)
        messages.success(request, _("C’est enregistré."))
        return redirect("authorisation", pk)
    return form_page(request, form, _("Condition"), back="authorisation", back_pk=pk, about=str(row))


@require_http_methods(FORM)
@staff_may(Permission.KEEP_REGISTERS)
def condition_check(request, pk: int):
    condition = _condition(request, pk)
    form = CheckForm(request.POST or None, condition=condition, instance=ConditionCheck())
    if request.method == "POST" and form.is_valid():
        services.check_condition(form.instance, condition=condition, by=request.user.code)
        messages.success(request, _("C’est enregistré."))
        return redirect("authorisation", condition.authorisation_id)
    back = {"back": "authorisation", "back_pk": condition.authorisation_id, "about": condition.words}
    return form_page(request, form, _("Vérifier une condition"), **back)


@require_POST
@staff_may(Permission.KEEP_REGISTERS)
def condition_retire(request, pk: int):
    condition = _condition(request, pk)
    services.retire_condition(condition, by=request.user.code)
    messages.success(request, _("Cette condition n’est plus demandée; ses vérifications restent."))
    return redirect("authorisation", condition.authorisation_id)


def _authorisation(request, pk: int) -> Authorisation:
    return get_object_or_404(Authorisation.objects.at(request.site), pk=pk)


def _condition(request, pk: int) -> Condition:
    rows = Condition.objects.at(request.site).select_related("authorisation", "site")
    return get_object_or_404(rows.filter(retired_on=None), pk=pk)
