"""A backup of before is restored: what was destroyed since is unreadable or gone before anyone is served."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from sites.clients.models import Client
from sites.clients.tasks import forget_people
from sites.holds.models import LegalHold
from sites.indicators.services import recount_due
from sites.keyring import services as keyring
from sites.keyring.startup import wrong_keys
from sites.kiosk.tasks import erase_as_asked
from sites.places.models import Site
from sites.retention import mirror
from sites.retention.services import lift_hold, place_hold, purge
from sites.retention.startup import refuse_before_purge
from sites.shifts.models import Remark
from sites.trail.models import TrailEntry
from sites.visits.models import Visit
from tests.factories import record, ref, send
from tests.kiosk.test_kiosk import act, ask, lent_screen
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


def dumped(folder: Path) -> Path:
    dump = folder / "before.dump"
    run("pg_dump", "-Fc", "-f", str(dump), connection.settings_dict["NAME"])
    return dump


def restore(dump: Path) -> None:
    """Into another database, which the test asks from then on."""
    run("createdb", SCRATCH)
    run("pg_restore", "--exit-on-error", "-d", SCRATCH, str(dump))
    connection.close()
    connection.settings_dict["NAME"] = SCRATCH
    keyring._checked.clear()


def test_a_restored_backup_shows_nothing_of_what_was_destroyed_since(committed_site, scratch, tmp_path):
    site = committed_site
    with transaction.atomic():
        tell(site, OLD)
        kept = tell(site, NEW, handle="AUTRE9")
        counted_through(site)
    recount_due()
    dump = dumped(tmp_path)
    plain = run("pg_dump", connection.settings_dict["NAME"])
    assert PLANTED_TEXT.encode() not in plain
    assert b"RIVE7" not in plain
    with transaction.atomic():
        sign(site)
    assert len(purge(by="t")) == 1
    with transaction.atomic():
        place_hold(LegalHold(site=site, category="signals", reason="ordonnance"), by="s01-05")

    restore(dump)
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


def agree(site, handle: str) -> str:
    """The id of the record of someone who agreed, and came once."""
    visit = ref()
    agreed, *_others = send(
        site,
        record("client.agreed", {"handle": handle, "version": "1", "language": "fr"}),
        record("visit.arrived", {"visit": visit, "handle": handle}),
        record("visit.closed", {"visit": visit, "discharge_to": "street"}),
    )
    return agreed.id


def withdraw(site, target: str) -> None:
    (receipt,) = send(site, record("record.voided", {"target": target, "reason": "demande"}))
    assert receipt.status == "created"


def linked() -> set[str]:
    """Ids of the records of those whom a visit names."""
    with transaction.atomic():
        visits = Visit.objects.exclude(client=None).values_list("client__agreements__record_id", flat=True)
        return set(map(str, visits))


def test_who_was_erased_or_withdrew_since_is_forgotten_again(committed_site, client, scratch, tmp_path):
    site = committed_site
    with transaction.atomic():
        erased, renamed, withdrawn, kept = [agree(site, h) for h in ("RIVE7", "ONDE3", "LUNE5", "MER1")]
    dump = dumped(tmp_path)
    screen = lent_screen(client)
    act(screen, ask(screen, "RIVE7"), "erase")
    act(screen, act(screen, ask(screen, "ONDE3"), "ask-handle"), "rename", handle="VENT2")
    with transaction.atomic():
        withdraw(site, withdrawn)
    assert linked() == {kept}
    assert mirror.behind() == []
    (beside,) = Path(settings.KEYS_DIR).glob("withdrawn-*")
    assert set(beside.read_text().split()) == {erased, renamed, withdrawn}

    restore(dump)
    assert linked() == {erased, renamed, withdrawn, kept}
    with pytest.raises(SystemExit, match="S01"):
        refuse_before_purge()
    call_command("purge", "--dry-run")
    assert mirror.behind() == ["S01"]
    call_command("purge")
    refuse_before_purge()
    assert linked() == {kept}
    with transaction.atomic():
        assert Client.objects.count() == 1
    call_command("purge")
    with transaction.atomic():
        assert TrailEntry.objects.filter(action="kiosk.erased", actor="restore").count() == 3


def test_what_a_hold_keeps_since_starts_and_is_forgotten_at_its_end(committed_site, scratch, tmp_path):
    site = committed_site
    with transaction.atomic():
        withdrawn = agree(site, "RIVE7")
    dump = dumped(tmp_path)
    with transaction.atomic():
        withdraw(site, withdrawn)
        place_hold(LegalHold(site=site, category="people", reason="ordonnance"), by="s01-05")
    restore(dump)
    assert mirror.behind() == ["S01"]
    call_command("purge")
    refuse_before_purge()
    assert linked() == {withdrawn}
    with transaction.atomic():
        lift_hold(LegalHold.objects.get(), by="s01-05", why="fin")
    erase_as_asked()
    assert linked() == set()


def test_a_withdrawal_rolled_back_is_not_kept_and_one_older_than_any_backup_is_let_go(committed_site):
    with transaction.atomic():
        agreed = agree(committed_site, "RIVE7")
    with transaction.atomic():
        withdraw(committed_site, agreed)
        transaction.set_rollback(True)
    assert list(Path(settings.KEYS_DIR).glob("withdrawn-*")) == []
    with transaction.atomic():
        withdraw(committed_site, agreed)
    (beside,) = Path(settings.KEYS_DIR).glob("withdrawn-*")
    month = datetime.fromisoformat(f"{beside.name.removeprefix('withdrawn-')}-28T12:00Z")
    for days, is_there in ((35, True), (45, False)):
        with time_machine.travel(month + timedelta(days=days)):
            forget_people()
        assert beside.exists() == is_there
