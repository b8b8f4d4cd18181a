"""A backup of before is restored: what was destroyed since is unreadable or gone before anyone is served."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from sites.holds.models import LegalHold
from sites.indicators.services import recount_due
from sites.keyring import services as keyring
from sites.keyring.startup import wrong_keys
from sites.places.models import Site
from sites.retention import mirror
from sites.retention.services import place_hold, purge
from sites.retention.startup import refuse_before_purge
from sites.shifts.models import Remark
from sites.visits.models import Visit
from tests.retention.files import run
from tests.retention.told import NEW, OLD, PLANTED_TEXT, counted_through, sign, tell

pytestmark = pytest.mark.usefixtures("fresh_keys")
SCRATCH = "scs_restored"


@pytest.fixture
def scratch(committed_site):
    """The name of a database to restore into; afterwards the tests have their own again."""
    name = connection.settings_dict["NAME"]
    yield SCRATCH
    connection.close()
    connection.settings_dict["NAME"] = name
    keyring._checked.clear()
    run("dropdb", "--if-exists", SCRATCH)


def move_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    keyring._checked.clear()


def test_a_restored_backup_shows_nothing_of_what_was_destroyed_since(committed_site, scratch, tmp_path):
    site = committed_site
    with transaction.atomic():
        tell(site, OLD)
        kept = tell(site, NEW, handle="AUTRE9")
        counted_through(site)
    recount_due()
    dump = tmp_path / "before.dump"
    run("pg_dump", "-Fc", "-f", str(dump), connection.settings_dict["NAME"])
    plain = run("pg_dump", connection.settings_dict["NAME"])
    assert PLANTED_TEXT.encode() not in plain
    assert b"RIVE7" not in plain
    with transaction.atomic():
        sign(site)
    assert len(purge(by="t")) == 1
    with transaction.atomic():
        place_hold(LegalHold(site=site, category="signals", reason="ordonnance"), by="s01-05")

    run("createdb", SCRATCH)
    run("pg_restore", "--exit-on-error", "-d", SCRATCH, str(dump))
    move_to(scratch)
    assert wrong_keys() == ""  # the keys that are gone were destroyed, not lost
    assert mirror.behind() == ["S01"]
    with pytest.raises(SystemExit, match="purge"):
        refuse_before_purge()
    with transaction.atomic():
        texts = Remark.objects.order_by("at").values_list("text", flat=True)
        assert set(texts.filter(at__lt=NEW)) == {"[texte détruit]"}
        assert PLANTED_TEXT in texts
        assert Visit.objects.count() == 2

    call_command("purge")
    refuse_before_purge()
    with transaction.atomic():
        assert str(Visit.objects.get().ref) == kept
        assert not Remark.objects.filter(at__lt=NEW).exists()
        assert LegalHold.objects.get().category == "signals"
        assert Site.objects.get().pk == site.pk
