"""An alert helps to care for someone who agreed: said on arrival, over by itself, of nobody after that."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine

from harmreduction.pg.scope import acting
from sites.clients.models import Agreement, Client
from sites.logbook.alerts import in_force, said_on_arrival
from sites.logbook.models import ClientAlert
from sites.logbook.tasks import forget_ended_links
from sites.places.queries import day_bounds, today
from sites.records.handles import handle_code
from sites.records.models import Record
from sites.trail.models import TrailEntry
from sites.visits.look_ups import MOST_AN_HOUR, Door
from sites.visits.models import Visit
from tests.factories import make_staff, record, send

WORDS = "Allergie au latex"
NEW = "/logbook/new/alert"


@pytest.fixture
def nurse(site):
    return make_staff("s01-nur", site, "nurse")


@pytest.fixture
def agreed(site):
    send(site, record("client.agreed", {"handle": "Rive 7", "version": "1", "language": "fr"}))
    return Client.objects.at(site).get()


def tell(site, by="s01-nur", **more):
    data = {"handle": "rive-7", "alert": "allergy_latex", **more}
    (receipt,) = send(site, record("client.alerted", data, by=by))
    return receipt


def after(site, days: int) -> str:
    return (today(site) + timedelta(days=days)).isoformat()


def arrive(client, **more):
    return client.post("/visits/new", {"handle": "Rive 7", "act": "wait", **more})


def test_it_is_read_once_on_arrival_and_stands_on_the_sheet(site, nurse, agreed, signed_in):
    assert tell(site).status == "created"
    client = signed_in("worker")
    answer = arrive(client)
    assert answer.status_code == 422
    assert WORDS in answer.text
    assert "Refus à l’entrée" not in answer.text
    assert not Visit.objects.at(site).exists()
    assert arrive(client, anyway="1").status_code == 302
    visit = Visit.objects.at(site).get()
    assert WORDS in client.get(f"/visits/{visit.ref}/").text


def test_it_lasts_thirty_days_when_nobody_says_and_half_a_year_at_most(site, nurse, agreed):
    assert tell(site).status == "created"
    assert ClientAlert.objects.get().until == today(site) + timedelta(days=30)
    assert tell(site, until=after(site, 180)).status == "created"
    for days in (181, -1):
        assert tell(site, until=after(site, days)).status == "invalid"


def test_it_ends_by_itself_and_forgets_whom_it_was_about(site, nurse, agreed):
    tell(site, until=after(site, 2))
    code = handle_code(site, "Rive 7")
    end = day_bounds(site, today(site) + timedelta(days=2))[1]
    with time_machine.travel(end - timedelta(minutes=1), tick=False):
        forget_ended_links()
        assert [care.said.partition(" (")[0] for care in said_on_arrival(site, code)] == [WORDS]
    with time_machine.travel(end, tick=False):
        assert said_on_arrival(site, code) == []
        forget_ended_links()
    assert ClientAlert.objects.get().client is None


@pytest.mark.parametrize("role", ["worker", "peer", "security"])
def test_only_who_answers_for_care_sets_one(site, agreed, signed_in, role):
    make_staff(f"s01-{role[:3]}", site, role)
    assert tell(site, by=f"s01-{role[:3]}").status == "invalid"
    assert signed_in(role).get(NEW).status_code == 403
    assert not ClientAlert.objects.exists()


def test_of_who_never_agreed_nothing_is_kept(site, nurse, client):
    assert tell(site).status == "invalid"
    client.force_login(nurse)
    answer = client.post(NEW, {"handle": "Rive 7", "alert": "allergy_latex"})
    assert answer.status_code == 422
    assert 'value="Rive 7"' in answer.text
    assert not ClientAlert.objects.exists()


def test_whom_it_is_about_is_looked_up_and_so_many_times_an_hour(site, nurse, agreed, client):
    client.force_login(nurse)
    typed = {"handle": "Rive 7", "alert": "allergy_latex"}
    for number in range(MOST_AN_HOUR):
        assert client.post(NEW, typed | {"handle": f"Onde {number}"}).status_code == 422
    assert TrailEntry.objects.filter(action=Door.DESK, actor=nurse.code, about="person").count() == 20
    answer = client.post(NEW, typed)
    assert answer.status_code == 422
    assert "Vingt recherches" in answer.text
    assert not ClientAlert.objects.exists()


@pytest.mark.parametrize(
    "typed", ["<script>x()</script>", "\ud800", "\x00", "é" * 900, "9999-12-31", "other"]
)
def test_no_text_stands_beside_a_person(site, nurse, agreed, client, typed):
    client.force_login(nurse)
    for field in ("alert", "until"):
        sent = urlencode({"handle": "Rive 7", "alert": "moving", field: typed}, errors="surrogatepass")
        answer = client.post(NEW, sent, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 422
    assert tell(site, notes="un nom").status == "invalid"
    assert not ClientAlert.objects.exists()


def test_the_page_writes_it_and_the_carnet_offers_it_to_whom_it_may(site, nurse, agreed, client, signed_in):
    client.force_login(nurse)
    assert NEW in client.get("/logbook/").text
    typed = {"handle": "Rive 7", "alert": "moving", "until": after(site, 9)}
    assert client.post(NEW, typed).status_code == 302
    row = ClientAlert.objects.get()
    assert (row.client, row.alert, row.until) == (agreed, "moving", today(site) + timedelta(days=9))
    assert "handle" not in Record.objects.get(record_id=row.record_id).data
    assert NEW not in signed_in("worker").get("/logbook/").text


def test_a_correction_still_knows_whom_and_a_void_takes_it_away(site, nurse, agreed):
    target = tell(site).id
    for data, until in (({"until": after(site, 5)}, 5), ({"until": None}, 30)):
        change = {"target": target, "data": data, "reason": "revue"}
        assert send(site, record("record.corrected", change, by="s01-nur"))[0].status == "created"
        (row,) = in_force(site)
        assert (row.client, row.until) == (agreed, today(site) + timedelta(days=until))
    send(site, record("record.voided", {"target": target, "reason": "erreur"}, by="s01-nur"))
    assert not ClientAlert.objects.exists()


def test_who_takes_back_their_agreement_takes_the_alert_along(site, nurse, agreed):
    tell(site)
    target = str(Agreement.objects.get().record_id)
    send(site, record("record.voided", {"target": target, "reason": "demandé"}))
    assert not in_force(site).exists()
    assert ClientAlert.objects.get().client is None


def test_another_site_says_nothing_of_it(site, other_site, nurse, agreed):
    tell(site)
    with acting(sites=[other_site.pk]):
        assert said_on_arrival(other_site, handle_code(other_site, "Rive 7")) == []
