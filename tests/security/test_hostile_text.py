"""Hostile texts typed into every field of every form: nothing runs in a page, nothing computes in a file."""

from collections.abc import Iterator

import pytest
from django.test import Client

from harmreduction.pg.scope import acting
from sites.people.models import Staff
from tests.factories import make_staff, sure
from tests.imports.bringing import VISITS, as_csv, bring, checked
from tests.security.hostile import (
    FORMULAS,
    RAN,
    SCRIPTS,
    Runs,
    Texts,
    formulas_in,
    holding,
    type_into_every_form,
)
from tests.security.living import Living, make_living
from tests.security.walking import PLAIN, Page, walk

FEW = [
    "/visits/new", "/context/new", "/setup/rooms/new", "/warnings/new", "/shift/", "/setup/site/",
    "/setup/tablets/", "/stock/receive/", "/releases/recipients/new", "/setup/staff/new", "/setup/booths/new",
]  # fmt: skip
SHOWN = [
    "/", "/setup/rooms/", "/shift/", "/setup/site/", "/setup/tablets/", "/stock/", "/oversight/trail/",
    "/releases/recipients/", "/setup/staff/", "/trends/", "/oversight/trail/csv", "/stock/order/?format=csv",
    "/releases/disclosures/csv",
]  # fmt: skip
# Of no person: what to order, the signed end of the trail, how a register may look.
UNASKED = {
    "/stock/order/", "/oversight/head", "/imports/sample/visits.csv", "/imports/sample/overdoses.csv",
}  # fmt: skip
FILES = ("text/csv", "application/vnd.openxmlformats")


@pytest.fixture
def living(db):
    with acting(sites=()):
        yield make_living()


def shown(living: Living, begin: list[str]) -> Iterator[tuple[str, Page]]:
    """Every page and file that someone of ours can open: (role, page)."""
    for role, client in living.newcomers().items():
        for page in walk(client, begin=begin, follow=begin is PLAIN):
            yield role, page


def judged(living: Living, begin: list[str]) -> list[tuple[str, str]]:
    """(role, path) of the files, once nothing was found in them or in any page."""
    files = []
    for role, page in shown(living, begin):
        kind = page.answer.headers["Content-Type"]
        if kind.startswith("text/html"):
            assert Runs(page.answer.content.decode()).found == [], page.path
        elif kind.startswith(FILES):
            assert formulas_in(page.answer.getvalue()) == [], page.path
        if "attachment" in page.answer.headers.get("Content-Disposition", ""):
            files.append((role, page.path))
    return files


def test_what_is_typed_stays_text_in_pages_and_in_files(living):
    both = [f"={script}" for script in SCRIPTS if len(script) < 60][::9]
    type_into_every_form(living, Texts("formula", both), FEW)
    assert len(holding(living, RAN)) > 8
    assert len(judged(living, SHOWN)) >= 3


@pytest.mark.full
def test_four_hundred_scripts_and_three_hundred_formulas(living):
    """Through every form again and again, until each was typed; every page and file read each time."""
    for kind, every in (("script", SCRIPTS), ("formula", FORMULAS)):
        texts = Texts(kind, every)
        while not texts.all_used:
            type_into_every_form(living, texts)
        files = judged(living, PLAIN)
        assert {path.rpartition("/")[2].partition("?")[0] for _role, path in files} >= {"csv", "xlsx"}
    assert len(SCRIPTS) >= 400
    assert len(FORMULAS) >= 300
    unasked = [path for role, path in files if not _asks(living, role, path)]
    assert {path.partition("?")[0] for path in unasked} <= UNASKED


def test_a_register_of_formulas_is_given_back_as_text(site, client):
    """All of them, as the cells of the rows that an import could not take."""
    imported = checked(bring(site, "visits", as_csv(VISITS, [[one, *[""] * 6] for one in FORMULAS])))
    client.force_login(make_staff("s01-mgr", site, "manager"))
    answer = sure(client).get(f"/imports/{imported.ref}/problems.csv")
    body = answer.getvalue()
    assert len(formulas_in(body.replace(b"\n'", b"\n").replace(b",'", b","))) > 150
    assert formulas_in(body) == []


def _asks(living: Living, role: str, path: str) -> bool:
    """Whether someone who has not given the password of late is asked for it first."""
    client = Client(raise_request_exception=False)
    client.force_login(make_staff(f"q{Staff.objects.count()}", living.place.site, role))
    answer = client.get(path)
    return answer.status_code == 302 and "/reauthenticate/" in answer.url


def test_the_judges_see_what_would_run_or_compute():
    assert Runs("<p onclick='x'>").found
    assert Runs("<script>x()</script>").found
    assert Runs("<a href=' javascript:x'>").found
    assert not Runs('<script id="x" type="application/json">{}</script>').found
    assert not Runs("<p>&lt;script&gt;x&lt;/script&gt;</p><script src='/a.js'></script>").found
    assert formulas_in(b"a,b\n1,=1+1\n") == ["=1+1"]
    assert formulas_in(b"a;b\n-1;'=1+1\n") == []
