"""Every look at a client, an event or a file and every write leaves its row, or is refused with it."""

from contextlib import contextmanager
from copy import deepcopy

import pytest
from django.db import connection, transaction

from harmreduction.pg.scope import acting, as_owner
from sites.people.routes import routes
from sites.trail.models import TrailEntry
from tests.security.living import Living, make_living
from tests.security.mutating import of_tablet
from tests.security.probing import filled, things_in
from tests.security.walking import PLAIN, every_form, plausible, read

# Things that are no one's: stock, tablets, a file by whoever brought it, and a hold by whoever placed it.
NOBODYS = {"stock/stock", "stock/transfers", "setup/tablets", "imports/imports", "retention/holds"}
LOOKS = [
    route
    for route in routes()
    if "GET" in route["methods"] and "<uuid:" in route["path"]
    and not NOBODYS.intersection(things_in(route["path"]))
]  # fmt: skip
FEW = [
    "/visits/new", "/shift/", "/setup/rooms/new", "/warnings/new", "/releases/recipients/new", "/me/access/",
    "/context/new", "/stock/receive/",
]  # fmt: skip
# Written at each page, and no fact: sessions, counters of guesses, when someone was last seen.
NOT_FACTS = {"scs_trailentry", "scs_staffsession", "scs_cache", "scs_wrongpin", "scs_heartbeat", "scs_device"}
RECORDS = "/api/v1/records"
WRITTEN = (
    "select relname, n_tup_ins + n_tup_upd + n_tup_del from pg_stat_xact_user_tables"
    " where n_tup_ins + n_tup_upd + n_tup_del > 0"
)


@pytest.fixture(scope="module")
def living(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        with acting(sites=()):
            made = make_living()
            made.people  # noqa: B018 - signed in once, for all tests
        yield made
        transaction.set_rollback(True)


def rows(living: Living) -> int:
    with acting(sites=[living.place.site.pk, living.other.site.pk]):
        return TrailEntry.objects.count()


@contextmanager
def no_row_can_be_written():
    """As when the disk is full, or someone took the right away."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("revoke insert on scs_trailentry from scs_app")
    yield
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("grant insert on scs_trailentry to scs_app")


@pytest.mark.django_db
@pytest.mark.parametrize("route", LOOKS, ids=lambda route: route["path"])
def test_a_look_is_one_row_and_without_the_row_there_is_no_look(living, route):
    client, path = living.opens(route), filled(route["path"], living.place)
    before = rows(living)
    shown = client.get(path)
    assert shown.status_code == 200, path
    assert rows(living) == before + 1
    an_hour_later(living)
    with no_row_can_be_written():
        refused = client.get(path)
    assert refused.status_code >= 500
    assert not any(word in refused.text for word in living.place.canaries if word not in path)


def an_hour_later(living: Living) -> None:
    """What asks by itself leaves one row an hour."""
    with as_owner(), acting(sites=[living.place.site.pk]), connection.cursor() as cursor:
        cursor.execute("alter table scs_trailentry disable trigger user")
        cursor.execute("update scs_trailentry set at = at - interval '2 hours'")
        cursor.execute("alter table scs_trailentry enable trigger user")


# --- Writes ------------------------------------------------------------------------------
def written() -> dict[str, int]:
    """How many rows were written so far in each table of facts."""
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        return {table: count for table, count in cursor.fetchall() if table not in NOT_FACTS}


@pytest.mark.django_db
def test_a_record_of_each_kind_is_a_row_and_without_the_row_it_is_not_kept(living):
    sent = [one for one in of_tablet(living) if one.path == RECORDS]
    assert len(sent) > 20
    for one in sent:
        told, kept = rows(living), written()
        with no_row_can_be_written():
            assert one.go().status_code >= 500, one.typed
        assert rows(living) == told
        receipts = one.go().json()["receipts"]
        # Kept only now, so that it was not before.
        assert [receipt["status"] != "duplicate" for receipt in receipts] == [True], one.typed
        assert rows(living) == told + 1, one.typed
        assert written() != kept


@pytest.mark.django_db
def test_a_write_is_a_row_and_without_the_row_there_is_no_write(living):
    assert len(write_everywhere(living, FEW)) > 5


@pytest.mark.full
@pytest.mark.django_db
def test_every_form_of_every_page_is_a_row(living):
    assert len(write_everywhere(living, PLAIN)) > 60


def write_everywhere(living: Living, begin: list[str]) -> set[str]:
    """Post each form found once, and once more when no row can be written; the addresses that wrote."""
    wrote, untold, let_through = set(), [], []
    for client, page, form in every_form(living.people.values(), begin):
        before, told = written(), rows(living)
        with taken_back(client):
            answer = client.post(form.action, form.filled(plausible))
            assert answer.status_code < 500, form.action
            # What is refused may have been written and taken back.
            changed = answer.status_code in (200, 302) and written() != before
            if changed and rows(living) == told:
                untold.append((form.key[0], {t for t, n in written().items() if n != before.get(t)}))
        if changed:
            wrote.add(form.key[0])
            let_through += _let_through(client, page.path, form.key)
    assert untold == []
    assert let_through == []
    return wrote


@contextmanager
def taken_back(client):
    """What is done inside was never done, so that a form that signs someone out hides no other."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = cookies


def _let_through(client, path: str, key: tuple) -> list:
    """The same form from its page again, when no row can be written: the act must fail."""
    again = [form for form in read(path, client.get(path)).forms if form.key == key]
    with taken_back(client), no_row_can_be_written():
        answers = [client.post(form.action, form.filled(plausible)) for form in again[:1]]
    return [(key[0], answer.status_code) for answer in answers if answer.status_code in (200, 302)]
