import pytest

from harmreduction.pg.scope import acting
from tests import factories


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Argon2 is slow on purpose; the tests are not about it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def site(db):
    """A site with an injection room (booths 1–4) and an inhalation room (booth 5), in sight."""
    made = factories.make_site("S01")
    with acting(sites=[made.pk]):
        yield made


@pytest.fixture
def other_site(db):
    return factories.make_site("S02")
