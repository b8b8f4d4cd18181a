"""Statements run in the scope of the moment, told to the database only when one is needed."""

import pytest
from django.db import DataError, connection, transaction

from harmreduction.pg import base
from harmreduction.pg.prepared import ask
from harmreduction.pg.scope import RELEASE, acting

pytestmark = pytest.mark.django_db(transaction=True)
SEEN = "select current_user, current_setting('app.sites')"


def seen(cursor) -> tuple:
    cursor.execute(SEEN)
    return cursor.fetchone()


def test_a_cursor_that_is_kept_runs_in_the_scope_of_now():
    with transaction.atomic(), connection.cursor() as cursor:
        assert seen(cursor) == ("scs_app", "")
        with acting(sites=[1, 2]):
            assert seen(cursor) == ("scs_app", "1,2")
            with acting(role=RELEASE):
                assert seen(cursor) == ("scs_release", "1,2")
        assert seen(cursor) == ("scs_app", "")


def test_what_a_rollback_undid_is_told_again():
    with transaction.atomic(), connection.cursor() as cursor, acting(sites=[1]):
        mark = transaction.savepoint()
        with acting(sites=[2]):
            assert seen(cursor) == ("scs_app", "2")
            transaction.savepoint_rollback(mark)
            assert seen(cursor) == ("scs_app", "2")
        assert seen(cursor) == ("scs_app", "1")


def test_a_failed_statement_leaves_the_scope_behind_it_right():
    with transaction.atomic(), connection.cursor() as cursor, acting(sites=[1]):
        with pytest.raises(DataError), transaction.atomic(), acting(sites=[2]):
            cursor.execute("select 1 / 0")
        assert seen(cursor) == ("scs_app", "1")


def test_the_next_transaction_begins_without_the_sites_of_the_last():
    with transaction.atomic(), acting(sites=[7]), connection.cursor() as cursor:
        assert seen(cursor) == ("scs_app", "7")
    with transaction.atomic(), connection.cursor() as cursor:
        assert seen(cursor) == ("scs_app", "")


def test_rows_read_in_pieces_and_copied_are_of_the_scope_too():
    with transaction.atomic(), acting(sites=[3]):
        with connection.chunked_cursor() as cursor:
            assert seen(cursor) == ("scs_app", "3")
        with connection.cursor() as cursor, cursor.copy(f"copy ({SEEN}) to stdout") as rows:
            assert b"".join(bytes(row) for row in rows) == b"scs_app\t3\n"


def test_a_scope_in_which_nothing_is_asked_costs_nothing():
    with transaction.atomic(), connection.cursor() as cursor:
        seen(cursor)
        told = connection.connection.told
        before = told.sent
        with acting(sites=[1]), acting(sites=[2]):
            pass
        assert told.sent is before


def test_the_scope_goes_with_the_statement_and_its_answer_stays_unseen(monkeypatch):
    monkeypatch.setattr(base, "tell", None)  # by itself would be one round trip more
    with transaction.atomic(), acting(token="50%"), connection.cursor() as cursor:
        with acting(sites=[1]):
            cursor.execute("select 'a%' as sign, current_setting('app.sites') union all select 'b', 'c'")
            assert [column.name for column in cursor.description] == ["sign", "current_setting"]
            assert (cursor.rowcount, cursor.fetchall()) == (2, [("a%", "1"), ("b", "c")])
        cursor.execute("select %s || '%%', current_setting('app.token')", ["a"])
        assert cursor.fetchall() == [("a%", "50%")]


def test_a_prepared_statement_runs_in_the_scope_of_now():
    with transaction.atomic():
        for site in (1, 2, 3):
            with acting(sites=[site]):
                assert ask(SEEN) == [("scs_app", str(site))]
            with acting(role=RELEASE):
                assert ask(SEEN) == [("scs_release", "")]
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_prepared_statements where statement = %s", [SEEN])
        assert cursor.fetchone() == (1,)


def test_what_a_statement_told_by_itself_holds_until_another_scope_is_wanted():
    with transaction.atomic(), connection.cursor() as cursor:
        with acting(token="t"):
            ask("select set_config('app.sites', '4', true), set_config('app.token', '', true)")
            connection.heard_scope(sites=(4,), token="")
        with acting(sites=[4]):
            assert seen(cursor) == ("scs_app", "4")
        assert seen(cursor) == ("scs_app", "")
