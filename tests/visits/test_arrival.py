"""Welcoming someone from the page."""

import re

import pytest
import time_machine

from sites.clients.models import Agreement
from sites.records.models import Record
from sites.trail.models import TrailEntry
from sites.trail.services import note
from sites.visits.look_ups import MOST_AN_HOUR, Door
from sites.visits.models import Visit
from tests.factories import at, make_staff, record, ref, send
from tests.visits.test_board import arrive


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]+)"', page.text)[1]


def fill(client, **typed):
    """What the browser would send of a fresh arrival sheet."""
    page = client.get("/visits/new")
    return {"record_id": hidden(page, "record_id"), "visit": hidden(page, "visit"), "act": "seat"} | typed


def test_one_tap_writes_arrival_declaration_seat_and_first_round(site, nurse):
    form = fill(nurse, handle="RIVE7", substances=["fentanyl", "cocaine"], route="inj_iv", gender="f")
    assert nurse.post("/visits/new", form).status_code == 302
    visit = Visit.objects.get(ref=form["visit"])
    assert (visit.state, visit.booth.label, visit.route, visit.gender) == ("in_booth", "1", "inj_iv", "f")
    assert visit.substances == ["fentanyl", "cocaine"]
    assert visit.handle_given
    assert visit.consumptions.get().route == "inj_iv"
    assert "Noté." in nurse.get("/").text


def test_a_doubled_submit_has_one_effect(site, nurse):
    form = fill(nurse, handle="RIVE7", substances=["fentanyl"], route="inj_iv")
    assert [nurse.post("/visits/new", form).status_code for _n in range(3)] == [302, 302, 302]
    assert Visit.objects.count() == 1
    assert Record.objects.count() == 4


def test_undo_takes_back_the_whole_tap(site, nurse):
    form = fill(nurse, substances=["fentanyl"], route="inj_iv")
    nurse.post("/visits/new", form)
    page = nurse.get("/").text
    note = page[page.index('class="note"') :]
    targets = re.findall(r'name="target" value="([^"]+)"', note)
    assert len(targets) == 4
    nurse.post(f"/records/{targets[0]}/void", {"target": targets})
    assert Visit.objects.count() == 0


def test_an_anonymous_arrival_waits_to_be_assessed(site, nurse):
    nurse.post("/visits/new", fill(nurse, act="anonymous", handle="typed by mistake"))
    visit = Visit.objects.get()
    assert (visit.state, visit.handle_given) == ("waiting", False)


def test_the_place_goes_with_the_route(site, nurse):
    nurse.post("/visits/new", fill(nurse, substances=["crack"], route="inh_smoke"))
    assert Visit.objects.get().booth.label == "5"


def test_no_place_for_the_route_means_waiting(site, nurse):
    arrive(site, route="inh_smoke", booth="5")
    form = fill(nurse, substances=["crack"], route="inh_smoke")
    page = nurse.post("/visits/new", form, follow=True)
    assert "mise en attente" in page.text
    assert Visit.objects.get(ref=form["visit"]).state == "waiting"


def test_a_seat_taken_meanwhile_keeps_the_work_and_offers_another(site, nurse):
    form = fill(nurse, handle="RIVE7", substances=["fentanyl"], route="inj_iv", booth="1")
    arrive(site, booth="1")
    page = nurse.post("/visits/new", form)
    assert page.status_code == 422
    assert "La place 2 est libre." in page.text
    assert 'value="RIVE7"' in page.text
    assert 'value="fentanyl" checked' in page.text
    assert not Visit.objects.filter(ref=form["visit"]).exists()
    assert nurse.post("/visits/new", form | {"act": "seat-2"}).status_code == 302
    assert Visit.objects.get(ref=form["visit"]).booth.label == "2"


def test_the_same_handle_asks_before_a_second_visit(site, nurse):
    first = fill(nurse, handle="rive-7", substances=["fentanyl"], route="inj_iv")
    nurse.post("/visits/new", first)
    second = fill(nurse, handle="RIVE7", act="wait")
    page = nurse.post("/visits/new", second)
    assert page.status_code == 422
    assert "Déjà à la place 1 depuis" in page.text
    assert f"/visits/{first['visit']}/" in page.text
    assert Visit.objects.count() == 1
    assert TrailEntry.objects.filter(action="handle.looked_up").count() == 2
    assert nurse.post("/visits/new", second | {"someone_else": "1"}).status_code == 302
    assert Visit.objects.count() == 2


def test_the_handle_is_written_nowhere(site, nurse):
    nurse.post("/visits/new", fill(nurse, handle="ZZTOPSECRET"))
    assert not Record.objects.filter(data__icontains="ZZTOP").exists()
    assert not TrailEntry.objects.filter(about_id__icontains="ZZTOP").exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"time": "23:99"}, "Écrire l’heure comme 14 h 05."),
        ({"time": "midi"}, "Écrire l’heure comme 14 h 05."),
        ({"substances": ["plutonium"], "route": "inj_iv"}, "Ce choix n’existe pas"),
        ({"substances": ["fentanyl"]}, "obligatoire"),
        ({"booth": "99"}, "Cette place n’existe pas"),
        ({"handle": "a" * 61, "act": "wait"}, "60"),
        ({"handle": "a\x00b", "act": "wait"}, "ne peut pas être gardé"),
    ],
)
def test_bad_work_is_refused_in_plain_words_and_kept(site, nurse, typed, words):
    form = fill(nurse, act="seat") | typed
    page = nurse.post("/visits/new", form)
    assert page.status_code == 422
    assert words in page.text
    assert Visit.objects.count() == 0


