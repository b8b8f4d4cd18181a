import os

import hypothesis
import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client, TransactionTestCase
from whitenoise.middleware import WhiteNoiseMiddleware

from harmreduction.pg.scope import acting, as_owner
from tests import factories
from tests.people.signed_in import with_both_factors

pytest_plugins = ["tests.browser.fixtures", "tests.releases.published"]

# The same examples every time, so that what passed passes again; `HYPOTHESIS=seek` looks for new ones.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("seek", deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS", "steady"))

# What migrations wrote, which every test starts from.
SEEDED = {"scs_codevalue", "scs_product", "django_migrations", "django_content_type", "auth_permission"}
TRIES = 5
# Folders of tests that start and end processes of their own.
OF_PROCESSES = {"chaos", "engines", "hosts", "journeys", "operations"}
NEVER_EMPTIED = "select tgrelid::regclass::text from pg_trigger where tgname = 'never_emptied'"


def pytest_collection_modifyitems(items):
    """A real browser or process may lose one race with a busy machine; losing it twice is a fault.

    The summary names each test that was run again (R): a name seen there twice is to be mended.
    """
    for item in items:
        if "chromium" in item.fixturenames or item.path.parent.name in OF_PROCESSES:
            item.add_marker(pytest.mark.flaky(reruns=1))


def empty_the_database(_case) -> None:
    """What Django's flush cannot do here: the application role may not truncate, nor may the trail be.

    A page that asked just before its browser closed is still answered, and the two may wait for each other.
    """
    for left in reversed(range(TRIES)):
        try:
            _truncate()
        except OperationalError:
            if not left:
                raise
        else:
            return


def _truncate() -> None:
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - SEEDED
        cursor.execute(NEVER_EMPTIED)
        guarded = [table for (table,) in cursor.fetchall()]
        for table in guarded:
            cursor.execute(f"alter table {table} disable trigger never_emptied")
        cursor.execute(f"truncate {', '.join(sorted(tables))} restart identity cascade")
        for table in guarded:
            cursor.execute(f"alter table {table} enable trigger never_emptied")


def found_once(add_files):
    """Each test's client makes its own middleware, and each of those would look through every folder."""
    files = {}

    def add_found(middleware):
        if not files:
            add_files(middleware)
            files.update(middleware.files)
        middleware.files = dict(files)

    return add_found


WhiteNoiseMiddleware.add_files_from_finders = found_once(WhiteNoiseMiddleware.add_files_from_finders)
TransactionTestCase._fixture_teardown = empty_the_database
Client.force_login = with_both_factors


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Argon2 is slow on purpose; the tests are not about it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def site(db):
    """A site with an injection room (booths 1–4) and an inhalation room (booth 5), in sight."""
    made = factories.make_site("S01")
    with acting(sites=[made.pk]):
        yield made


@pytest.fixture
def other_site(db):
    return factories.make_site("S02")


@pytest.fixture
def committed_site(transactional_db):
    """The same, committed, for tests with threads, servers or browsers; emptied afterwards."""
    with transaction.atomic():
        made = factories.make_site("S01")
    with acting(sites=[made.pk]):
        yield made
