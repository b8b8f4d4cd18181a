"""The pages of who answers for privacy: schedule, what goes, holds, certificates."""

import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse

from harmreduction.pg.scope import acting, as_owner
from sites.holds.models import LegalHold
from sites.retention.certificates import certificate_faults
from sites.retention.models import Destruction, RetentionSchedule
from sites.retention.rules import FIXED, RULES
from sites.retention.tasks import count_what_would_go
from sites.trail.models import TrailEntry
from tests.factories import make_staff, sure
from tests.retention.told import OLD, counted_through, sign, tell

pytestmark = pytest.mark.usefixtures("fresh_keys")
ACTS = ["retention-sign", "retention-run", "holds"]


@pytest.fixture
def officer(site, client):
    client.force_login(make_staff("prp-01", site, role="privacy_officer"))
    return sure(client)


def typed(**changed) -> dict:
    months = {rule.code: rule.months for rule in RULES}
    return months | {"site": "", "name": "Dominique", "function": "Responsable"} | changed


def test_the_schedule_tells_every_rule_and_that_nobody_signed(officer):
    page = officer.get(reverse("retention")).content.decode()
    for one in [*RULES, *FIXED]:
        assert str(one.name) in page
    assert "Personne n’a signé" in page
    assert "Personne n’a signé" in officer.get(reverse("retention-run")).content.decode()


def test_signing_is_for_everyone_or_for_one_site_within_what_the_law_asks(site, officer):
    assert officer.post(reverse("retention-sign"), typed()).status_code == 302
    assert officer.post(reverse("retention-sign"), typed(site="S01", visits=36)).status_code == 302
    newest = RetentionSchedule.objects.order_by("-version").first()
    assert newest.version == 2
    assert (newest.periods["all"]["visits"], newest.periods["sites"]["S01"]["visits"]) == (24, 36)
    assert TrailEntry.objects.filter(action="retention signed", actor="prp-01").count() == 2
    assert "S01 : 36" in officer.get(reverse("retention")).content.decode()
    assert 'value="36"' in officer.get(reverse("retention-sign"), {"site": "S01"}).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"overdoses": 3}, {"visits": "x"}, {"name": ""}, {"site": "S99"}, {"name": "a\x00"},
              {"overdoses": 60, "stock": 36}],
)  # fmt: skip
def test_what_cannot_be_signed_stays_typed(officer, wrong):
    answer = officer.post(reverse("retention-sign"), typed(**wrong) | {"function": "Tapée"})
    assert answer.status_code == 422
    assert "Tapée" in answer.content.decode()
    assert not RetentionSchedule.objects.exists()


def test_what_is_due_is_told_confirmed_then_done_by_the_worker(site, officer):
    tell(site, OLD)
    counted_through(site)
    sign(site)
    assert "Essayer à blanc" in officer.get(reverse("retention-run")).content.decode()
    assert officer.post(reverse("retention-run"), {"sure": "yes"}).status_code == 422
    assert officer.post(reverse("retention-try")).status_code == 302
    page = officer.get(reverse("retention-run")).content.decode()
    assert "<progress" in page
    assert 'http-equiv="refresh"' in page
    count_what_would_go()
    page = officer.get(reverse("retention-run")).content.decode()
    assert "Visites et refus" in page
    assert "http-equiv" not in page
    assert officer.post(reverse("retention-run"), {}).status_code == 422
    assert not Destruction.objects.exists()
    assert officer.post(reverse("retention-run"), {"sure": "yes"}).status_code == 302
    run = Destruction.objects.get()
    assert (run.by, run.finished_at) == ("prp-01", None)
    assert "en cours" in officer.get(reverse("certificates")).content.decode()
    assert officer.get(reverse("certificate", args=[run.pk])).status_code == 404


def test_what_was_found_before_a_hold_destroys_nothing(site, officer):
    tell(site, OLD)
    sign(site)
    officer.post(reverse("retention-try"))
    count_what_would_go()
    officer.post(reverse("holds"), {"category": "visits", "reason": "Ordonnance", "site": "S01"})
    answer = officer.post(reverse("retention-run"), {"sure": "yes"})
    assert answer.status_code == 422
    assert "Refaire d’abord" in answer.content.decode()
    assert not Destruction.objects.exists()


