from allauth.account.adapter import DefaultAccountAdapter


class Adapter(DefaultAccountAdapter):
    """Accounts are made by a manager, never by signing up."""

    def is_open_for_signup(self, request):
        return False
