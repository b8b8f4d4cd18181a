import pytest
import time_machine

from tests.factories import make_staff
from tests.review.told import NOW


@pytest.fixture
def later():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def lead(site, client):
    client.force_login(make_staff("s01-07", site, role="shift_lead"))
    return client
