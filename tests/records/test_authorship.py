from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from sites.overdoses.models import ResponseStep
from sites.people.models import Staff
from sites.places.models import DirtyMark
from sites.records.authorship import confirm
from sites.records.history import history_of
from sites.records.models import Authorship, Record
from sites.records.queries import to_confirm
from sites.trail.models import TrailEntry
from tests.factories import make_staff, record, ref, send


@pytest.fixture
def event(site):
    """An overdose begun on a locked tablet."""
    event, at = ref(), timezone.now() - timedelta(minutes=5)
    send(
        site,
        record("overdose.opened", {"event": event, "location": "booth"}, by=None, when=at),
        record(
            "overdose.step", {"event": event, "step": "stimulation"}, by=None, when=at + timedelta(minutes=1)
        ),
    )
    return event


def client_of(code, site, role="nurse"):
    client = Client()
    client.force_login(Staff.objects.filter(code=code).first() or make_staff(code, site, role))
    return client


def ids(site):
    return [str(one) for one in to_confirm(site).values_list("record_id", flat=True)]


def test_what_was_noted_without_a_name_is_confirmed_by_its_author(site, event):
    nurse = client_of("s01-01", site)
    page = nurse.get("/review/confirm/").text
    assert "Surdose présumée : geste" in page
    assert "sans nom" in page
    assert nurse.post("/review/confirm/", {"record": ids(site), "said": "mine"}).status_code == 302
    assert "Rien à confirmer" in nurse.get("/review/confirm/").text
    assert ResponseStep.objects.get().by == "s01-01"
    assert {line.author for line in history_of(site, event)} == {"Personne s01-01"}
    assert TrailEntry.objects.filter(action="record.confirmed", actor="s01-01", why="s01-01").count() == 2


def test_the_record_itself_stays_as_it_was_sent(site, event):
    before = list(Record.objects.order_by("id").values())
    client_of("s01-01", site).post("/review/confirm/", {"record": ids(site), "said": "mine"})
    assert list(Record.objects.order_by("id").values()) == before


def test_a_day_whose_authors_were_confirmed_is_counted_again(site, event):
    DirtyMark.objects.all().delete()
    client_of("s01-01", site).post("/review/confirm/", {"record": ids(site), "said": "mine"})
    assert DirtyMark.objects.at(site).exists()


def test_a_shift_lead_says_that_it_was_a_colleague(site, event):
    lead = client_of("s01-04", site, "shift_lead")
    form = {"record": ids(site)[1:], "said": "colleague"}
    lead.post("/review/confirm/", form | {"author": "s09-99"})
    assert not Authorship.objects.exists()
    lead.post("/review/confirm/", form | {"author": "s01-01"})
    assert ResponseStep.objects.get().by == "s01-01"
    assert len(ids(site)) == 1
    assert "Auteur à confirmer <span" in lead.get("/review/").text


def test_what_is_not_of_the_team_is_withdrawn_and_its_trace_stays(site, event):
    lead = client_of("s01-04", site, "shift_lead")
    lead.post("/review/confirm/", {"record": ids(site), "said": "not_us"})
    assert ids(site) == []
    assert not ResponseStep.objects.exists()
    assert Record.objects.filter(kind="overdose.opened").exists()
    assert TrailEntry.objects.filter(action="record.disowned").count() == 2


def test_nobody_signs_for_a_colleague_who_is_no_lead(site):
    make_staff("s01-02", site, "worker")
    visit = ref()
    send(site, record("visit.arrived", {"visit": visit}))
    worker = client_of("s01-02", site)
    doubted = doubt(site, record("visit.checked", {"visit": visit}))
    assert doubted not in worker.get("/review/confirm/").text
    worker.post("/review/confirm/", {"record": [doubted], "said": "mine"})
    assert not Authorship.objects.exists()
    assert worker.post("/review/confirm/", {"record": [doubted], "said": "not_us"}).status_code == 403
    assert doubted in client_of("s01-01", site).get("/review/confirm/").text


def doubt(site, sent) -> str:
    """One that came under a name that was not proven."""
    record = Record.objects.order_by("-id").first()
    record.pk, record.record_id, record.kind, record.flags = None, sent["id"], sent["kind"], ["to_confirm"]
    record.data = sent["data"]
    record.save()
    return sent["id"]


def test_saying_it_twice_is_saying_it_once(site, event):
    nurse = Staff.objects.get(code="s01-01")
    wanted = ids(site)
    assert confirm(site, wanted, author="s01-01", by=nurse) == 2
    assert confirm(site, wanted, author="s01-01", by=nurse) == 0


def test_another_sites_lead_settles_nothing_here(site, event, other_site):
    theirs = make_staff("s02-04", other_site, "shift_lead")
    client = Client()
    client.force_login(theirs)
    client.post("/review/confirm/", {"record": ids(site), "said": "not_us"})
    assert len(ids(site)) == 2
