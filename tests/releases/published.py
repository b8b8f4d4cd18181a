"""Two regions sealed and built, and who reads about it: for tests of what leaves."""

import io
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date

import pypdf
import pytest
from django.conf import settings as every_setting
from django.db import transaction
from django.test import Client

from harmreduction.pg.scope import acting
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


@pytest.fixture(scope="module")
def published_once(django_db_setup, django_db_blocker, tmp_path_factory):
    """Sealing and building take seconds: once for the tests of a module, taken back after the last of them.

    A module that uses it has S01 and S03 in all of its tests.
    """
    keys = tmp_path_factory.mktemp("keys")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(every_setting, "KEYS_DIR", keys)
        keyring._checked.clear()
        site = factories.make_site("S01")
        with acting(sites=[site.pk]):
            yield publish(site), keys
        transaction.set_rollback(True)


@pytest.fixture
def published(published_once, db, settings, tmp_path):
    sites, keys = published_once
    settings.KEYS_DIR = shutil.copytree(keys, tmp_path / "keys")
    keyring._checked.clear()
    with acting(sites=[sites[0].pk]):
        for site in sites:
            site.refresh_from_db()
        yield sites
    keyring._checked.clear()


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


def texts(body: bytes) -> Iterator[str]:
    """All that a file says, unpacked: a workbook or package, a PDF, or plain text."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            for inner in package.namelist():
                yield inner
                yield package.read(inner).decode()
    elif body.startswith(b"%PDF"):
        reader = pypdf.PdfReader(io.BytesIO(body))
        yield from (page.extract_text() for page in reader.pages)
        yield from (str(object_) for object_ in map(reader.get_object, range(1, len(reader.xref[0]))))
        yield reader.trailer["/Root"]["/Metadata"].get_data().decode()
    else:
        yield body.decode("utf-8-sig")
