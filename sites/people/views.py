"""Staff of a site."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.people import services
from sites.people.access import must_be_sure, staff_may
from sites.people.forms import PinForm, ReasonForm, StaffForm
from sites.people.models import Posting, Staff
from sites.people.pins import lift, set_pin, tell_once
from sites.people.queries import ON_TABLETS, may_change, may_grant, team, works_at
from sites.people.setup import FORM, UNREADABLE, form_page, page, saved
from sites.people.terms import Permission

ELSEWHERE = gettext_lazy(
    "Cette personne travaille à un autre site : son compte et ses accès sont changés par qui gère tous ses "
    "sites, ou par l’administration du système."
)


def _colleague(request, pk: int) -> Staff:
    """Someone who works or worked at this site, and whose role one may give."""
    staff = get_object_or_404(Posting.objects.at(request.site).select_related("staff"), staff_id=pk).staff
    if not may_grant(request.user, staff.role):
        raise PermissionDenied
    return staff


def _in_hand(request, pk: int) -> Staff:
    """The same, for what changes how they come in: at every site where they work."""
    staff = _colleague(request, pk)
    if not may_change(request.user, works_at(staff), among=request.sites):
        raise PermissionDenied(ELSEWHERE)
    return staff


@require_POST
@staff_may(Permission.SIGNED_IN)
def choose_site(request):
    """Work at another of the sites where one is posted, until the session ends."""
    chosen = request.POST.get("site", "")
    if chosen not in {site.code for site in request.sites}:
        raise Http404
    request.session["site"] = chosen
    return redirect("/")


@require_safe
@staff_may(Permission.MANAGE_STAFF)
def staff(request):
    lines = [
        (posting, may_grant(request.user, posting.staff.role), posting.staff.role in ON_TABLETS)
        for posting in team(request.site)
    ]
    return page(request, "people/staff.html", subject="setup-staff", lines=lines)


@require_http_methods(FORM)
@staff_may(Permission.MANAGE_STAFF)
def staff_new(request):
    must_be_sure(request)
    form = StaffForm(
        request.POST or None,
        by=request.user,
        sites=request.sites,
        initial={"posted": [request.site]},
    )
    if request.method == "POST" and form.is_valid():
        data, password = form.cleaned_data, services.generated_password()
        made = services.hire(
            code=data["code"],
            display_name=data["display_name"],
            role=data["role"],
            language=data["language"],
            by=request.user.code,
            password=password,
            told=True,
        )
        services.set_postings(made, here=list(data["posted"]), among=request.sites, by=request.user.code)
        return _told_once(request, made, password)
    return form_page(request, form, subject="setup-staff", title=_("Nouveau compte"), back="setup-staff")


@require_http_methods(FORM)
@staff_may(Permission.MANAGE_STAFF)
def staff_change(request, pk: int):
    colleague = _colleague(request, pk)
    must_be_sure(request)
    where = works_at(colleague)
    in_hand = may_change(request.user, where, among=request.sites)
    form = StaffForm(
        request.POST or None,
        instance=colleague,
        by=request.user,
        sites=request.sites,
        initial={"posted": [site for site in request.sites if site.pk in where]},
        elsewhere="" if in_hand else ELSEWHERE,
    )
    if request.method == "POST" and form.is_valid():
        services.change(form.instance, what=form.changed_data, by=request.user.code)
        here = list(form.cleaned_data["posted"])
        services.set_postings(form.instance, here=here, among=request.sites, by=request.user.code)
        saved(request)
        return redirect("setup-staff")
    return form_page(request, form, subject="setup-staff", title=colleague.code, back="setup-staff")


@require_POST
@staff_may(Permission.MANAGE_STAFF)
def staff_factor(request, pk: int):
    """The second factor of someone else who has lost it, and why one is sure that it is they."""
    colleague = _in_hand(request, pk)
    if colleague.pk == request.user.pk:
        raise PermissionDenied
    must_be_sure(request)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Dire pourquoi, et comment vous savez que c’est cette personne."))
        return redirect("setup-staff-change", pk)
    services.forget_second_factor(colleague, by=request.user.code, why=form.cleaned_data["why"])
    saved(request)
    return redirect("setup-staff-change", pk)


@require_POST
@staff_may(Permission.MANAGE_STAFF)
def staff_sessions(request, pk: int):
    services.close_sessions(_in_hand(request, pk), by=request.user.code)
    saved(request)
    return redirect("setup-staff-change", pk)


@require_POST
@staff_may(Permission.MANAGE_STAFF)
def staff_password(request, pk: int):
    """Another password, told once; the sessions opened with the old one end."""
    colleague, password = _in_hand(request, pk), services.generated_password()
    must_be_sure(request)
    services.set_password(colleague, password, by=request.user.code, told=True)
    return _told_once(request, colleague, password)


def _told_once(request, account: Staff, password: str) -> HttpResponse:
    return page(request, "people/told_once.html", subject="setup-staff", account=account, password=password)


@require_POST
@staff_may(Permission.MANAGE_STAFF)
def staff_pin(request, pk: int):
    """A one-time code with which the person chooses the six digits that unlock a tablet."""
    colleague = _in_hand(request, pk)
    must_be_sure(request)
    once = tell_once(colleague, by=request.user.code, site=request.site)
    return page(request, "people/pin_told.html", subject="setup-staff", account=colleague, once=once)


@require_http_methods(FORM)
@staff_may(Permission.SEE_BOARD)
def my_pin(request):
    """Choose one's own six digits, which sign what one records; that ends a pause too."""
    must_be_sure(request)
    form = PinForm(request.POST or None, staff=request.user)
    if request.method == "POST" and form.is_valid():
        set_pin(request.user, form.cleaned_data["pin"], by=request.user.code)
        for site in request.sites:
            lift(site, request.user.code)
        saved(request)
        return redirect("/")
    status = UNREADABLE if form.errors else 200
    return render(request, "people/my_pin.html", {"form": form, "page": "my-pin"}, status=status)
