import time

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
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
        "account_inactive": _("Ce compte n’est plus actif."),
    }

    def is_open_for_signup(self, request):
        return False

    def add_message(self, *args, **kwargs):
        """Signing in and out shows by itself."""

    def _get_login_attempts_cache_key(self, request, **credentials):
        return desks.bucket(request, credentials.get("username", ""))

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
        proven = factors.last_proof(context.request)
        return app != SECOND_FACTORS or time.time() - proven > app_settings.REAUTHENTICATION_TIMEOUT
