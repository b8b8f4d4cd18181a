"""Two regions sealed and built, and who reads about it: for tests of what leaves."""

from datetime import date

import pytest
from django.test import Client

from sites.keyring import services as keyring
from sites.places.models import Region
from sites.releases.publishing import build_due
from tests import factories
from tests.releases.counted import count, history, plan, seal

FIRST, LAST = date(2026, 9, 21), date(2026, 11, 21)


@pytest.fixture
def fresh_keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    keyring._checked.clear()
    yield
    keyring._checked.clear()


@pytest.fixture
def published(site, fresh_keys):
    return publish(site)


def publish(site) -> list:
    """S01 of R01 and S03 of R02, sealed and built on 22 November."""
    other = factories.make_site("S03")
    other.region = Region.objects.create(code="R02", name_fr="Estrie", name_en="Townships")
    for place in (site, other):
        place.opened_on = FIRST
        place.save()
        plan(place)
        history(place, FIRST, LAST, visits=lambda n: 60 + n % 13, doses=2)
    count(site, date(2026, 11, 20), visits=0)
    seal("2026-11-22 07:00")
    build_due()
    return [site, other]


def signed_in(site, role="manager", language="fr-ca") -> Client:
    staff = factories.make_staff(f"{role}-{language}", site, role=role)
    staff.language = language
    staff.save()
    client = Client()
    client.force_login(staff)
    return client


def text(answer) -> str:
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


def main(answer) -> str:
    return text(answer).partition("<main")[2].partition("</main>")[0]
