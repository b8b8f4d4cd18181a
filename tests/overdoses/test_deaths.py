"""A death is told to the manager at once, and to the authority before the site's own deadline."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sites.overdoses.deaths import undeclared
from sites.overdoses.models import AuthorityNotice
from tests.factories import record, send
from tests.overdoses.story import Event


@pytest.fixture
def died(site):
    event = Event()
    closed = event.closed(0, outcome="death_site")["data"]
    hour_ago = timezone.now() - timedelta(hours=1)
    opened = record("overdose.opened", {"event": event.ref, "location": "booth", "booth": "4"}, when=hour_ago)
    send(site, opened, record("overdose.closed", closed, when=hour_ago + timedelta(minutes=30)))
    return event


def test_the_manager_is_told_on_every_page_and_the_team_is_not(died, signed_in, client):
    manager = signed_in("manager")
    for page in ("/", "/reports/", "/review/"):
        assert "Décès noté" in manager.get(page, follow=True).content.decode(), page
    assert "Décès noté" not in signed_in("worker").get("/").content.decode()


def test_the_deadline_runs_from_the_closing_until_it_is_declared(site, died, signed_in):
    site.death_notice_hours = 24
    site.save()
    (death,) = undeclared(site)
    assert death.due_at == died.row().closed_at + timedelta(hours=24)
    assert not death.late
    manager = signed_in("manager")
    assert "À déclarer avant" in manager.get("/review/").content.decode()
    for _ in range(2):
        assert manager.post(f"/overdoses/{died.ref}/declared", {"reference": "D-12"}).status_code == 302
    notice = AuthorityNotice.objects.get()
    assert (notice.reference, notice.told_by) == ("D-12", "s01-manager")
    assert undeclared(site) == []
    assert "Décès" not in manager.get("/review/").content.decode()


def test_an_old_death_stays_to_declare_where_a_deadline_is_set(site):
    event, month_ago = Event(), -30 * 24 * 60
    send(site, event.opened(month_ago), event.closed(month_ago + 30, outcome="death_later"))
    assert undeclared(site) == []
    site.death_notice_hours = 24
    assert [(death.event.ref, death.late) for death in undeclared(site)] == [(event.row().ref, True)]


def test_only_a_death_is_declared_and_not_by_everyone(site, died, signed_in):
    assert signed_in("nurse").post(f"/overdoses/{died.ref}/declared").status_code == 403
    other = Event()
    send(site, other.opened(), other.closed(30))
    assert signed_in("manager").post(f"/overdoses/{other.ref}/declared").status_code == 404
