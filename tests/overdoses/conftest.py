import pytest

from sites.people.models import Staff
from tests.factories import make_staff


@pytest.fixture
def nurse(site, client):
    """A browser signed in as the nurse of the site."""
    client.force_login(Staff.objects.get(code="s01-01"))
    return client


@pytest.fixture
def signed_in(site, client):
    """Sign in with another role, by its code."""

    def sign_in(role: str):
        client.force_login(make_staff(f"s01-{role}", site, role=role))
        return client

    return sign_in
