"""What stopped is seen, told once, and told once more when it goes again; in words without a figure."""

import json
import re
from collections import namedtuple
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import OperationalError, transaction
from django.utils import timezone

from harmreduction.pg.scope import acting
from sites.clockwork.models import Heartbeat
from sites.indicators.services import recount_due
from sites.keyring import services as keyring
from sites.operations import alerts, checks
from sites.operations.models import BackupMade, Trouble
from sites.operations.terms import Level
from sites.oversight.chain import chain_trail
from sites.people.services import enrol_tablet
from sites.places.queries import last_closed_day
from sites.places.services import mark_dirty
from sites.reports.models import DailyReport
from sites.tasks import tick
from sites.trail.models import TrailEntry
from tests import factories
from tests.recipients.test_push import elsewhere  # noqa: F401 - a fixture

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    keyring._checked.clear()
    yield settings.KEYS_DIR
    keyring._checked.clear()


def beaten(name: str, **ago) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now() - timedelta(**ago)})


def backed_up(**ago) -> BackupMade:
    at = timezone.now() - timedelta(**ago)
    return BackupMade.objects.create(
        made_at=at, verified_at=at, name="night.age", sha256="0" * 64, size=1, rows=1, app_version="1"
    )


@pytest.mark.parametrize(
    ("seconds", "level"), [(30, Level.GOOD), (170, Level.GOOD), (190, Level.STOPPED), (7200, Level.STOPPED)]
)
def test_three_ticks_that_did_not_come_are_a_stop(db, seconds, level):
    beaten("tick", seconds=seconds)
    assert checks.tick().level == level


@pytest.mark.parametrize(("minutes", "level"), [(4, Level.GOOD), (6, Level.LATE), (11, Level.STOPPED)])
def test_counts_that_fall_behind_are_seen(db, minutes, level):
    beaten("count_days", minutes=minutes)
    assert checks.counts().level == level


@pytest.mark.parametrize(("minutes", "level"), [(4, Level.GOOD), (6, Level.LATE), (11, Level.STOPPED)])
def test_a_day_that_waits_is_seen_though_ticks_come_to_their_end(site, minutes, level):
    mark_dirty(site, [last_closed_day(site)])
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        beaten("count_days", seconds=1)
        assert checks.counts().level == level
        recount_due()
        assert checks.counts().level == Level.GOOD


@pytest.mark.parametrize(("hours", "level"), [(25, Level.GOOD), (27, Level.STOPPED)])
def test_a_night_without_a_backup_is_a_stop(db, hours, level):
    assert checks.backup().level == Level.LATE
    backed_up(hours=hours)
    assert checks.backup().level == level


@pytest.mark.parametrize(("hours", "level"), [(25, Level.LATE), (27, Level.STOPPED)])
def test_what_was_written_and_never_backed_up_is_a_stop(db, hours, level):
    assert checks.backup().level == Level.LATE
    TrailEntry.objects.create(at=timezone.now() - timedelta(hours=hours), actor="x", action="looked")
    assert (checks.backup().level, checks.backup().at) == (level, None)


@pytest.mark.parametrize(("used", "level"), [(84, Level.GOOD), (85, Level.LATE), (95, Level.STOPPED)])
def test_a_disk_that_fills_is_seen(monkeypatch, used, level):
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _: Usage(100, used, 100 - used))
    assert checks.disk().level == level


def test_the_clocks_of_machine_and_database_are_compared(db, monkeypatch):
    assert checks.clock().level == Level.GOOD
    real = timezone.now
    monkeypatch.setattr(checks.timezone, "now", lambda: real() + timedelta(seconds=30))
    assert checks.clock().level == Level.LATE


def test_a_trail_that_is_not_chained_is_seen(site):
    TrailEntry.objects.create(at=timezone.now() - timedelta(minutes=30), actor="x", action="looked")
    assert checks.trail().level == Level.LATE
    chain_trail()
    assert checks.trail().level == Level.GOOD


@pytest.mark.parametrize(("hours", "level"), [(3, Level.STOPPED), (30, Level.GOOD)])
def test_a_row_that_is_never_chained_is_seen_for_a_day(site, hours, level):
    TrailEntry.objects.create(at=timezone.now(), actor="x", action="looked")
    chain_trail()
    TrailEntry.objects.create(at=timezone.now() + timedelta(days=1), actor="x", action="looked")
    TrailEntry.objects.create(at=timezone.now() - timedelta(hours=hours), actor="x", action="looked")
    assert checks.trail().level == level
    chain_trail()
    assert checks.trail().level == level


@pytest.mark.parametrize(("behind", "level"), [(0, Level.GOOD), (3, Level.STOPPED)])
def test_a_closed_day_without_a_report_is_seen(site, behind, level):
    present = timezone.now()
    DailyReport.objects.create(
        site=site, service_date=last_closed_day(site) - timedelta(days=behind), version=1,
        closed_at=present, data_cutoff=present, indicators=[], sha256="0" * 64,
    )  # fmt: skip
    assert checks.reports().level == level


