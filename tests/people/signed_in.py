"""Someone signed in, without the doors."""

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY as AUTHENTICATED,
)
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.userkit import user_id_to_str
from django.test import Client

sign_in_by_force = Client.force_login


def with_both_factors(client, staff, backend=None) -> None:
    """Signed in as the doors leave someone: by a password and, where the role demands it, a second factor."""
    sign_in_by_force(client, staff, backend)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time()}]
    session[AUTHENTICATED] = user_id_to_str(staff)
    session.save()
