from allauth.account.adapter import DefaultAccountAdapter
from django.utils.translation import gettext_lazy as _


class Adapter(DefaultAccountAdapter):
    """Accounts are made by a manager, never by signing up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("Ce code et ce mot de passe ne vont pas ensemble."),
        "too_many_login_attempts": _("Trop d’essais. Attendre cinq minutes, puis recommencer."),
        "incorrect_password": _("Ce n’est pas ce mot de passe."),
        "account_inactive": _("Ce compte n’est plus actif."),
    }

    def is_open_for_signup(self, request):
        return False

    def add_message(self, *args, **kwargs):
        """Signing in and out shows by itself."""
