"""People of a month: counted by tokens, sealed, forgotten (privacy.md H1–H3, H8)."""

import threading
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection, transaction

from harmreduction.pg.scope import acting
from sites.clients.models import DayToken, MonthToken
from sites.clients.services import count_person, forget_dead_keys, month_key_name
from sites.clients.tasks import forget_people
from sites.indicators.models import DailyCount
from sites.indicators.services import forget_counted_people, recount_due
from sites.keyring import services as keyring
from sites.releases.forgetting import cut_links, last_cut
from sites.releases.released import adds_up
from sites.releases.sealing import seal_due
from sites.visits.models import Visit
from tests.factories import at, record, ref, send
from tests.releases.counted import cells, held, plan, seal

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS_DIR = tmp_path / "keys"
    keyring._checked.clear()
    yield settings.KEYS_DIR
    keyring._checked.clear()


@pytest.fixture
def open_site(site):
    site.opened_on = date(2026, 11, 2)
    site.save()
    plan(site, unique_clients=30)
    return site


def people(site, count: int, month=date(2026, 11, 1)) -> None:
    """So many different people in a month, as tokens whose key is not ours to know."""
    MonthToken.objects.bulk_create(
        MonthToken(site=site, month=month, token=n.to_bytes(8)) for n in range(count)
    )


def test_people_are_sealed_by_month_and_their_tokens_die(open_site):
    people(open_site, 23)
    people(open_site, 3, date(2026, 12, 1))
    seal("2026-12-05 05:59")
    assert MonthToken.objects.count() == 26
    seal("2026-12-05 06:00")
    (cell,) = cells(indicator="unique_clients")
    assert (cell.grain, cell.period_start, cell.value) == ("month", date(2026, 11, 1), cell.value)
    assert cell.value in (20, 25)
    assert list(held(indicator="unique_clients").values()) == [23]
    assert set(MonthToken.objects.values_list("month", flat=True)) == {date(2026, 12, 1)}


def test_one_person_under_many_spellings_and_days_is_one(open_site, keys, django_capture_on_commit_callbacks):
    handles = ("RIVE7", "rive 7", "LUNE3", "Rive-7")
    for day, handle in enumerate(handles, start=3):
        with time_machine.travel(datetime(2026, 11, day, 17, tzinfo=UTC), tick=True):
            send(open_site, record("visit.arrived", {"visit": ref(), "handle": handle}))
    with time_machine.travel(NOON, tick=True):
        assert (keys / "S01-token-2026-11.key").exists()
    with django_capture_on_commit_callbacks(execute=True):
        seal("2026-12-05 06:00")
    assert list(held(indicator="unique_clients").values()) == [2]
    assert not (keys / "S01-token-2026-11.key").exists()
    assert not MonthToken.objects.exists()
    with time_machine.travel(at("2026-12-06 12:00"), tick=True):
        count_person(open_site, "RIVE7", date(2026, 11, 3))
    assert not MonthToken.objects.exists()


def test_a_month_that_no_plan_asks_for_is_forgotten_too(site):
    site.opened_on = date(2026, 11, 2)
    site.save()
    plan(site)
    people(site, 4)
    with time_machine.travel(at("2026-12-20 12:00"), tick=True):
        seal_due()
        assert MonthToken.objects.count() == 4
    with time_machine.travel(at("2027-01-02 12:00"), tick=True):
        seal_due()
        assert not MonthToken.objects.exists()


def test_people_who_wait_for_a_lost_key_are_not_forgotten(open_site, keys):
    seal("2026-11-05 06:00")
    people(open_site, 7)
    (keys / "S01-ledger-2026.key").rename(keys / "away")
    keyring._checked.clear()
    seal("2027-01-20 06:00")
    assert MonthToken.objects.count() == 7
    (keys / "away").rename(keys / "S01-ledger-2026.key")
    seal("2027-01-20 06:01")
    assert list(held(indicator="unique_clients", period_start=date(2026, 11, 1)).values()) == [7]
    assert not MonthToken.objects.exists()


def test_people_are_never_added_up_over_time(open_site):
    assert not adds_up("unique_clients")
    assert adds_up("visits")


