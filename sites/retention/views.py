"""How long what is kept, what goes next, what a hold keeps, and the proof of what is gone."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.holds.models import LegalHold
from sites.keyring.signing import fingerprint
from sites.people.access import must_be_sure, staff_may
from sites.people.terms import Permission
from sites.places.models import Organisation, Site
from sites.retention import queries, services
from sites.retention.certificates import is_whole, signed_file
from sites.retention.forms import HoldForm, LiftForm, RunForm, ScheduleForm
from sites.retention.models import Destruction
from sites.retention.rules import FIXED
from sites.trail.services import note

FORM = ["GET", "HEAD", "POST"]
UNREADABLE = 422
PAGE = {"page": "retention"}


def _organisation(request) -> Organisation:
    site = request.site or next(iter(request.sites), None)
    if site is None:
        raise Http404
    return site.organisation


def _sites(request):
    """The sites in sight of the organisation whose schedule this is."""
    return Site.objects.filter(
        pk__in=[site.pk for site in request.sites], organisation=_organisation(request)
    )


def _typed(request):
    """What was posted, even if nothing was typed; None for a page that is only opened."""
    return request.POST if request.method == "POST" else None


def _status(form) -> int:
    return UNREADABLE if form.errors else 200


@require_safe
@staff_may(Permission.READ_REGISTERS, site=False)
def schedule(request):
    organisation = _organisation(request)
    signed = services.newest_schedule(organisation)
    context = {
        "organisation": organisation,
        "signed": signed,
        "lines": queries.lines(signed),
        "fixed": FIXED,
        "held": [held for held in queries.holds() if not held.over],
    }
    return render(request, "retention/schedule.html", PAGE | context)


@require_http_methods(FORM)
@staff_may(Permission.MANAGE_RETENTION, site=False)
@reauthentication_required(allow_get=True)
def sign(request):
    """Sign the periods, for every site or for one of them."""
    organisation = _organisation(request)
    signed = services.newest_schedule(organisation)
    chosen = _sites(request).filter(code=request.GET.get("site", "").replace("\x00", "")).first()
    months = queries.months_of(signed, chosen)
    form = ScheduleForm(
        _typed(request), sites=_sites(request), months=months,
        initial={"site": chosen.code if chosen else ""},
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        services.sign_schedule(
            organisation,
            services.periods_with(signed, form.cleaned_data["site"], form.periods),
            by=request.user.code,
            name=form.cleaned_data["name"],
            function=form.cleaned_data["function"],
        )
        messages.success(request, _("Le calendrier est signé. La destruction le suit dès cette nuit."))
        return redirect("retention")
    context = {"form": form, "signed": signed, "sites": _sites(request)}
    return render(request, "retention/sign.html", PAGE | context, status=_status(form))


@require_http_methods(FORM)
@staff_may(Permission.MANAGE_RETENTION, site=False)
@reauthentication_required(allow_get=True)
def run(request):
    """What would go, by category, as the worker found it; then, confirmed, it goes within the minute."""
    sites = _sites(request)
    form, tried = RunForm(_typed(request)), queries.tried(sites)
    if form.is_bound and form.is_valid() and tried and tried.holds:
        begun = [services.begin(told.site, by=request.user.code, told=told) for told in tried.runs]
        if any(begun):
            messages.success(request, _("La destruction commence dans la minute; son certificat suivra."))
        else:
            messages.info(request, _("Rien n’a passé sa durée : rien n’est détruit."))
        return redirect("certificates")
    if form.is_bound and not (tried and tried.holds):
        form.add_error(None, _("Refaire d’abord l’essai à blanc : ce qui part a pu changer."))
    context = {"form": form, "signed": services.newest_schedule(_organisation(request)), "tried": tried}
    return render(request, "retention/run.html", PAGE | context, status=_status(form))


@require_POST
@staff_may(Permission.MANAGE_RETENTION, site=False)
def try_out(request):
    """Have the worker count what would go; nothing is destroyed."""
    if services.newest_schedule(_organisation(request)):
        services.ask_dry_run(_sites(request), by=request.user.code)
    return redirect("retention-run")


@require_http_methods(FORM)
@staff_may(Permission.MANAGE_RETENTION, site=False)
def holds(request):
    """Holds in force and over; a new one."""
    form = HoldForm(_typed(request), sites=_sites(request), by=request.user.code)
    if form.is_bound and form.is_valid():
        services.place_hold(form.hold, by=request.user.code)
        messages.success(request, _("Le gel tient dès maintenant."))
        return redirect("holds")
    context = {"form": form, "held": queries.holds()}
    return render(request, "retention/holds.html", PAGE | context, status=_status(form))


@require_http_methods(FORM)
@staff_may(Permission.MANAGE_RETENTION, site=False)
def lift(request, ref):
    hold = get_object_or_404(LegalHold.objects.select_related("site"), ref=ref, lifted_at=None)
    must_be_sure(request)
    form = LiftForm(_typed(request))
    if form.is_bound and form.is_valid():
        services.lift_hold(hold, by=request.user.code, why=form.cleaned_data["why"])
        messages.success(request, _("Le gel est levé : ce qui a passé sa durée partira cette nuit."))
        return redirect("holds")
    context = {"form": form, "one": queries.Held(hold)}
    return render(request, "retention/lift.html", PAGE | context, status=_status(form))


@require_safe
@staff_may(Permission.READ_REGISTERS, site=False)
def certificates(request):
    runs = Destruction.objects.select_related("site").order_by("-began_at")[:200]
    context = {"runs": [(one, queries.rows_of(one)) for one in runs]}
    return render(request, "retention/certificates.html", PAGE | context)


def _certificate(pk: int) -> Destruction:
    runs = Destruction.objects.select_related("site", "schedule__organisation")
    return get_object_or_404(runs.exclude(finished_at=None), pk=pk)


@require_safe
@staff_may(Permission.READ_REGISTERS, site=False)
def certificate(request, pk: int):
    one = _certificate(pk)
    context = {
        "run": one,
        "gone": queries.gone(one),
        "rows": queries.rows_of(one),
        "whole": is_whole(one),
        "fingerprint": fingerprint(one.public_key),
    }
    return render(request, "retention/certificate.html", PAGE | context)


@require_safe
@staff_may(Permission.READ_REGISTERS, site=False)
def certificate_file(request, pk: int) -> HttpResponse:
    """The signed file, which `verify_certificate` checks anywhere."""
    one = _certificate(pk)
    name = f"destruction-{one.site.code if one.site else 'commun'}-{one.number}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    note("certificate taken", actor=request.user.code, about="certificate", about_id=one.pk)
    return JsonResponse(signed_file(one), headers=headers, json_dumps_params={"ensure_ascii": False})