def test_a_tablet_not_seen_for_a_day_comes_first(site):
    seen, _ = enrol_tablet(site, "Salle", by="s01-05")
    lost, _ = enrol_tablet(site, "Accueil", by="s01-05")
    seen.last_seen_at = timezone.now()
    seen.save()
    lost.last_seen_at = timezone.now() - timedelta(hours=30)
    lost.save()
    assert [(one.device.label, one.level) for one in checks.tablets()] == [
        ("Accueil", Level.LATE), ("Salle", Level.GOOD)
    ]  # fmt: skip


# --- Who is told -------------------------------------------------------------------------
@pytest.fixture
def told(settings, db):
    settings.ALERT_EMAIL = ["quart@example.org"]
    beaten("tick", seconds=1)
    beaten("count_days", seconds=1)
    return mail.outbox


def test_a_stop_is_told_once_and_its_end_once(told):
    backed_up(hours=30)
    for _ in range(3):
        alerts.watch()
    assert [message.subject for message in told] == ["Arrêté : La sauvegarde"]
    backed_up(hours=1)
    for _ in range(3):
        alerts.watch()
    assert [message.subject for message in told[1:]] == ["Rétabli : La sauvegarde"]
    assert not any(re.search(r"\d|S01", message.subject + message.body) for message in told)


NOBODY = "http://127.0.0.1:1/"


def mail_is_broken(settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


def hook_is_broken(settings) -> None:
    settings.ALERT_WEBHOOK = NOBODY


def test_what_nobody_took_is_sent_the_next_time(told, settings, elsewhere):  # noqa: F811
    backed_up(hours=30)
    mail_is_broken(settings)
    hook_is_broken(settings)
    alerts.watch()
    assert Trouble.objects.get().told_at is None
    settings.ALERT_WEBHOOK = elsewhere.url
    for _ in range(3):
        alerts.watch()
    ((_headers, body),) = elsewhere.taken
    assert json.loads(body) == {"part": "backup", "state": "stopped", "text": "Arrêté : La sauvegarde"}


@pytest.mark.parametrize("hook", [NOBODY, "no address"])
def test_a_hook_that_takes_nothing_does_not_repeat_the_mail(told, settings, hook):
    backed_up(hours=30)
    settings.ALERT_WEBHOOK = hook
    for _ in range(3):
        alerts.watch()
    assert [message.subject for message in told] == ["Arrêté : La sauvegarde"]


@pytest.mark.parametrize("broken", [mail_is_broken, hook_is_broken])
def test_a_database_that_is_away_is_told_by_the_way_that_is_left(told, settings, tmp_path, elsewhere, broken):  # noqa: F811
    settings.DATA_DIR, settings.ALERT_WEBHOOK = tmp_path, elsewhere.url
    broken(settings)
    for _ in range(3):
        alerts.database_is_away()
    assert len(told) + len(elsewhere.taken) == 1


def test_a_database_that_is_away_is_told_once_by_the_timer(told, settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path

    def away():
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(alerts, "watch", away)
        call_command("watch")
        call_command("watch")
    call_command("watch")
    call_command("watch")
    assert [message.subject for message in told] == [
        "Arrêté : La base de données", "Rétabli : La base de données"
    ]  # fmt: skip


def test_each_piece_of_work_says_when_it_came_to_its_end(committed_site, monkeypatch):
    def fails():
        raise RuntimeError

    def works():
        pass

    monkeypatch.setattr("sites.tasks.DUE", [fails, works])
    tick()
    with transaction.atomic():
        assert set(Heartbeat.objects.values_list("name", flat=True)) == {"tick", "works"}


# --- Doors -------------------------------------------------------------------------------
def test_the_page_says_it_in_words(site, client):
    client.force_login(factories.make_staff("s01-05", site, role="manager"))
    backed_up(hours=30)
    page = client.get("/operations/").content.decode()
    assert "La sauvegarde" in page
    assert "relancer à la main" in page
    assert "Aucune tablette" in page
    client.force_login(factories.make_staff("s01-06", site, role="nurse"))
    assert client.get("/operations/").status_code == 403


def test_metrics_are_for_this_machine_or_for_a_token(site, client, settings):
    beaten("tick", seconds=10)
    answer = client.get("/metrics")
    text = answer.content.decode()
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert 'scs_level{part="tick"} 0\n' in text
    assert re.fullmatch(r'(# (HELP|TYPE) .*\n|scs_[a-z_]+\{part="[a-z]+"\} [\d.]+\n)+', text)
    assert site.code not in text
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    assert client.get("/metrics", REMOTE_ADDR="10.0.0.9").status_code == 404
    for token, status in (("", 404), ("hush", 200)):
        settings.METRICS_TOKEN = token
        headers = {"Authorization": f"Bearer {token}"}
        assert client.get("/metrics", REMOTE_ADDR="10.0.0.9", headers=headers).status_code == status


def test_ready_says_why_not(site, client):
    assert client.get("/readyz").json() == {"ready": False, "reasons": ["beat"]}
    beaten("tick", seconds=1)
    assert client.get("/readyz").json() == {"ready": True, "reasons": []}
    beaten("count_days", minutes=20)
    with acting(sites=[site.pk]):
        assert client.get("/readyz").json()["reasons"] == ["queue"]
