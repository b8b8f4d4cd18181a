from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings as every_setting
from django.db import transaction

from harmreduction.backups import keys
from harmreduction.backups.making import Made, back_up
from harmreduction.pg.scope import acting
from sites.indicators.services import recount
from sites.keyring import services as keyring
from sites.oversight.chain import chain_trail
from sites.places.models import Site
from sites.places.queries import last_closed_day
from sites.reports.services import build
from tests import factories
from tests.backups.made import OTHER, PLANTED, address
from tests.conftest import empty_the_database


@dataclass(frozen=True)
class Kept:
    """A backup of two sites, its private key, and the keys of the product that were used."""

    path: Path
    private: str
    keys: Path
    made: Made


@pytest.fixture(scope="module")
def kept(django_db_setup, django_db_blocker, tmp_path_factory):
    """Made through the real scratch cluster, once for the tests of a module."""
    home = tmp_path_factory.mktemp("kept")
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(every_setting, "KEYS_DIR", home / "keys")
        patch.setattr(every_setting, "BACKUP_DATABASE_URL", address("dump"))
        keyring._checked.clear()
        try:
            two_sites()
            public, private = keys.new_pair()
            patch.setattr(every_setting, "BACKUP_RECIPIENT", public)
            made = back_up(home / "night.age")
            yield Kept(home / "night.age", private, home / "keys", made)
        finally:
            keyring._checked.clear()
            empty_the_database(None)


def two_sites() -> None:
    """Three visits at S01 and one at S02, each taken back with words that a copy would show."""
    with transaction.atomic():
        for code, said, times in (("S01", PLANTED, 3), ("S02", OTHER, 1)):
            site, by = factories.make_site(code), f"{code.lower()}-01"
            for _ in range(times):
                arrived = factories.record("visit.arrived", {"visit": factories.ref()}, by=by)
                void = factories.record("record.voided", {"target": arrived["id"], "reason": said}, by=by)
                assert [one.status for one in factories.send(site, arrived, void)] == ["created"] * 2
        first = Site.objects.get(code="S01")
        with acting(sites=[first.pk]):
            recount(first, [last_closed_day(first)])
            build(first, [last_closed_day(first)])
    chain_trail()