def test_late_people_cannot_be_counted(open_site):
    people(open_site, 12)
    seal("2026-12-05 06:00")
    people(open_site, 5)
    seal("2027-02-01 06:00")
    assert list(held(indicator="unique_clients_late").values()) == [0]
    assert not MonthToken.objects.exists()


# --- Tokens of a day ---------------------------------------------------------------------
def test_tokens_of_a_day_die_with_its_key_and_the_figure_stays(site):
    with time_machine.travel(NOON, tick=True):
        for handle in ("RIVE7", "LUNE3"):
            send(site, record("visit.arrived", {"visit": ref(), "handle": handle}))
        recount_due()
        forget_counted_people()
        assert DayToken.objects.count() == 2
    with time_machine.travel(at("2026-11-23 12:00"), tick=True):
        forget_counted_people()
        assert not DayToken.objects.exists()
        send(site, record("visit.arrived", {"visit": ref(), "handle": "QUAI4"}, when=NOON))
        recount_due()
        counted = DailyCount.objects.get(service_date=date(2026, 11, 20), indicator="unique_clients_day")
    assert counted.value == 2


def test_tokens_that_are_not_counted_yet_wait(site):
    with time_machine.travel(NOON, tick=True):
        send(site, record("visit.arrived", {"visit": ref(), "handle": "RIVE7"}))
    with time_machine.travel(at("2026-11-23 12:00"), tick=True):
        forget_counted_people()
        assert DayToken.objects.count() == 1
        recount_due()
        forget_counted_people()
        assert not DayToken.objects.exists()


# --- Whose visit it was ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "cut"),
    [
        (date(2027, 1, 8), date(2026, 10, 31)),
        (date(2027, 1, 9), date(2026, 11, 30)),
        (date(2027, 2, 8), date(2026, 11, 30)),
        (date(2027, 2, 9), date(2026, 12, 31)),
    ],
)
def test_links_live_35_days_after_the_month_is_sealed(day, cut):
    """November is sealed on 5 December; 35 days later is 9 January."""
    assert last_cut(day) == cut


def test_the_link_from_a_visit_to_a_client_is_cut_on_schedule(site):
    with time_machine.travel(NOON, tick=True):
        agreed = {"handle": "RIVE7", "version": "3", "language": "fr"}
        send(site, record("client.agreed", agreed))
        send(site, record("visit.arrived", {"visit": ref(), "handle": "RIVE7"}))
    with time_machine.travel(at("2027-01-08 17:00"), tick=True):
        cut_links()
        assert Visit.objects.filter(client__isnull=False).count() == 1
    with time_machine.travel(at("2027-01-09 17:00"), tick=True):
        cut_links()
        assert not Visit.objects.filter(client__isnull=False).exists()
        assert Visit.objects.count() == 1


def test_two_sealers_count_people_once(committed_site):
    site = committed_site
    with transaction.atomic():
        site.opened_on = date(2026, 11, 2)
        site.save()
        plan(site, unique_clients=30)
    with transaction.atomic(), acting(sites=[site.pk]):
        people(site, 13)
    start = threading.Barrier(3)

    def work():
        start.wait()
        seal_due()
        connection.close()

    with time_machine.travel(at("2026-12-05 13:00"), tick=True):
        threads = [threading.Thread(target=work) for _ in range(3)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
    assert list(held(indicator="unique_clients").values()) == [13]
    with transaction.atomic(), acting(sites=[site.pk]):
        assert not MonthToken.objects.exists()


def test_keys_of_tokens_are_destroyed_without_being_asked(site, keys, django_capture_on_commit_callbacks):
    with time_machine.travel(NOON, tick=True):
        send(site, record("visit.arrived", {"visit": ref(), "handle": "RIVE7"}))
    with (
        time_machine.travel(at("2026-12-03 12:00"), tick=True),
        django_capture_on_commit_callbacks(execute=True),
    ):
        forget_people()
    assert [path.name for path in keys.glob("*.key")] == ["S01-handle.key"]
    assert month_key_name(date(2026, 11, 1)) == "token-2026-11"
    assert forget_dead_keys(site) == []
