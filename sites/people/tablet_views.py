"""The tablets of a site: let in by a code, named, placed, revoked."""

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from sites.people import services
from sites.people.access import must_be_sure, staff_may
from sites.people.enrolment import VALID_FOR, make_code, qr
from sites.people.forms import TabletForm
from sites.people.models import Device
from sites.people.setup import FORM, UNREADABLE, form_page, page, saved
from sites.people.terms import Permission

MINUTES = int(VALID_FOR.total_seconds() // 60)


def _tablet(request, device) -> Device:
    return get_object_or_404(Device.objects.at(request.site), uuid=device)


@require_http_methods(FORM)
@staff_may(Permission.MANAGE_STAFF)
def tablets(request):
    form = TabletForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _code_told(request, **form.cleaned_data)
    enrolled = Device.objects.at(request.site).order_by("revoked_at", "label", "enrolled_at")
    return page(
        request,
        "people/tablets.html",
        subject="setup-tablets",
        status=UNREADABLE if form.errors else 200,
        form=form,
        tablets=enrolled,
    )


@require_POST
@staff_may(Permission.MANAGE_STAFF)
def enrol_again(request, device):
    """A code for the tablet that takes this one's place; once used, this one is revoked."""
    old = _tablet(request, device)
    return _code_told(request, label=old.label, place=old.place, replaces=old)


def _code_told(request, **tablet):
    must_be_sure(request)
    code = make_code(request.site, by=request.user.code, **tablet)
    address = request.build_absolute_uri(f"{reverse('tablet')}#{code}")
    return page(
        request,
        "people/tablet_code.html",
        subject="setup-tablets",
        code=code,
        address=address,
        qr=qr(address),
        label=tablet["label"],
        minutes=MINUTES,
    )


@require_http_methods(FORM)
@staff_may(Permission.MANAGE_STAFF)
def tablet_change(request, device):
    tablet = _tablet(request, device)
    initial = {"label": tablet.label, "place": tablet.place}
    form = TabletForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.change_tablet(tablet, **form.cleaned_data, by=request.user.code)
        saved(request)
        return redirect("setup-tablets")
    return form_page(request, form, subject="setup-tablets", title=tablet.label, back="setup-tablets")


@require_POST
@staff_may(Permission.MANAGE_STAFF)
def tablet_revoke(request, device):
    services.revoke_tablet(_tablet(request, device), by=request.user.code)
    saved(request)
    return redirect("setup-tablets")
