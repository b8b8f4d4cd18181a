import pytest

from sites.records.models import Record
from tests.factories import make_staff, record, ref, send
from tests.visits.test_board import ago, arrive


@pytest.fixture
def lead(site, client):
    client.force_login(make_staff("s01-07", site, role="shift_lead"))
    return client


def test_nothing_to_review_says_so(site, lead):
    assert "Rien à revoir. Merci." in lead.get("/review/").text


def test_what_waits_is_grouped_with_its_reason(site, lead):
    arrive(site, 5, booth="1")
    second = arrive(site, 4)
    send(
        site,
        record("visit.seated", {"visit": second, "booth": "1"}),
        record("visit.assessed", {"visit": second, "substances": ["plutonium"], "route": "inj_iv"}),
        record("visit.checked", {"visit": ref()}),
        record("visit.arrived", {"visit": ref()}, by="nobody"),
        record("visit.arrived", {"visit": ref()}, by=None),
    )
    page = lead.get("/review/")
    for words in (
        "En conflit",
        "À corriger",
        "En attente d’une autre saisie",
        "Mises de côté",
        "Auteur à confirmer",
    ):
        assert words in page.text, words
    assert "La place 2 est libre." in page.text
    assert '<span class="count num">5</span>' in page.text


def test_settling_takes_it_off_the_list(site, lead):
    send(site, record("visit.checked", {"visit": ref()}))
    held = Record.objects.get()
    assert lead.post(f"/review/{held.record_id}/settle").status_code == 302
    assert "Rien à revoir. Merci." in lead.get("/review/").text
    assert lead.post(f"/review/{held.record_id}/settle").status_code == 404


def test_a_conflict_is_taken_again_once_it_fits(site, lead):
    first = arrive(site, 5, booth="1")
    second = arrive(site, 4)
    send(site, record("visit.seated", {"visit": second, "booth": "1"}, when=ago(2)))
    kept = Record.objects.get(status="conflict")
    lead.post(f"/review/{kept.record_id}/again")
    assert "Toujours refusé" in lead.get("/review/").text
    send(site, record("visit.closed", {"visit": first, "discharge_to": "home"}, when=ago(3)))
    lead.post(f"/review/{kept.record_id}/again")
    assert Record.objects.filter(kind="visit.seated", status="created", by="s01-07").count() == 1
    assert "En conflit" not in lead.get("/review/").text


def test_an_open_event_waits_to_be_finished(site, lead):
    send(site, record("overdose.opened", {"event": ref(), "location": "perimeter"}))
    page = lead.get("/review/").text
    assert "Surdoses présumées à finir" in page
    assert "Abords du site" in page


def test_a_nurse_has_no_review_list(site, client):
    client.force_login(make_staff("s01-06", site))
    assert client.get("/review/").status_code == 403
