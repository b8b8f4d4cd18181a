"""What last year would have been by another version of a definition."""

import pytest
import time_machine

from sites.trail.models import TrailEntry
from tests.factories import at, make_staff, send
from tests.indicators.test_counts import a_visit, an_event
from tests.reports.test_views import text

PAGE = "/dictionary/overdose_events/2/"


@pytest.fixture
def manager(site, client):
    with time_machine.travel(at("2026-11-04 15:00"), tick=True):
        for month in ("09", "10"):
            send(site, *a_visit(f"2026-{month}-12 20:00")[1])
            send(site, *an_event(f"2026-{month}-12 21:00", closed={"presentation": "mixed"})[1])
            send(site, *an_event(f"2026-{month}-13 21:00", closed={"presentation": "stimulant_toxicity"})[1])
        client.force_login(make_staff("s01-09", site, role="manager"))
        yield client


def test_months_come_one_by_one_until_all_are_there(manager):
    first = manager.get(PAGE)
    assert "1 mois recomptés sur 2" in text(first)
    assert 'content="1; url=?done=2"' in first.content.decode()
    last = manager.get(f"{PAGE}?done=2")
    assert "http-equiv" not in last.content.decode()
    assert "Octobre 2026 31 1 2 1" in text(last)
    assert "Septembre 2026 19 1 2 1" in text(last)
    assert "En tout 2 4" in text(last)
    assert TrailEntry.objects.filter(action="definition compared", about_id="overdose_events v2").exists()


def test_the_dictionary_leads_there(manager):
    assert PAGE in manager.get("/dictionary/").content.decode()


@pytest.mark.parametrize("path", ["overdose_events/1/", "overdose_events/3/", "visits/2/", "nothing/2/"])
def test_what_is_not_there_is_404(manager, path):
    assert manager.get(f"/dictionary/{path}").status_code == 404


def test_a_site_with_nothing_yet(site, client):
    client.force_login(make_staff("s01-09", site, role="manager"))
    assert "Pas encore un mois entier" in text(client.get(PAGE))
    client.force_login(make_staff("s01-08", site))
    assert client.get(PAGE).status_code == 403
