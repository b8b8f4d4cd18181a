"""Signing in as a person does."""

import time

from sites.people.factors import code_of
from tests.factories import PASSWORD, TOTP

# A code opens once: who signs in again in the same half minute takes the next, then the last.
HALF_MINUTES = (0, 30, -30)


def codes(secret: str = TOTP) -> list[str]:
    return [code_of(secret, time.time() + apart) for apart in HALF_MINUTES]


def sign_in(client, code: str, password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": code, "password": password})


def give_code(client, code: str | None = None):
    return client.post("/accounts/code/", {"code": code_of(TOTP, time.time()) if code is None else code})