def test_bytes_that_are_no_text_are_refused(site, nurse):
    body = b"act=wait&gender=%ED%A0%80&substances=%00&record_id=%ff&next=%ed%a0%80"
    for path in ("/visits/new", "/turnaways/new", f"/visits/{arrive(site)}/check", "/language"):
        page = nurse.generic("POST", path, body, "application/x-www-form-urlencoded")
        assert page.status_code in (400, 422), path


@time_machine.travel("2026-11-20 22:00Z", tick=False)
def test_a_late_entry_has_its_own_time(site, nurse):
    nurse.post("/visits/new", fill(nurse, act="wait", time="14 h 05"))
    assert Visit.objects.get().arrived_at == at("2026-11-20 19:05")


@time_machine.travel("2026-11-20 22:00Z", tick=False)
def test_a_time_still_to_come_is_refused(site, nurse):
    page = nurse.post("/visits/new", fill(nurse, act="wait", time="18:05"))
    assert page.status_code == 422
    assert "pas encore venue" in page.text


def test_a_body_too_large_is_refused(site, nurse):
    page = nurse.post("/visits/new", {"handle": "a" * (1024 * 1024 + 1)})
    assert page.status_code in (400, 413)
    fields = {f"x{n}": "1" for n in range(600)}
    assert nurse.post("/visits/new", fields).status_code in (400, 413)


def test_a_turn_away_is_a_reason_and_a_count(site, nurse):
    assert nurse.post("/turnaways/new", {"reason": "full", "count": "2"}).status_code == 302
    assert Record.objects.get().data == {"reason": "full", "count": 2}


@pytest.mark.parametrize(
    "typed", [{"reason": "x"}, {"reason": "full", "count": "0"}, {"reason": "full", "count": "²"}]
)
def test_a_turn_away_that_cannot_be_is_refused(site, nurse, typed):
    assert nurse.post("/turnaways/new", typed).status_code == 422
    assert Record.objects.count() == 0


def test_one_visit_cannot_arrive_twice_under_other_records(site, nurse):
    form = fill(nurse, act="wait")
    nurse.post("/visits/new", form)
    again = nurse.post("/visits/new", form | {"record_id": ref()})
    assert again.status_code == 422


@pytest.mark.parametrize(
    ("typed", "known"),
    [({"agreed": "en"}, True), ({"agreed": ""}, False), ({"agreed": "fr", "act": "anonymous"}, False)],
)
def test_only_who_agreed_at_the_door_is_known_again(site, nurse, typed, known):
    assert "Entente v1 expliquée" in nurse.get("/visits/new").text
    form = fill(nurse, handle="RIVE7") | typed
    assert [nurse.post("/visits/new", form).status_code for _n in range(2)] == [302, 302]
    assert (Visit.objects.get().client_id is not None) is known
    assert list(Agreement.objects.values_list("version", "language")) == ([("1", "en")] if known else [])


def test_an_agreement_in_no_language_we_know_is_not_written(site, nurse):
    answer = nurse.post("/visits/new", fill(nurse, handle="RIVE7", agreed="klingon"))
    assert answer.status_code == 422
    assert not Visit.objects.exists()
    assert not Agreement.objects.exists()


def looks() -> int:
    return TrailEntry.objects.filter(action=Door.DESK, actor="s01-01").count()


def looked_up(site, times: int) -> None:
    for _look in range(times):
        note(Door.TABLET, actor="s01-01", site_id=site.pk)


@pytest.fixture
def kept_away(site):
    """RIVE7 agreed to be known again, and a measure of a colleague is in force."""
    by = make_staff("s01-02", site).code
    send(
        site,
        record("client.agreed", {"handle": "RIVE7", "version": "1", "language": "fr"}, by=by),
        record("breach.recorded", {"handle": "RIVE7", "code": "threats", "action": "leave_today"}, by=by),
    )


@pytest.mark.parametrize("read", [{}, {"someone_else": "1"}, {"anyway": "1"}])
def test_whoever_may_be_told_something_leaves_a_look(site, nurse, kept_away, read):
    nurse.post("/visits/new", fill(nurse, handle="RIVE7", act="wait") | read)
    assert looks() == 1


def test_who_read_it_all_is_told_nothing_and_looks_no_one_up(site, nurse, kept_away):
    form = fill(nurse, handle="RIVE7", act="wait", someone_else="1", anyway="1")
    assert nurse.post("/visits/new", form).status_code == 302
    assert looks() == 0


@pytest.mark.parametrize("read", [{}, {"someone_else": "1"}])
def test_after_twenty_looks_without_an_arrival_work_goes_on_and_nothing_is_told(site, nurse, kept_away, read):
    looked_up(site, MOST_AN_HOUR)
    form = fill(nurse, handle="RIVE7", act="wait") | read
    page = nurse.post("/visits/new", form, follow=True)
    assert Visit.objects.filter(ref=form["visit"]).exists()
    assert looks() == 0
    assert "ni mesure ni alerte" in page.text


def test_an_arrival_gives_one_look_back(site, nurse, kept_away):
    looked_up(site, MOST_AN_HOUR)
    nurse.post("/visits/new", fill(nurse, act="anonymous"))
    asked = [nurse.post("/visits/new", fill(nurse, handle="RIVE7", act="wait")) for _n in range(2)]
    assert [answer.status_code for answer in asked] == [422, 302]
