"""Figures about the same events that others publish: known to the gate from then on (privacy.md R9, R11)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from sites.people.access import staff_may
from sites.people.terms import Permission
from sites.places.models import Site
from sites.releases.external import narrowed_by, register_figure
from sites.releases.forms import FigureOfOthersForm
from sites.releases.models import ExternalFigure

PAGE = {"page": "releases"}


@require_safe
@staff_may(Permission.READ_REGISTERS, site=False)
def external_figures(request):
    figures = ExternalFigure.objects.select_related("site", "region").order_by("-registered_at", "-pk")
    return render(request, "releases/external.html", PAGE | {"figures": figures})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_may(Permission.SIGN_REGISTER, site=False)
def external_figure_new(request):
    form = FigureOfOthersForm(request.POST or None, sites=request.sites)
    if request.method == "POST" and form.is_valid() and _register(request, form):
        return redirect("external-figures")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "releases/external_form.html", PAGE | {"form": form}, status=status)


def _register(request, form: FigureOfOthersForm) -> bool:
    """It is written down whatever it does: it is out already. Who writes it learns what it narrows."""
    told = form.told()
    try:
        register_figure(told, by=request.user.code)
    except ValueError as refused:
        form.add_error(None, ValidationError(str(refused), code="refused"))
        return False
    narrow = len(narrowed_by(told, Site.objects.all()))
    if narrow:
        words = ngettext(
            "C’est enregistré. Avec ce chiffre, %(n)s cellule déjà publiée se lit à moins de 4 près : le "
            "dire dans l’analyse du risque.",
            "C’est enregistré. Avec ce chiffre, %(n)s cellules déjà publiées se lisent à moins de 4 près : "
            "le dire dans l’analyse du risque.",
            narrow,
        )
        messages.warning(request, words % {"n": narrow})
    else:
        messages.success(request, _("C’est enregistré. Ce chiffre ne précise aucune cellule publiée."))
    return True