def test_a_hold_is_placed_seen_and_lifted(site, officer):
    tell(site, OLD)
    before = {"category": "visits", "reason": "Ordonnance 500-1", "site": "S01", "first": "2020-01-01"}
    assert officer.post(reverse("holds"), before).status_code == 302
    person = {"reason": "Plainte", "site": "S01", "handle": "rive-7"}
    assert officer.post(reverse("holds"), person).status_code == 302
    assert LegalHold.objects.exclude(client_ref=None).count() == 1
    assert "RIVE" not in str(list(LegalHold.objects.values())).upper()
    page = officer.get(reverse("holds")).content.decode()
    assert "Ordonnance 500-1" in page
    assert "une personne" in page
    assert "2 gels" in officer.get(reverse("retention")).content.decode()
    one = LegalHold.objects.get(category="visits")
    assert officer.post(reverse("hold-lift", args=[one.ref]), {"why": ""}).status_code == 422
    assert officer.post(reverse("hold-lift", args=[one.ref]), {"why": "Retirée"}).status_code == 302
    assert officer.get(reverse("hold-lift", args=[one.ref])).status_code == 404
    assert "Retirée" in officer.get(reverse("holds")).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"reason": ""}, {"site": "S99"}, {"first": "2026-02-01", "last": "2026-01-01"},
              {"handle": "RIVE7"}, {"handle": "NOBODY9", "site": "S01"}, {"category": "x"},
              {"handle": "RIVE7", "site": "S01", "category": "overdoses"}],
)  # fmt: skip
def test_a_hold_that_cannot_be_placed_stays_typed(site, officer, wrong):
    if "category" in wrong:
        tell(site, OLD)
    answer = officer.post(reverse("holds"), {"reason": "Plainte 12"} | wrong)
    assert answer.status_code == 422
    assert not LegalHold.objects.exists()


def test_who_reads_registers_reads_and_nobody_else_enters(site, client):
    client.force_login(make_staff("g-01", site, role="manager"))
    assert client.get(reverse("retention")).status_code == 200
    assert client.get(reverse("certificates")).status_code == 200
    for name in ACTS:
        assert client.get(reverse(name)).status_code == 403
    client.force_login(make_staff("n-01", site, role="nurse"))
    assert client.get(reverse("retention")).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_certificate_is_read_taken_and_checked_offline(committed_site, client, tmp_path):
    site = committed_site
    with transaction.atomic():
        tell(site, OLD)
        counted_through(site)
        sign(site)
        officer = make_staff("prp-01", site, role="privacy_officer")
    call_command("purge")
    client.force_login(officer)
    listed = client.get(reverse("certificates")).content.decode()
    pk = int(re.search(r"/retention/certificates/(\d+)/", listed)[1])
    page = client.get(reverse("certificate", args=[pk])).content.decode()
    assert "Certificat de destruction 1<" in page
    assert "Demandé par purge" in page
    assert "scs_visit 1" in page
    assert "n’est plus comme" not in page
    file = tmp_path / "certificate.json"
    file.write_bytes(client.get(reverse("certificate-file", args=[pk])).content)
    assert "Valable" in call_command("verify_certificate", str(file))
    assert "Certificats de destruction" in client.get(reverse("registers")).content.decode()
    with transaction.atomic(), acting(sites=[site.pk]):
        assert list(certificate_faults()) == []
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("alter table scs_destruction disable trigger certificate_stays")
            cursor.execute("update scs_destruction set counts = '{}', before = 'x' where id = %s", [pk])
            cursor.execute("alter table scs_destruction enable trigger certificate_stays")
        assert [fault["what"] for fault in certificate_faults()] == ["changed", "the one before is gone"]
        transaction.set_rollback(True)
    changed = json.loads(file.read_text())
    changed["counts"]["visits"]["scs_visit"] = 0
    file.write_text(json.dumps(changed))
    with pytest.raises(CommandError, match="signature"):
        call_command("verify_certificate", str(file))
