import pytest

from tests.factories import make_staff


@pytest.fixture
def signed_in(site, client):
    """Sign in with a role, by its code."""

    def sign_in(role: str):
        client.force_login(make_staff(f"s01-{role}", site, role=role))
        return client

    return sign_in
