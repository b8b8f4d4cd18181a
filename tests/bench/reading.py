"""Pages and reports: what they take with a month of history, and with years of it."""

import time
from collections.abc import Callable
from contextlib import contextmanager
from statistics import median

from django.db import connection, transaction
from django.test import Client

from harmreduction.pg.scope import acting
from sites.indicators.services import recount
from sites.people.models import Staff
from sites.people.services import hire, post
from sites.places.models import Site
from sites.places.queries import last_closed_day
from sites.reports.services import build
from tests.people.signed_in import with_both_factors

BOARD = "/"
PAGES = (BOARD, "/reports/", "/dashboard/", "/trends/", "/review/", "/stock/", "/dictionary/")
TIMES = 7


def a_manager(site: Site, code: str = "bench-mgr") -> Staff:
    with transaction.atomic(), acting(sites=[site.pk]):
        staff = hire(code=code, display_name="Mesure", role="manager", by="bench")
        post(staff, site, by="bench")
    return staff


def signed_in(staff: Staff) -> Client:
    client = Client(SERVER_NAME="localhost")
    with transaction.atomic():
        with_both_factors(client, staff)
    return client


@contextmanager
def counted():
    """Statements of the block."""
    seen: list[str] = []

    def note(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


def ms(act: Callable[[], object], times: int = TIMES) -> float:
    """Median of some, after one that warms up."""
    act()
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        took.append((time.perf_counter() - begun) * 1000)
    return median(took)


def pages(client: Client) -> dict[str, tuple[int, float]]:
    """Of each page: statements, savepoints aside, and ms in the server."""
    found = {}
    for path in PAGES:
        with counted() as statements:
            assert client.get(path).status_code == 200, path
        asked = [sql for sql in statements if not sql.startswith(("SAVEPOINT", "RELEASE"))]
        found[path] = (len(asked), ms(lambda path=path: client.get(path)))
    return found


def report_ms(site: Site) -> float:
    """One day counted again and its report looked at anew, as after a late record."""

    def again() -> None:
        day = last_closed_day(site)
        recount(site, [day], write_all=True)
        build(site, [day])

    return ms(again)
