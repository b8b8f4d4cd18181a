"""The register of confidentiality incidents."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from sites.people.access import must_be_sure, staff_may
from sites.people.setup import FORM, UNREADABLE
from sites.people.terms import Permission
from sites.places.models import Site
from sites.registers import incidents
from sites.registers.incident_forms import IncidentForm
from sites.registers.models import ConfidentialityIncident
from sites.registers.notice import register_pdf
from sites.registers.services import StatedMeanwhile, amend_incident, open_incident
from sites.trail.services import note

PAGE = {"page": "registers"}


@require_safe
@staff_may(Permission.READ_REGISTERS)
def register(request):
    rows = [(row, incidents.lacks(row), incidents.days_known(row)) for row in incidents.newest(request.site)]
    note("incident register read", actor=request.user.code, site_id=request.site.pk)
    return render(request, "registers/incidents.html", PAGE | {"rows": rows})


@require_http_methods(FORM)
@staff_may(Permission.KEEP_REGISTERS)
def new(request):
    form = IncidentForm(request.POST or None, site=request.site, instance=ConfidentialityIncident())
    if request.method == "POST" and form.is_valid():
        made = open_incident(form.instance, site=request.site, by=request.user.code)
        messages.success(request, _("C’est inscrit."))
        return redirect("confidentiality-incident", made.number)
    return _form_page(request, form, None)


@require_safe
@staff_may(Permission.READ_REGISTERS)
def incident(request, number: int):
    """An incident as it stands, and each statement before, with what the next one changed."""
    every = _versions(request.site, number)
    steps = [
        (after, incidents.changes(before, after)) for after, before in zip(every, every[1:], strict=False)
    ]
    note("incident read", actor=request.user.code, site_id=request.site.pk, about="confidentiality incident",
         about_id=number)  # fmt: skip
    context = PAGE | {
        "incident": every[0],
        "items": incidents.lines(every[0]),
        "lacks": incidents.lacks(every[0]),
        "days": incidents.days_known(every[0]),
        "keep_until": incidents.keep_until(every[0].discovered_on),
        "steps": steps,
        "first": every[-1],
        "first_items": incidents.lines(every[-1]),
    }
    return render(request, "registers/incident.html", context)


@require_http_methods(FORM)
@staff_may(Permission.KEEP_REGISTERS)
def amend(request, number: int):
    was = _versions(request.site, number)[0]
    form = IncidentForm(request.POST or None, site=request.site, was=was, instance=ConfidentialityIncident())
    if request.method == "POST" and form.is_valid():
        try:
            amend_incident(
                form.instance,
                site=request.site,
                number=number,
                read=form.cleaned_data["read"] or 0,
                by=request.user.code,
            )
        except StatedMeanwhile:
            return _meanwhile(request, form, number)
        else:
            messages.success(request, _("C’est ajouté; ce qui était inscrit avant reste lisible."))
            return redirect("confidentiality-incident", number)
    return _form_page(request, form, was)


@require_safe
@staff_may(Permission.READ_REGISTERS)
def notice(request, number: int):
    """What is sent to the Commission about one incident, as a PDF."""
    found = _versions(request.site, number)[0]
    must_be_sure(request)
    note("incident exported", actor=request.user.code, site_id=request.site.pk,
         about="confidentiality incident", about_id=number)  # fmt: skip
    body = register_pdf(request.site, [found], _("Avis d’un incident de confidentialité"))
    return _pdf(body, f"{_('incident')}-{request.site.code}-{number}")


@require_safe
@staff_may(Permission.READ_REGISTERS)
def register_file(request):
    """The whole register as a PDF: the Commission may ask for a copy."""
    must_be_sure(request)
    note("incident register exported", actor=request.user.code, site_id=request.site.pk)
    rows = incidents.newest(request.site)
    body = register_pdf(request.site, rows, _("Registre des incidents de confidentialité"))
    return _pdf(body, f"{_('registre-des-incidents')}-{request.site.code}")


def _pdf(body: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(body, content_type="application/pdf", headers=headers)


def _versions(site: Site, number: int) -> list[ConfidentialityIncident]:
    found = incidents.versions(site, number)
    if not found:
        raise Http404
    return found


def _meanwhile(request, form: IncidentForm, number: int) -> HttpResponse:
    """The form again, as both said it: what was typed stays, and what someone else changed is shown."""
    every = _versions(request.site, number)
    read = next((row for row in every if row.version == form.cleaned_data["read"]), every[-1])
    both = incidents.amended(every[0], read, form.instance)
    again = IncidentForm(site=request.site, was=both, initial={"why": form.cleaned_data["why"]})
    return _form_page(request, again, both, incidents.changes(read, every[0]))


def _form_page(
    request, form: IncidentForm, was: ConfidentialityIncident | None, meanwhile: list | None = None
) -> HttpResponse:
    guide = incidents.pointer(form.instance if form.is_bound else was) if form.is_bound or was else ""
    context = PAGE | {
        "form": form,
        "was": was,
        "meanwhile": meanwhile,
        "guide": guide or _("Trois questions, puis votre conclusion. La loi demande de consulter la personne "
                            "responsable de la protection des renseignements."),
    }  # fmt: skip
    status = UNREADABLE if meanwhile is not None or (form.is_bound and form.errors) else 200
    return render(request, "registers/incident_form.html", context, status=status)
