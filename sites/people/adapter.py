from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sites.people import desks, factors
from sites.people.models import Staff
from sites.trail.services import note

SECOND_FACTORS = "allauth.mfa"


class Adapter(DefaultAccountAdapter):
    """Accounts are made by a manager, never by signing up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("Ce code et ce mot de passe ne vont pas ensemble."),
        "too_many_login_attempts": _("Trop d’essais. Attendre cinq minutes, puis recommencer."),
        "rate_limited": _("Trop d’essais. Attendre cinq minutes, puis recommencer."),
        "incorrect_password": _("Ce n’est pas ce mot de passe."),
        "told_password_over": _(
            "Ce mot de passe ne vaut plus : en demander un autre à qui gère les comptes."
        ),
        "account_inactive": _("Ce compte n’est plus actif."),
    }

    def is_open_for_signup(self, request):
        return False

    def add_message(self, *args, **kwargs):
        """Signing in and out shows by itself."""

    def _get_login_attempts_cache_key(self, request, **credentials):
        return desks.bucket(request, credentials.get("username", ""))

    def authenticate(self, request, **credentials):
        """A password that someone told opens until its day: then only who knows it hears that it is over."""
        staff = super().authenticate(request, **credentials)
        if staff and staff.told_until and staff.told_until < timezone.now():
            raise self.validation_error("told_password_over")
        return staff

    def authentication_failed(self, request, **credentials):
        """In the trail only for an account that exists: anything else typed there may name someone."""
        code = credentials.get("username", "").lower()
        if Staff.objects.filter(code=code).exists():
            note("sign-in refused", actor="sign-in", about="staff", about_id=code)

    def post_login(self, request, user, **kwargs):
        response = super().post_login(request, user, **kwargs)
        desks.remember(request, response, user.code)
        note("signed in", actor=user.code)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Who has just signed in need not say so again to set up a second factor."""
        return app != SECOND_FACTORS or not factors.just_proven(context.request)
