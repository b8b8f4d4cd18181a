"""From one shift to the next: what is open, what is said, who takes it."""

import re

import pytest

from sites.people.pins import set_pin
from sites.shifts.models import HandOver, Remark
from sites.trail.models import TrailEntry
from tests.factories import make_staff, record, ref, send
from tests.releases.published import main, signed_in

PIN = "482915"


@pytest.fixture
def lead(site):
    return signed_in(site, "shift_lead")


@pytest.fixture
def following(site):
    staff = make_staff("s01-90", site, role="shift_lead")
    set_pin(staff, PIN, by=staff.code)
    return staff


def say(lead, text: str, **more):
    return lead.post("/shift/remarks", {"text": text} | more)


def sign(lead, code="s01-90", pin=PIN, **more):
    return lead.post("/shift/signed", {"taken_by": code, "pin": pin} | more)


def test_the_page_tells_what_is_open(site, lead):
    page = main(lead.get("/shift/"))
    assert "Rien de noté." in page
    visit = ref()
    send(site, record("visit.arrived", {"visit": visit}))
    page = main(lead.get("/shift/"))
    assert f"/visits/{visit}/" in page


def test_a_remark_stays_until_it_is_settled(site, lead):
    assert say(lead, "La porte de la place 3 ferme mal.").status_code == 302
    assert "La porte de la place 3" in main(lead.get("/shift/"))
    remark = Remark.objects.get()
    lead.post(f"/shift/remarks/{remark.ref}/settled")
    assert "La porte de la place 3" not in main(lead.get("/shift/"))
    assert Remark.objects.get().settled_by == "shift_lead-fr-ca"


def test_a_remark_sent_twice_is_one(lead):
    same = {"record_id": ref(), "subject": ref()}
    assert say(lead, "Une fois.", **same).status_code == 302
    assert say(lead, "Une fois.", **same).status_code == 302
    assert Remark.objects.count() == 1


def test_an_empty_remark_is_refused_and_a_long_one_is_kept_typed(lead):
    assert say(lead, "").status_code == 422
    long = "é" * 300
    answer = say(lead, long)
    assert answer.status_code == 422
    assert long in main(answer)
    assert not Remark.objects.exists()


def test_the_next_lead_signs_with_a_pin(site, lead, following):
    say(lead, "Compter les trousses.")
    assert sign(lead).status_code == 302
    given = HandOver.objects.get()
    assert (given.given_by, given.taken_by, given.counts["remarks"]) == ("shift_lead-fr-ca", "s01-90", 1)
    page = main(lead.get("/shift/"))
    assert "Compter les trousses." in page
    assert re.search(r"<td>s01-90</td>", page)


def test_a_wrong_pin_signs_nothing_and_five_pause(lead, following):
    for _ in range(4):
        assert "Ce n’est pas le code" in main(sign(lead, pin="111111"))
    assert "Cinq codes faux" in main(sign(lead, pin="111111"))
    assert sign(lead).status_code == 422
    assert not HandOver.objects.exists()
    assert TrailEntry.objects.filter(action="pin paused", actor="desk").count() == 1


@pytest.mark.parametrize("code", ["", "shift_lead-fr-ca", "s01-01", "nobody", "é"])
def test_only_another_lead_of_the_site_takes_it(site, lead, following, code):
    answer = sign(lead, code=code)
    assert answer.status_code == 422
    assert "Choisir qui prend le quart." in main(answer)


def test_a_remark_of_another_site_is_not_found(lead, other_site):
    lead.post(f"/shift/remarks/{ref()}/settled")
    assert not Remark.objects.exists()


def test_who_does_not_lead_does_not_see_it(site):
    assert signed_in(site, "peer").get("/shift/").status_code == 403
