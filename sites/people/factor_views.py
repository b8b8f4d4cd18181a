"""One's own access: second factor, recovery codes, sessions. The steps themselves are allauth's."""

from functools import wraps

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base import views as base
from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sites.people import factors, services
from sites.people.access import must_be_sure, public, staff_may
from sites.people.forms import PasswordForm
from sites.people.sessions import digest, end_sessions, sessions_of
from sites.people.setup import FORM, UNREADABLE
from sites.people.terms import Permission

signed_in = staff_may(Permission.SIGNED_IN, site=False)


@require_safe
@signed_in
def my_access(request):
    mine = list(factors.strong_factors(request.user).order_by("pk"))
    context = {
        "page": "my-access",
        "factors": mine,
        "has_codes": any(factor.type == factors.Type.TOTP for factor in mine),
        "codes": Authenticator.objects.filter(user=request.user, type=factors.Type.RECOVERY_CODES).exists(),
        "sessions": sessions_of(request.user),
        "this_session": digest(request.session.session_key or ""),
    }
    return render(request, "mfa/index.html", context)


@require_http_methods(FORM)
@signed_in
def my_password(request):
    """One's own new password, after the old one; every other session ends."""
    if not (request.user.told_until and factors.just_proven(request)):
        must_be_sure(request)
    form = PasswordForm(request.POST or None, staff=request.user)
    if request.method == "POST" and form.is_valid():
        here = digest(request.session.session_key or "")
        password, code = form.cleaned_data["password"], request.user.code
        services.set_password(request.user, password, by=code, but=here)
        update_session_auth_hash(request, request.user)
        messages.success(request, _("C’est votre nouveau mot de passe. Vos autres sessions sont fermées."))
        return redirect(get_next_redirect_url(request) or "mfa_index")
    status = UNREADABLE if form.errors else 200
    context = {"page": "my-access", "form": form}
    return render(request, "people/my_password.html", context, status=status)


# --- Signing in with one -----------------------------------------------------------------
@require_http_methods(FORM)
@public
def authenticate(request):
    return base.authenticate(request)


@require_http_methods(FORM)
@signed_in
def confirm_by_code(request):
    return base.reauthenticate(request)


@require_http_methods(FORM)
@signed_in
def confirm_by_passkey(request):
    return passkeys.reauthenticate_webauthn(request)


# --- Setting one up ----------------------------------------------------------------------
def _adds(kind: str):
    """Who has just added a factor has shown it; the trail says that it was added."""

    def decorate(view):
        @wraps(view)
        def added(request):
            before = factors.strong_factors(request.user).count()
            response = view(request)
            if factors.strong_factors(request.user).count() > before:
                record_authentication(request, request.user, "mfa", type=kind)
                services.note_access(request.user, "second factor added", by=request.user.code)
            return response

        return added

    return decorate


@require_http_methods(FORM)
@signed_in
@_adds("totp")
def add_totp(request):
    if factors.strong_factors(request.user).filter(type=factors.Type.TOTP).exists():
        return redirect("mfa_index")
    return totp.activate_totp(request)


@require_http_methods(FORM)
@signed_in
@_adds("webauthn")
def add_passkey(request):
    return passkeys.add_webauthn(request)


@require_safe
@signed_in
def recovery_codes(request):
    return codes.view_recovery_codes(request)


@require_http_methods(FORM)
@signed_in
def new_recovery_codes(request):
    response = codes.generate_recovery_codes(request)
    if request.method == "POST" and response.status_code == 302:
        services.note_access(request.user, "recovery codes drawn", by=request.user.code)
    return response


@require_POST
@signed_in
@reauthentication_required(app="allauth.mfa")
def remove_factor(request, pk: int):
    """Take one's own passkey or code away; who must have one keeps the last."""
    factor = get_object_or_404(factors.strong_factors(request.user), pk=pk)
    if factors.Adapter().can_delete_authenticator(factor):
        delete_and_cleanup(request, factor)
        services.note_access(request.user, "second factor removed", by=request.user.code)
        messages.success(request, _("C’est retiré."))
    else:
        messages.error(request, str(factors.Adapter.error_messages["cannot_delete_authenticator"]))
    return redirect("mfa_index")


# --- Sessions ----------------------------------------------------------------------------
@require_POST
@signed_in
def end_session(request):
    """Close one of one's sessions, or all others; the browser it was in is out at its next request."""
    here = digest(request.session.session_key or "")
    ended = end_sessions(request.user, but=here, only=request.POST.get("session", ""))
    if ended:
        services.note_access(request.user, "sessions ended", by=request.user.code)
        messages.success(request, _("C’est fermé."))
    return redirect("mfa_index")
