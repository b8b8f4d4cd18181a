import pytest

from sites.people.models import Staff


@pytest.fixture
def nurse(site, client):
    """Someone of the floor who may correct, signed in."""
    client.force_login(Staff.objects.get(code="s01-01"))
    return client
